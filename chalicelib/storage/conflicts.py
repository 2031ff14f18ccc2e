"""Conflicts: errors of a write that others prevented."""

from collections.abc import Iterable

from chalicelib.storage.keys.shape import Key


class ConditionFailed(Exception):
    """The condition of a write was not met. `keys` are the items whose condition was not met."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = frozenset(keys)
        super().__init__(", ".join(f"{key.pk} {key.sk}" for key in self.keys))


class Collision(Exception):
    """Another transaction wrote the same items at the same moment. Nothing was written."""
