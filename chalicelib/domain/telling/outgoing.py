"""Outgoing events: those of one transaction, which wait until they are sent."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.telling.events import Event


@dataclass(frozen=True)
class Outgoing:
    """Events that were written together at `at`, for the requests with these ids.

    `unreadable` says why they could not be read; there are no events then.
    """

    id: str
    at: datetime
    events: tuple[Event, ...] = ()
    request_ids: tuple[str, ...] = ()
    unreadable: str | None = None
