"""Timers: what must be looked at again at an instant, written together with what makes it so.

No command deletes a timer. Whoever takes one that is due looks whether there is still something to do.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Watched(StrEnum):
    """What a timer is about."""

    ORDER = "order"
    STAGE = "stage"
    ISSUE = "issue"
    MACHINE = "machine"
    MACHINE_HOUR = "machine_hour"


@dataclass(frozen=True)
class Timer:
    """An order, a stage, an issue, a machine or an hour of a machine that must be looked at when it is due.

    `planned_end` is that of the order when the timer was written. `hour` is the hour of the machine. `since` is when
    the server heard that the stage is done. Each is None for others. `unreadable` says why the timer could not be read;
    only `due_at` and `id` are known then.
    """

    tenant: str
    subject: Watched
    id: str
    due_at: datetime
    planned_end: datetime | None = None
    hour: datetime | None = None
    since: datetime | None = None
    unreadable: str | None = None

    @property
    def about(self) -> str:
        """What it is about, among all of its subject in the tenant."""
        return self.id if self.hour is None else f"{self.id}/{self.hour:%Y-%m-%dT%H}"
