"""Priorities of issues."""

from enum import StrEnum


class Priority(StrEnum):
    """The priority of an issue, from the lowest to the highest."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    CRITICAL = "critical"

    def or_higher(self, other: "Priority") -> "Priority":
        """The higher of two priorities."""
        return max(self, other, key=list(Priority).index)
