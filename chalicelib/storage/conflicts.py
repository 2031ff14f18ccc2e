"""Conflicts: why a write was not made, where others were there first."""

from collections.abc import Iterable

from chalicelib.storage.keys.shape import Key


class ConditionFailed(Exception):
    """A write's condition did not hold; `keys` are the items whose condition it was."""

    def __init__(self, keys: Iterable[Key]) -> None:
        self.keys = frozenset(keys)
        super().__init__(", ".join(f"{key.pk} {key.sk}" for key in self.keys))


class Collision(Exception):
    """Another transaction was at the same items at the same moment; nothing was written."""
