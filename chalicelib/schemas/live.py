"""The shapes of live messages: where to hear them."""

from chalicelib.domain.telling import live
from chalicelib.schemas.base import Body, Out, left_out
from chalicelib.schemas.values import InstantOut, Line


class HearLive(Body):
    """The line whose board a person wants to hear of; null or left out: the whole plant. A screen hears of its own."""

    line: Line | None = None


class TopicsOut(Out):
    """The topics that the caller may subscribe to, exactly as they are; what is not theirs is left out.

    `board` has the whole state of a board, as GET /board answers it, also for those who come later. `user` says that
    the caller's own work changed, `issues` that issues did, `orders` that orders or stages did; they hold only `at`.
    """

    board: str | None = left_out()
    user: str | None = left_out()
    issues: str | None = left_out()
    orders: str | None = left_out()


class AddressOut(Out):
    """A signed WebSocket address that speaks MQTT 3.1.1, until when it is good, and how a client's id must begin.

    `expires_in` is the same in seconds from now.
    """

    url: str
    expires_at: InstantOut
    expires_in: int
    client_prefix: str
    topics: TopicsOut


class LiveOut(Out):
    """Where to hear what changes; `live` is null where Takip runs without AWS IoT: then ask again and again."""

    live: AddressOut | None


def live_out(address: live.Address | None) -> LiveOut:
    """Show an address, or that there is none."""
    return LiveOut(live=None if address is None else AddressOut.model_validate(address))
