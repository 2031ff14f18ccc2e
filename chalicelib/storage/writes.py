"""Writes: the content of one transaction. Writes are joined with `+`; services need not know their items."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.domain.errors import TakipError
from chalicelib.storage import table
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.table import Check, Put


@dataclass(frozen=True)
class Write:
    """Items to put, keys to delete, conditions to check, and the error for each key that already exists.

    `takes` are keys to delete that must exist: of several writes that take an item only one is done.
    """

    puts: tuple[Put, ...] = ()
    deletes: tuple[Key, ...] = ()
    checks: tuple[Check, ...] = ()
    taken: Mapping[Key, TakipError] = field(default_factory=dict)
    takes: tuple[Key, ...] = ()

    def __add__(self, other: "Write") -> "Write":
        """Both writes, as one transaction."""
        return Write(
            self.puts + other.puts,
            self.deletes + other.deletes,
            self.checks + other.checks,
            {**self.taken, **other.taken},
            self.takes + other.takes,
        )


def commit(write: Write) -> None:
    """Write all or nothing. Nothing to write is no request: DynamoDB refuses a transaction without actions.

    Raises the error of a key that already exists, ConditionFailed or Collision.
    """
    if write == Write():
        return
    try:
        table.transact(write.puts, write.deletes, checks=write.checks, takes=write.takes)
    except ConditionFailed as failed:
        raise next((error for key, error in write.taken.items() if key in failed.keys), failed) from None


class Rehearsal:
    """A series of dry runs: each is refused a key that already exists or that one before it would create."""

    def __init__(self) -> None:
        self._taken: set[Key] = set()

    def commit(self, write: Write) -> None:
        """Raise the error for a key that already exists; write nothing. Costs a read."""
        existing = {*table.batch_get(write.taken), *self._taken}
        for key, error in write.taken.items():
            if key in existing:
                raise error
        self._taken.update(write.taken)
