"""The shape of a command in an order's history."""

from typing import Any

from pydantic import ConfigDict, Field

from chalicelib.domain.commands import CommandRecord
from chalicelib.schemas.base import InstantOut, Out


class CommandOut(Out):
    """Who did what, when (on the device and on arrival), from which status to which, and why.

    `from` is a word that Python keeps to itself.
    """

    model_config = ConfigDict(serialize_by_alias=True)

    id: str
    command: str
    target: str
    actor: str
    at: InstantOut
    received_at: InstantOut
    source: str | None = Field(serialization_alias="from")
    to: str | None
    reason: str | None
    changes: dict[str, Any]


def command_out(record: CommandRecord) -> dict[str, Any]:
    """Show a command."""
    return CommandOut.model_validate(record).plain()
