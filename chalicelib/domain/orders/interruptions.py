"""Interruptions: the times for which a stage was blocked, or an order held. They split a delay by its causes."""

from collections.abc import Iterable

from chalicelib.domain.intervals import Interval, merged

MOST_KEPT = 100

Kept = tuple[Interval, ...] | None
"""Times that are over, merged. None if they are not known: it was opened by an earlier release, or they were too many.

They are kept with the stage or the order, so that they cost no request. So their number is limited.
"""


def lengthened(known: Kept, over: Iterable[Interval]) -> Kept:
    """The times together with those that are over now. Not known if they would be more than are kept."""
    if known is None:
        return None
    kept = tuple(merged([*known, *over]))
    return kept if len(kept) <= MOST_KEPT else None
