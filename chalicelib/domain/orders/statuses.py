"""Statuses: where an order and a stage stand."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """Where an order stands; that it is held is a flag beside it."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def closed(self) -> bool:
        """Whether nothing more is to be done."""
        return self in {OrderStatus.DONE, OrderStatus.CANCELLED}


class StageStatus(StrEnum):
    """Where a stage stands: in progress exactly while a session is open, paused when the last one closed."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    DONE = "done"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether nothing more is to be done."""
        return self in {StageStatus.DONE, StageStatus.SKIPPED, StageStatus.CANCELLED}
