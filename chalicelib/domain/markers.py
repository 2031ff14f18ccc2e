"""Markers: notes, written with a change, that aggregates must be recomputed."""

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

    `touched` reaches from the first to the last instant that an order's change is about, both included (None: it
    changes no day). `unreadable` says why a marker could not be read; such a marker names nothing.
    """

    id: str
    tenant: str
    order_ids: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    machine_hours: tuple[MachineHour, ...] = ()
    touched: Interval | None = None
    unreadable: str | None = None
