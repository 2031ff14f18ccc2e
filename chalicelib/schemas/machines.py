"""The shapes of machines."""

from datetime import datetime, timedelta
from typing import Annotated

from pydantic import Field

from chalicelib.domain.machines import machines, sensors, tags
from chalicelib.domain.machines.alarms import LONGEST
from chalicelib.domain.machines.latest import Latest
from chalicelib.domain.machines.machines import SILENT_MINUTES, MachineStatus
from chalicelib.domain.machines.readings import DEFAULT_SENSOR, moment
from chalicelib.schemas.base import Body, Out, Paged, Patch, example, kept
from chalicelib.schemas.field_changes import FieldChangeOut, field_changes
from chalicelib.schemas.values import Identifier, InstantOut, Line, MachineId, Many, Measure, OneOf

# A month.
LONGEST_SILENCE = 31 * 24 * 60
SilentMinutes = Annotated[int, Field(ge=1, le=LONGEST_SILENCE)]
AlarmMinutes = Annotated[int, Field(ge=1, le=LONGEST // timedelta(minutes=1))]


class NewSensor(Body):
    """A sensor: its unit if its type has none, its believable range, and its alarm limits."""

    sensor: Identifier
    type: Line
    unit: Annotated[Line, Field(max_length=20)] | None = None
    min: Measure | None = None
    max: Measure | None = None
    alarm_min: Measure | None = None
    alarm_max: Measure | None = None
    alarm_minutes: AlarmMinutes | None = None

    def payload(self) -> sensors.Sensor:
        """The domain's sensor."""
        return self.made_into(sensors.Sensor)


TagLine = Annotated[Line, Field(max_length=tags.LONGEST_TAG)]
States = Annotated[dict[TagLine, Line], Field(max_length=100)]


class NewTag(Body):
    """A tag: which type and sensor it is, and what its numbers or words mean."""

    tag: TagLine
    type: Line
    sensor: Identifier = DEFAULT_SENSOR
    scale: Measure = 1.0
    offset: Measure = 0.0
    states: States | None = None

    def payload(self) -> tags.Tag:
        """The domain's tag."""
        return self.made_into(tags.Tag)


Sensors = Annotated[Many[NewSensor], Field(max_length=100)]
Tags = Annotated[Many[NewTag], Field(max_length=500)]


class NewMachine(Body):
    """A new machine."""

    model_config = example(
        id="M1", name="Press 1", location="Hall A", sensors=[{"sensor": "t1", "type": "temperature", "max": 90}]
    )

    id: MachineId
    name: Line
    machine_type: Line | None = None
    location: Line | None = None
    line: Line | None = None
    status: OneOf[MachineStatus] = MachineStatus.ACTIVE
    sensors: Sensors = ()
    silent_minutes: SilentMinutes = SILENT_MINUTES
    tags: Tags = ()

    def payload(self) -> machines.NewMachine:
        """The fields of the machine, its sensors and its tags."""
        return self.made_into(
            machines.NewMachine,
            sensors=tuple(sensor.payload() for sensor in self.sensors),
            tags=tuple(tag.payload() for tag in self.tags),
        )


class ChangeMachine(Patch):
    """What to change about a machine."""

    name: Line = kept()
    machine_type: Line | None = kept()
    location: Line | None = kept()
    line: Line | None = kept()
    status: OneOf[MachineStatus] = kept()
    sensors: Sensors = kept()
    silent_minutes: SilentMinutes = kept()
    tags: Tags = kept()

    def payload(self) -> machines.ChangeMachine:
        """Make the payload, with the sensors and the tags that are given."""
        lists = {"sensors", "tags"} & self.model_fields_set
        replaced = {name: tuple(each.payload() for each in getattr(self, name)) for name in lists}
        return self.made_into(machines.ChangeMachine, **replaced)


class ListMachines(Paged):
    """The filters of machines."""

    line: Line | None = None


class SensorOut(Out):
    """A sensor of a machine."""

    sensor: str
    type: str
    unit: str | None = Field(validation_alias="measured_in")
    min: float | None
    max: float | None
    alarm_min: float | None
    alarm_max: float | None
    alarm_minutes: int | None


class TagOut(Out):
    """A tag of a machine."""

    tag: str
    type: str
    sensor: str
    scale: float
    offset: float
    states: dict[str, str] | None


class MachineOut(Out):
    """A machine."""

    id: str
    name: str
    machine_type: str | None
    location: str | None
    line: str | None
    status: MachineStatus
    sensors: list[SensorOut]
    silent_minutes: int
    tags: list[TagOut]
    created_at: InstantOut
    version: int


class LatestOut(Out):
    """The newest value of a sensor and type, by device time."""

    sensor: str
    type: str
    unit: str | None
    value: float | str
    at: InstantOut


class MachineNowOut(MachineOut):
    """A machine with its latest values.

    `last_reading_at` is the device time of its newest reading. `silent_since` is the same if the machine is silent.
    `as_of` is when the newest values were read: what was stored later may not be in them yet.
    """

    latest: list[LatestOut]
    last_reading_at: InstantOut | None
    silent_since: InstantOut | None
    as_of: InstantOut | None


class MachineChangeOut(Out):
    """Who changed a machine, when, to which version, and from what to what: the changed fields by name."""

    version: int
    at: InstantOut
    actor: str
    changes: dict[str, FieldChangeOut]


def machine_out(machine: machines.Machine) -> MachineOut:
    """Show a machine."""
    return MachineOut.model_validate(machine)


def machine_now_out(machine: machines.Machine, latest: Latest, silent_since: datetime | None) -> MachineNowOut:
    """Show a machine with its latest values."""
    units = {(sensor.sensor, sensor.type): sensor.measured_in for sensor in machine.sensors}
    values = [
        LatestOut(
            sensor=each.sensor,
            type=each.type,
            unit=units.get((each.sensor, each.type), sensors.Sensor(each.sensor, each.type).measured_in),
            value=each.value,
            at=moment(each.at),
        )
        for each in latest.values
    ]
    shown = machine_out(machine)
    return MachineNowOut(
        **{name: getattr(shown, name) for name in MachineOut.model_fields},
        latest=values,
        last_reading_at=latest.last_at,
        silent_since=silent_since,
        as_of=latest.as_of,
    )


def machine_change_out(change: machines.MachineChange) -> MachineChangeOut:
    """Show a change of a machine, each field as the machine itself is shown."""
    before, after = machine_out(change.before), machine_out(change.after)
    return MachineChangeOut(
        version=after.version, at=change.at, actor=change.actor, changes=field_changes(before, after)
    )
