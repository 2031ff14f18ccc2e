"""Markers: written together with a change, they say which aggregates must be recomputed."""

from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.intervals import Interval


@dataclass(frozen=True)
class MachineHour:
    """One hour of device time of one machine. `hour` is its start in UTC."""

    machine_id: str
    hour: datetime


@dataclass(frozen=True)
class Marker:
    """What changed: orders, local days, or machine-hours of one tenant.

    `touched` is from the first to the last instant whose days an order's change may affect, both included (None: it
    affects no day). `at` is when machine-hours were marked (None: long ago). `unreadable` says why a marker could not
    be read; such a marker names nothing.
    """

    id: str
    tenant: str
    order_ids: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    machine_hours: tuple[MachineHour, ...] = ()
    touched: Interval | None = None
    at: datetime | None = None
    unreadable: str | None = None
