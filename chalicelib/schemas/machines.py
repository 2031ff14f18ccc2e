"""The shapes of machines."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.domain.machines import machines, sensors
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.schemas.base import Body, Out, Patch, kept
from chalicelib.schemas.values import Identifier, InstantOut, Line, MachineId, Many, Measure, OneOf

# A month. What takes longer than that is no alarm.
LONGEST_ALARM_MINUTES = 31 * 24 * 60


class NewSensor(Body):
    """A sensor: its unit if its type has none, its believable range, and its alarm limits."""

    sensor: Identifier
    type: Line
    unit: Annotated[Line, Field(max_length=20)] | None = None
    min: Measure | None = None
    max: Measure | None = None
    alarm_min: Measure | None = None
    alarm_max: Measure | None = None
    alarm_minutes: Annotated[int, Field(ge=1, le=LONGEST_ALARM_MINUTES)] | None = None

    def payload(self) -> sensors.Sensor:
        """The domain's sensor."""
        return self.made_into(sensors.Sensor)


Sensors = Annotated[Many[NewSensor], Field(max_length=100)]


class NewMachine(Body):
    """A new machine."""

    id: MachineId
    name: Line
    machine_type: Line | None = None
    location: Line | None = None
    status: OneOf[MachineStatus] = MachineStatus.ACTIVE
    sensors: Sensors = ()

    def payload(self) -> machines.NewMachine:
        """The fields of the machine, and its sensors."""
        return self.made_into(machines.NewMachine, sensors=tuple(sensor.payload() for sensor in self.sensors))


class ChangeMachine(Patch):
    """What to change about a machine."""

    name: Line = kept()
    machine_type: Line | None = kept()
    location: Line | None = kept()
    status: OneOf[MachineStatus] = kept()
    sensors: Sensors = kept()

    def payload(self) -> machines.ChangeMachine:
        """Make the payload, with the sensors if they are given."""
        given = "sensors" in self.model_fields_set
        replaced = {"sensors": tuple(sensor.payload() for sensor in self.sensors)} if given else {}
        return self.made_into(machines.ChangeMachine, **replaced)


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


class MachineOut(Out):
    """A machine."""

    id: str
    name: str
    machine_type: str | None
    location: str | None
    status: MachineStatus
    sensors: list[SensorOut]
    created_at: InstantOut
    version: int


class FieldChangeOut(Out):
    """The value of a field before and after a change. `from` is a word that Python keeps to itself."""

    source: Any = Field(alias="from")
    to: Any


class MachineChangeOut(Out):
    """Who changed a machine, when, to which version, and from what to what: the changed fields by name."""

    version: int
    at: InstantOut
    actor: str
    changes: dict[str, FieldChangeOut]


def machine_out(machine: machines.Machine) -> MachineOut:
    """Show a machine."""
    return MachineOut.model_validate(machine)


def machine_change_out(change: machines.MachineChange) -> MachineChangeOut:
    """Show a change of a machine, each field as the machine itself is shown."""
    before, after = machine_out(change.before).plain(), machine_out(change.after).plain()
    version = after.pop("version")
    changes = {
        name: FieldChangeOut(source=before[name], to=value) for name, value in after.items() if value != before[name]
    }
    return MachineChangeOut(version=version, at=change.at, actor=change.actor, changes=changes)
