"""Flows: what a stage needs from the stage before, and the check that it uses no more pieces than that stage made."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.priorities import Priority


class Flow(StrEnum):
    """How the stages of an order depend on each other.

    free: any stage may start. sequential: the stage before must be done. streaming: the stage before must have good
    pieces, and a stage never uses more than those. "The stage before" is the nearest earlier one that is not skipped.
    """

    FREE = "free"
    SEQUENTIAL = "sequential"
    STREAMING = "streaming"


@dataclass(frozen=True)
class Progress:
    """The progress of a stage as stored in the head of its order. The head tells how far the order is.

    It is also enough to know whether the next stage is ready. `taken` is the number of pieces it used from the stage
    before: its good, its scrap and its open rework. `open_issues` are the priorities of its unresolved issues; None
    if they are not known.
    """

    status: StageStatus = StageStatus.PLANNED
    good: Decimal = Decimal(0)
    taken: Decimal = Decimal(0)
    open_issues: tuple[Priority, ...] | None = None


def upstream(stages: Sequence[Progress], position: int) -> int | None:
    """The position of the nearest earlier stage that is not skipped; None if there is none."""
    before = range(position - 1, 0, -1)
    return next((earlier for earlier in before if stages[earlier - 1].status is not StageStatus.SKIPPED), None)


def last_position(stages: Sequence[Progress]) -> int | None:
    """The position of the last stage that is not skipped: its good pieces are the order's. None if there is none."""
    return upstream(stages, len(stages) + 1)


def waits_for(flow: Flow, stages: Sequence[Progress], position: int) -> int | None:
    """The position of the earlier stage that this stage must wait for; None if this stage is ready."""
    before = None if flow is Flow.FREE else upstream(stages, position)
    if before is None:
        return None
    given = stages[before - 1]
    ready = given.status is StageStatus.DONE if flow is Flow.SEQUENTIAL else given.good > 0
    return None if ready else before


def overdrawn(flow: Flow, stages: Sequence[Progress]) -> int | None:
    """The position of the first stage that used more pieces than the stage before made good; None if none.

    Only a streaming flow is checked.
    """
    if flow is not Flow.STREAMING:
        return None
    for position, stage in enumerate(stages, start=1):
        before = upstream(stages, position)
        if before is not None and stage.status is not StageStatus.SKIPPED and stage.taken > stages[before - 1].good:
            return position
    return None
