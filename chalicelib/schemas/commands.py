"""The shape of a command in an order's history."""

from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, PlainSerializer

from chalicelib.domain.orders.commands import CommandRecord
from chalicelib.domain.plain_json import number
from chalicelib.schemas.base import Out, left_out
from chalicelib.schemas.values import InstantOut


def _as_json(value: Any) -> Any:
    """The payload of a command, with decimals at any depth as JSON numbers."""
    if isinstance(value, Decimal):
        return number(value)
    if isinstance(value, dict):
        return {name: _as_json(field) for name, field in value.items()}
    if isinstance(value, list):
        return [_as_json(item) for item in value]
    return value


class CommandOut(Out):
    """A command: its actor, its times of device and server, the statuses before and after it, and its reason.

    `terminal_id` is the shared terminal on which it was given; it is left out where there was none.
    The field `from` has an alias because it is a reserved word in Python.
    """

    id: str
    command: str
    target: str
    actor: str
    at: InstantOut
    received_at: InstantOut
    source: str | None = Field(alias="from")
    to: str | None
    reason: str | None
    terminal_id: str | None = left_out()
    changes: Annotated[dict[str, Any], PlainSerializer(_as_json, return_type=dict[str, Any])]


def command_out(record: CommandRecord) -> CommandOut:
    """Show a command."""
    return CommandOut.model_validate(record)
