"""Machines: equipment that sends readings, and the changes of a machine."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict, NotFound, refuse
from chalicelib.domain.kept import KEPT, Kept, given
from chalicelib.domain.machines.sensors import Sensor, kept, sensor_errors
from chalicelib.domain.machines.tags import Tag, kept_tags, tag_errors

NO_MACHINE = "There is no machine {machine_id}; register it first."
SILENT_MINUTES = 15
"""The default. By default a reading is in the numbers after 7 minutes at the latest, so this is about twice as long."""


DESCRIPTION = ("name", "machine_type", "location", "line", "silent_minutes", "version")
"""The fields of a machine that say nothing of which readings it may send."""


class MachineStatus(StrEnum):
    """Whether a machine may be used. Readings of a retired machine are refused."""

    ACTIVE = "active"
    MAINTENANCE = "maintenance"
    RETIRED = "retired"


@dataclass(frozen=True)
class Machine:
    """One machine of the plant. A change raises `version`.

    Machines of one `line` are summed up together. After `silent_minutes` without a reading a machine is silent.
    """

    id: str
    name: str
    created_at: datetime
    machine_type: str | None = None
    location: str | None = None
    line: str | None = None
    status: MachineStatus = MachineStatus.ACTIVE
    sensors: tuple[Sensor, ...] = ()
    silent_minutes: int = SILENT_MINUTES
    tags: tuple[Tag, ...] = ()
    version: int = 1


@dataclass(frozen=True)
class NewMachine:
    """The fields of a machine to register."""

    id: str
    name: str
    machine_type: str | None = None
    location: str | None = None
    line: str | None = None
    status: MachineStatus = MachineStatus.ACTIVE
    sensors: tuple[Sensor, ...] = ()
    silent_minutes: int = SILENT_MINUTES
    tags: tuple[Tag, ...] = ()


@dataclass(frozen=True)
class ChangeMachine:
    """The fields of a machine to change. A field that is KEPT stays; a type, a location or a line of None is cleared.

    `sensors` and `tags` replace the whole list.
    """

    name: str | Kept = KEPT
    machine_type: str | Kept | None = KEPT
    location: str | Kept | None = KEPT
    line: str | Kept | None = KEPT
    status: MachineStatus | Kept = KEPT
    sensors: tuple[Sensor, ...] | Kept = KEPT
    silent_minutes: int | Kept = KEPT
    tags: tuple[Tag, ...] | Kept = KEPT


@dataclass(frozen=True)
class MachineChange:
    """A change in the history of a machine: when, by whom, and the machine before and after. It is never deleted."""

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
    """A new machine, registered at an instant. Raises InvalidFields."""
    refuse([*sensor_errors(new.sensors), *tag_errors(new.tags)])
    return Machine(
        id=new.id,
        name=new.name,
        created_at=at,
        machine_type=new.machine_type,
        location=new.location,
        line=new.line,
        status=new.status,
        sensors=kept(new.sensors),
        silent_minutes=new.silent_minutes,
        tags=kept_tags(new.tags),
    )


def judges_alike(before: Machine, after: Machine) -> bool:
    """Whether a machine's readings are judged after a change as they were before it."""
    return replace(after, **{name: getattr(before, name) for name in DESCRIPTION}) == before


def changed(machine: Machine, wanted: ChangeMachine) -> Machine:
    """The machine after a change, with the next version. The same machine if no field gets another value.

    Every status may follow every other: a retired machine can become active again. Raises InvalidFields.
    """
    values = given(wanted, "name", "machine_type", "location", "line", "status", "sensors", "silent_minutes", "tags")
    refuse([*sensor_errors(values.get("sensors", ())), *tag_errors(values.get("tags", ()))])
    if "sensors" in values:
        values["sensors"] = kept(values["sensors"])
    if "tags" in values:
        values["tags"] = kept_tags(values["tags"])
    after = replace(machine, **values)
    return machine if after == machine else replace(after, version=machine.version + 1)
