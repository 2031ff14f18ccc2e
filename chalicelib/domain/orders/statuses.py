"""Statuses of orders and stages."""

from enum import StrEnum


class OrderStatus(StrEnum):
    """The status of an order. Held is not a status but a flag."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"

    @property
    def closed(self) -> bool:
        """Whether the order is done or cancelled."""
        return self in {OrderStatus.DONE, OrderStatus.CANCELLED}


class StageStatus(StrEnum):
    """The status of a stage. It is in progress exactly while a session is open."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    PAUSED = "paused"
    DONE = "done"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def ended(self) -> bool:
        """Whether the stage is done, skipped or cancelled."""
        return self in {StageStatus.DONE, StageStatus.SKIPPED, StageStatus.CANCELLED}
