"""Flows: what a stage needs of the one before it, and the law that nothing comes out of it that did not go in."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.orders.issues import Priority
from chalicelib.domain.orders.statuses import StageStatus


class Flow(StrEnum):
    """How the stages of an order depend on each other.

    free: any stage may start. sequential: the stage before must be done. streaming: the stage before must have good
    pieces, and a stage never books more than those. "Before" is the nearest one that is not skipped.
    """

    FREE = "free"
    SEQUENTIAL = "sequential"
    STREAMING = "streaming"


@dataclass(frozen=True)
class Progress:
    """What the head of an order tells of a stage: whether the next one is ready, and how far the order is.

    `taken` is how many pieces of the stage before it has used up: its good, its scrap and its open rework.
    `open_issues` are the priorities of its issues that nobody has resolved; None where they are not known.
    """

    status: StageStatus = StageStatus.PLANNED
    good: Decimal = Decimal(0)
    taken: Decimal = Decimal(0)
    open_issues: tuple[Priority, ...] | None = None


def upstream(stages: Sequence[Progress], position: int) -> int | None:
    """The position of the nearest stage before that is not skipped; None where there is none."""
    before = range(position - 1, 0, -1)
    return next((each for each in before if stages[each - 1].status is not StageStatus.SKIPPED), None)


def waits_for(flow: Flow, stages: Sequence[Progress], position: int) -> int | None:
    """The position of the stage that has yet to give what this one needs; None where it is ready."""
    before = None if flow is Flow.FREE else upstream(stages, position)
    if before is None:
        return None
    given = stages[before - 1]
    ready = given.status is StageStatus.DONE if flow is Flow.SEQUENTIAL else given.good > 0
    return None if ready else before


def overdrawn(flow: Flow, stages: Sequence[Progress]) -> int | None:
    """The position of a stage that in a streaming flow has used up more than the stage before gave; None where none."""
    if flow is not Flow.STREAMING:
        return None
    for position, stage in enumerate(stages, start=1):
        before = upstream(stages, position)
        if before is not None and stage.status is not StageStatus.SKIPPED and stage.taken > stages[before - 1].good:
            return position
    return None
