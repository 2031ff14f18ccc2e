"""Markers: written together with a change, they say which aggregates must be recomputed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from chalicelib.domain.intervals import Interval, local_day


@dataclass(frozen=True)
class MachineHour:
    """One hour of device time of one machine. `hour` is its start in UTC."""

    machine_id: str
    hour: datetime


@dataclass(frozen=True)
class IssueDay:
    """A local day on which something became of an issue, or no longer did."""

    issue_id: str
    day: date


class Fate(StrEnum):
    """What becomes of messages in quarantine: they are taken in again, deleted, or only written as today's are."""

    TAKE_IN = "take_in"
    DELETE = "delete"
    REWRITE = "rewrite"


@dataclass(frozen=True)
class Clearing:
    """Messages in quarantine, and what shall become of them.

    Those of a machine (None: of all), with a reason of this code (None: any), sent in [since, until) (None: no end).
    One run may not have the time for all of them. `after` is the place of the last one that was seen, and `began` when
    the first one was.
    """

    fate: Fate
    machine_id: str | None = None
    code: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    after: str = ""
    began: datetime | None = None


@dataclass(frozen=True)
class Marker:
    """What changed of a tenant: orders, local days, days of issues, machine-hours, boards; or what to do in quarantine.

    `touched` is from the first to the last instant whose days an order's change may affect, both included (None: it
    affects no day). `at` is when machine-hours or clearings were marked (None: long ago). `request_ids` are the
    requests that changed it. `unreadable` says why a marker could not be read; such a marker names nothing.
    """

    id: str
    tenant: str
    order_ids: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    issue_days: tuple[IssueDay, ...] = ()
    machine_hours: tuple[MachineHour, ...] = ()
    clearings: tuple[Clearing, ...] = ()
    boards: bool = False
    touched: Interval | None = None
    at: datetime | None = None
    request_ids: tuple[str, ...] = ()
    unreadable: str | None = None


def days_of(issue_id: str, moments: Iterable[datetime], timezone: str) -> tuple[IssueDay, ...]:
    """The local days of these instants of an issue, each once."""
    return tuple(IssueDay(issue_id, day) for day in sorted({local_day(moment, timezone) for moment in moments}))
