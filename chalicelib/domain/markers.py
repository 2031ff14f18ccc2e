"""Markers: notes, written with a change, that aggregates must be made again."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class MachineHour:
    """One hour of device time of one machine; `hour` is its beginning, UTC."""

    machine_id: str
    hour: datetime


@dataclass(frozen=True)
class Marker:
    """What changed: orders, local days, or machine-hours of one tenant."""

    id: str
    tenant: str
    order_ids: tuple[str, ...] = ()
    days: tuple[date, ...] = ()
    machine_hours: tuple[MachineHour, ...] = ()
