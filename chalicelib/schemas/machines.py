"""The shapes of machines."""

from typing import Annotated

from pydantic import Field

from chalicelib.domain.machines import machines
from chalicelib.domain.machines.machines import MachineStatus
from chalicelib.schemas.base import Body, Out
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


class NewMachine(Body):
    """A new machine."""

    id: MachineId
    name: Line
    machine_type: Line | None = None
    location: Line | None = None
    status: OneOf[MachineStatus] = MachineStatus.ACTIVE
    sensors: Annotated[Many[NewSensor], Field(max_length=100)] = ()

    def payload(self) -> machines.NewMachine:
        """The domain's payload, with its sensors."""
        return self.made_into(machines.NewMachine, sensors=tuple(sensor.payload() for sensor in self.sensors))


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
