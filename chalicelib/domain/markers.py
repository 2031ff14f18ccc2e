"""Markers: notes, written with a change, that aggregates must be recomputed."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class MachineHour:
    """One hour of device time of one machine. `hour` is its start in UTC."""

    machine_id: str
    hour: datetime


@dataclass(frozen=True)
class Marker:
    """What changed in one tenant: orders, local days or machine-hours."""

    id: str
    tenant: str
    order_ids: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    machine_hours: tuple[MachineHour, ...] = ()
