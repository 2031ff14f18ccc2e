"""Throttling: each attempt is counted for its name at its address, for its address, and for its name everywhere.

An attempt from a known device, where the user is signed in, is also counted for that device. Only the device's counter
can block it, so nobody can block a user's own phone by guessing. Attempts at the same time are counted one after
another.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.digests import digest
from chalicelib.domain.people.names import login_name
from chalicelib.domain.people.throttling import (
    OF_SIGN_IN,
    Bounds,
    refuse_blocked,
)
from chalicelib.services.retries import until_won
from chalicelib.storage import writes
from chalicelib.storage.people import throttles
from chalicelib.storage.people.throttles import Counters, Places
from chalicelib.storage.writes import Write

NOTHING = Write()


@dataclass(frozen=True)
class Attempt:
    """An attempt with its counters. Its outcome is written only if none of them has changed since they were read."""

    counters: Counters
    at: datetime
    bounds: Bounds

    def failed(self) -> Write:
        """The write of a failure."""
        bounds = zip(self.counters, self.bounds, strict=True)
        moves = (throttles.move(kept, kept.counter.after_failure(self.at, most)) for kept, most in bounds if kept)
        return sum(moves, Write())

    def passed(self) -> Write:
        """The write of a success: it resets the failures of the name at this address and of the device.

        A block is not ended: it lasts for its full time.
        """
        name, address, everywhere, device = self.counters
        # Each attempt that changes the counters of the name or the device changes these two too.
        unmoved = throttles.unmoved(address) + throttles.unmoved(everywhere)
        own = [kept for kept in (name, device) if kept and kept.counter.version]
        forgiven = [kept for kept in own if not kept.counter.is_blocked(self.at)]
        return sum((throttles.move(kept, kept.counter.forgiven(self.at)) for kept in forgiven), unmoved)


def counted(tenant: str, what: str, username: str, address: str, device_id: str | None = None) -> Places:
    """The keys of the counters of an attempt. `device_id` is the device that the attempt claims to come from.

    The name is stored as a digest, because people sometimes type a password into its field.
    """
    return throttles.places(tenant, what, name_of(username), address, device_id)


def name_of(username: str) -> str:
    """The digest under which the attempts of a username are counted."""
    return digest(login_name(username).encode(), bits=256)


def attempt(counters: Counters, now: datetime, *, is_known: bool = False, bounds: Bounds | None = None) -> Attempt:
    """Begin an attempt. `is_known` says that it really comes from that device. Raises TooManyAttempts.

    The bounds are those of sign-in, if no others are given.
    """
    if not is_known:
        counters = counters._replace(device=None)
    blocking = [counters.device] if counters.device else [counters.name, counters.address, counters.everywhere]
    refuse_blocked((kept.counter for kept in blocking), now)
    return Attempt(counters, now, bounds or OF_SIGN_IN)


def spend(places: Places, beside: Write = NOTHING) -> None:
    """Count an attempt, also if it succeeds, and write what is `beside` it. Raises TooManyAttempts.

    Costs a read and a transaction.
    """

    def count() -> None:
        now = clock.now()
        writes.commit(attempt(throttles.find(places, now), now).failed() + beside)

    until_won(count)
