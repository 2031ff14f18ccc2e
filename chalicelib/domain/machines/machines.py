"""Machines: equipment that sends readings, and the sensors it sends them from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, FieldError, NotFound
from chalicelib.domain.machines.readings import TYPES


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


@dataclass(frozen=True)
class NewMachine:
    """A machine as a planner writes it down."""

    id: str
    name: str
    machine_type: str | None = None
    location: str | None = None
    status: MachineStatus = MachineStatus.ACTIVE
    sensors: tuple[Sensor, ...] = ()


class MachineNotFound(NotFound):
    """There is no such machine."""

    code = "ERR_MACHINE_NOT_FOUND"
    title = "No such machine"


class MachineIdTaken(Conflict):
    """Another machine already has this id."""

    code = "ERR_MACHINE_ID_TAKEN"
    title = "This id is taken by another machine"


def sensor_errors(sensors: Sequence[Sensor]) -> list[FieldError]:
    """Name every sensor of an unknown type, with an empty range, or declared twice."""
    errors = []
    seen: set[tuple[str, str]] = set()
    for index, sensor in enumerate(sensors):
        if sensor.type not in TYPES:
            errors.append(FieldError(f"sensors[{index}].type", f"must be one of {', '.join(TYPES)}", "unknown"))
        if sensor.min is not None and sensor.max is not None and sensor.min > sensor.max:
            errors.append(FieldError(f"sensors[{index}].max", "must not be below min", "below_min"))
        if (sensor.sensor, sensor.type) in seen:
            message = "is declared twice with this type; declare each sensor and type once"
            errors.append(FieldError(f"sensors[{index}].sensor", message, "duplicate"))
        seen.add((sensor.sensor, sensor.type))
    return errors
