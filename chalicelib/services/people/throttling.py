"""Throttling: an attempt is counted for its name at its address and for its address, also where many come at once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib import clock
from chalicelib.domain.people.names import login_name
from chalicelib.domain.people.throttling import PER_ADDRESS, PER_NAME, Counter, refuse_blocked
from chalicelib.services.retries import until_won
from chalicelib.storage import table
from chalicelib.storage.items import Item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.people import throttles
from chalicelib.storage.table import Check, Put

Counted = tuple[Key, Key]
"""Where the counters of an attempt are: of its name at its address, and of its address."""


@dataclass(frozen=True)
class Attempt:
    """An attempt with its counters as they were read: its outcome is written on the condition that none has moved."""

    name: tuple[Key, Counter]
    address: tuple[Key, Counter]
    at: datetime

    def failed(self) -> list[Put]:
        """What is written when it fails."""
        (name_key, name), (address_key, address) = self.name, self.address
        return [
            throttles.put(name_key, name.after_failure(self.at, PER_NAME)),
            throttles.put(address_key, address.after_failure(self.at, PER_ADDRESS)),
        ]

    def passed(self) -> tuple[list[Put], list[Check]]:
        """What is written and checked when it succeeds: the failures of the name are forgiven, not the address's."""
        key, name = self.name
        # Whatever moves the name's counter moves the address's too.
        unmoved = [throttles.unmoved(*self.address)]
        return ([throttles.put(key, name.forgiven(self.at))] if name.version else []), unmoved


def counted(tenant: str, what: str, username: str, address: str) -> Counted:
    """Where the counters of an attempt are. A name is told by its digest: a password lands in its field some day."""
    name = hashlib.sha256(login_name(username).encode()).hexdigest()
    return keys.throttle_of_name(tenant, what, address, name), keys.throttle_of_address(what, address)


def attempt(found: Mapping[Key, Item], counters: Counted, now: datetime) -> Attempt:
    """Begin an attempt, whose counters are among what was read. Raises TooManyAttempts."""
    name, address = ((key, throttles.read(found, key, now)) for key in counters)
    refuse_blocked((name[1], address[1]), now)
    return Attempt(name, address, now)


def spend(counters: Counted) -> None:
    """Count an attempt whatever becomes of it. Raises TooManyAttempts. Costs a read and a transaction."""

    def count() -> None:
        found = table.batch_get(counters)
        table.transact(attempt(found, counters, clock.now()).failed())

    until_won(count)
