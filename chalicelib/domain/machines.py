"""Machines: equipment that sends readings, and the sensors it sends them from."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, NotFound


class MachineStatus(StrEnum):
    """Whether a machine may be used; readings are taken from any that is not retired."""

    ACTIVE = "active"
    MAINTENANCE = "maintenance"
    RETIRED = "retired"


@dataclass(frozen=True)
class Sensor:
    """A sensor and the range in which its values are believable; a missing bound is that of its type."""

    sensor: str
    type: str
    min: float | None = None
    max: float | None = None


@dataclass(frozen=True)
class Machine:
    """One machine of the plant."""

    id: str
    name: str
    created_at: datetime
    machine_type: str | None = None
    location: str | None = None
    status: MachineStatus = MachineStatus.ACTIVE
    sensors: tuple[Sensor, ...] = ()


class MachineNotFound(NotFound):
    """There is no such machine."""

    code = "ERR_MACHINE_NOT_FOUND"
    title = "No such machine"


class MachineIdTaken(Conflict):
    """A machine has this id already."""

    code = "ERR_MACHINE_ID_TAKEN"
    title = "This id is taken by another machine"
