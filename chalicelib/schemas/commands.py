"""The shape of a command in an order's history."""

from typing import Any

from chalicelib.domain.commands import CommandRecord
from chalicelib.schemas.base import InstantOut, Out


class CommandOut(Out):
    """Who did what, when (on the device and on arrival), from which status to which, and why."""

    id: str
    command: str
    target: str
    actor: str
    at: InstantOut
    received_at: InstantOut
    source: str | None
    to: str | None
    reason: str | None
    changes: dict[str, Any]


def command_out(record: CommandRecord) -> dict[str, Any]:
    """Show a command; `from` is a word that Python keeps to itself."""
    shown = CommandOut.model_validate(record).plain()
    return {"from": shown.pop("source"), **shown}
