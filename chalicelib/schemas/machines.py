"""The shapes of machines."""

from typing import Annotated, Any

from pydantic import Field

from chalicelib.domain.machines import machines
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.schemas.base import Body, Out, Patch, kept
from chalicelib.schemas.values import Identifier, InstantOut, Line, MachineId, Many, Measure, OneOf


class NewSensor(Body):
    """A sensor and the range of its plausible values."""

    sensor: Identifier
    type: Line
    min: Measure | None = None
    max: Measure | None = None

    def payload(self) -> machines.Sensor:
        """The domain's sensor."""
        return self.made_into(machines.Sensor)


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
        sensors = {"sensors": tuple(sensor.payload() for sensor in self.sensors)} if given else {}
        return self.made_into(machines.ChangeMachine, **sensors)


class SensorOut(Out):
    """A sensor of a machine."""

    sensor: str
    type: str
    min: float | None
    max: float | None


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
