"""Throttling: an attempt is counted for its name at its address and for its address, also where many come at once."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.digests import digest
from chalicelib.domain.people.names import login_name
from chalicelib.domain.people.throttling import PER_ADDRESS, PER_NAME, refuse_blocked
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
        name, address = self.counters
        return throttles.move(name, name.counter.after_failure(self.at, PER_NAME)) + throttles.move(
            address, address.counter.after_failure(self.at, PER_ADDRESS)
        )

    def passed(self) -> Write:
        """What is written and checked when it succeeds: the failures of the name are forgiven, not the address's."""
        name, address = self.counters
        # Whatever moves the name's counter moves the address's too.
        unmoved = throttles.unmoved(address)
        return throttles.move(name, name.counter.forgiven(self.at)) + unmoved if name.counter.version else unmoved


def counted(tenant: str, what: str, username: str, address: str) -> Places:
    """Where the counters of an attempt are. A name is told by its digest: a password lands in its field some day."""
    return throttles.places(tenant, what, digest(login_name(username).encode(), bits=256), address)


def attempt(counters: Counters, now: datetime) -> Attempt:
    """Begin an attempt. Raises TooManyAttempts."""
    refuse_blocked((counters.name.counter, counters.address.counter), now)
    return Attempt(counters, now)


def spend(places: Places) -> None:
    """Count an attempt whatever becomes of it. Raises TooManyAttempts. Costs a read and a transaction."""

    def count() -> None:
        now = clock.now()
        writes.commit(attempt(throttles.find(places, now), now).failed())

    until_won(count)
