"""The outbox: what others are told is written in the transaction of what happened, so that nothing is lost."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib import ids
from chalicelib.domain.telling.events import Event
from chalicelib.domain.telling.outgoing import Outgoing
from chalicelib.observability import requests
from chalicelib.storage.telling import outbox
from chalicelib.storage.writes import Write


def recorded(events: Sequence[Event], now: datetime) -> Write:
    """The write of events, for the transaction of what they tell of. It is one item; without events it is nothing.

    `now` is the server's time.
    """
    return outbox.put(Outgoing(ids.new(), now, tuple(events), requests())) if events else Write()
