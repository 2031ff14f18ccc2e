"""Throttling: each attempt is counted for its name at its address, for its address and for its name everywhere.

An attempt from a known device, where the person is signed in, is counted for that device too, and only the device's
counter can block it: nobody can lock somebody out of their own phone by guessing. Many at once are counted like one
after another.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.digests import digest
from chalicelib.domain.people.names import login_name
from chalicelib.domain.people.throttling import (
    PER_ADDRESS,
    PER_DEVICE,
    PER_NAME,
    PER_NAME_EVERYWHERE,
    refuse_blocked,
)
from chalicelib.services.retries import until_won
from chalicelib.storage import writes
from chalicelib.storage.people import throttles
from chalicelib.storage.people.throttles import Counters, Places
from chalicelib.storage.writes import Write


@dataclass(frozen=True)
class Attempt:
    """An attempt with its counters as they were read: its outcome is written on the condition that none has moved."""

    counters: Counters
    at: datetime

    def failed(self) -> Write:
        """What is written when it fails."""
        bounds = zip(self.counters, (PER_NAME, PER_ADDRESS, PER_NAME_EVERYWHERE, PER_DEVICE), strict=True)
        moves = (throttles.move(kept, kept.counter.after_failure(self.at, most)) for kept, most in bounds if kept)
        return sum(moves, Write())

    def passed(self) -> Write:
        """What is written and checked when it succeeds: failures of the name here and of the device are forgiven.

        A block is not: whoever made it goes on waiting.
        """
        name, address, everywhere, device = self.counters
        # Whatever moves the counters of the name and of the device moves these two too.
        unmoved = throttles.unmoved(address) + throttles.unmoved(everywhere)
        own = [kept for kept in (name, device) if kept and kept.counter.version]
        forgiven = [kept for kept in own if not kept.counter.is_blocked(self.at)]
        return sum((throttles.move(kept, kept.counter.forgiven(self.at)) for kept in forgiven), unmoved)


def counted(tenant: str, what: str, username: str, address: str, device_id: str | None = None) -> Places:
    """Where the counters of an attempt are; `device_id` is that of the device it says it comes from.

    A name is told by its digest: a password lands in its field some day.
    """
    return throttles.places(tenant, what, digest(login_name(username).encode(), bits=256), address, device_id)


def attempt(counters: Counters, now: datetime, *, is_known: bool = False) -> Attempt:
    """Begin an attempt; `is_known` tells that it does come from that device. Raises TooManyAttempts."""
    if not is_known:
        counters = counters._replace(device=None)
    blocking = [counters.device] if counters.device else [counters.name, counters.address, counters.everywhere]
    refuse_blocked((kept.counter for kept in blocking), now)
    return Attempt(counters, now)


def spend(places: Places) -> None:
    """Count an attempt whatever becomes of it. Raises TooManyAttempts. Costs a read and a transaction."""

    def count() -> None:
        now = clock.now()
        writes.commit(attempt(throttles.find(places, now), now).failed())

    until_won(count)
