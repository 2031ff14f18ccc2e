"""The shapes of commands that a phone collected while it was offline."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.schemas.base import Body
from chalicelib.schemas.contract import Shown
from chalicelib.schemas.values import Instant, Line, Many

MOST_COMMANDS = 100


class OfflineCommand(Body):
    """One command. `id` is its idempotency key, `payload` the body of its own endpoint.

    `target` is a stage; of the command `note` it is an issue.
    """

    id: Annotated[str, Field(pattern=r"^[\x20-\x7e]{1,128}$")]
    command: Line
    target: Line
    payload: dict[str, Any] = Field(default_factory=dict)
    at: Instant | None = None


class Synchronise(Body):
    """Commands in the order in which they were given.

    Each is checked on its own: a wrong one does not stop the others. `sent_at` is the time of the phone at which it
    sends the batch, taken anew each time: the times of a wrong clock are corrected by it.
    """

    commands: Annotated[Many[Annotated[Any, Shown(OfflineCommand)]], Field(min_length=1, max_length=MOST_COMMANDS)]
    sent_at: Instant | None = None
