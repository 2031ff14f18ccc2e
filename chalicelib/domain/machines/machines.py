"""Machines: equipment that sends readings, the sensors it sends them from, and how somebody changes a machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, FieldError, NotFound, refuse
from chalicelib.domain.kept import KEPT, Kept, given
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
    """One machine of the plant. Each change raises its `version`."""

    id: str
    name: str
    created_at: datetime
    machine_type: str | None = None
    location: str | None = None
    status: MachineStatus = MachineStatus.ACTIVE
    sensors: tuple[Sensor, ...] = ()
    version: int = 1


@dataclass(frozen=True)
class NewMachine:
    """A machine as a planner writes it down."""

    id: str
    name: str
    machine_type: str | None = None
    location: str | None = None
    status: MachineStatus = MachineStatus.ACTIVE
    sensors: tuple[Sensor, ...] = ()


@dataclass(frozen=True)
class ChangeMachine:
    """What to change about a machine: what is kept stays; a type or a location of None is cleared.

    `sensors` replaces the whole list.
    """

    name: str | Kept = KEPT
    machine_type: str | Kept | None = KEPT
    location: str | Kept | None = KEPT
    status: MachineStatus | Kept = KEPT
    sensors: tuple[Sensor, ...] | Kept = KEPT


@dataclass(frozen=True)
class MachineChange:
    """A change of a machine as its history keeps it, for ever: who made it, when, and the machine before and after."""

    at: datetime
    actor: str
    before: Machine
    after: Machine


class MachineNotFound(NotFound):
    """There is no such machine."""

    code = "ERR_MACHINE_NOT_FOUND"
    title = "No such machine"


class MachineIdTaken(Conflict):
    """Another machine already has this id."""

    code = "ERR_MACHINE_ID_TAKEN"
    title = "This id is taken by another machine"


def registered(new: NewMachine, at: datetime) -> Machine:
    """The machine that is registered at an instant. Raises InvalidFields."""
    refuse(sensor_errors(new.sensors))
    return Machine(
        id=new.id,
        name=new.name,
        created_at=at,
        machine_type=new.machine_type,
        location=new.location,
        status=new.status,
        sensors=new.sensors,
    )


def changed(machine: Machine, wanted: ChangeMachine) -> Machine:
    """The machine after a change, one version further; the same machine if no field gets another value.

    Every status may follow every other: a retired machine may be made active again. Raises InvalidFields.
    """
    values = given(wanted, "name", "machine_type", "location", "status", "sensors")
    refuse(sensor_errors(values.get("sensors", ())))
    after = replace(machine, **values)
    return machine if after == machine else replace(after, version=machine.version + 1)


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
