"""The shapes of machines and readings for the old system's app."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from chalicelib.domain.digests import digest
from chalicelib.domain.machines import machines, old_machines
from chalicelib.domain.machines.machines import Machine, MachineStatus
from chalicelib.domain.machines.readings import Reading, moment
from chalicelib.schemas.base import Out
from chalicelib.schemas.old_app import MayBeEmpty, OldBody, OldFilters, OldTime, in_utc
from chalicelib.schemas.values import Line

# 48 bits: a number that JavaScript holds exactly. No call takes it, so it is not kept in the book of numbers.
BITS = 48
MOST_READINGS = 1_000

OldMachineStatus = Literal["active", "maintenance", "inactive"]


class OldNewMachine(OldBody):
    """A machine to register. It gets an id that is made of its name."""

    name: Line
    machine_type: MayBeEmpty[Line] = None
    location: MayBeEmpty[Line] = None
    status: MayBeEmpty[OldMachineStatus] = None

    def payload(self) -> machines.NewMachine:
        """The machine in Takip's words."""
        return machines.NewMachine(
            old_machines.slug_of(self.name) or "machine",
            self.name,
            machine_type=self.machine_type,
            location=self.location,
            status=MachineStatus(old_machines.STATUSES[self.status or "active"]),
        )


class OldReadingFilters(OldFilters):
    """How many readings are shown."""

    limit: Annotated[int, Field(ge=1)] = 100

    @property
    def shown(self) -> int:
        """As many as are asked for, and never more than a list may have."""
        return min(self.limit, MOST_READINGS)


def _as_text(given: object) -> object:
    """A value that was sent as a number, as the text that it is."""
    return str(given) if isinstance(given, int | float | Decimal) and not isinstance(given, bool) else given


class OldNewReading(OldBody):
    """A reading: its value is a text, and its time is what the clock on the wall shows."""

    reading_type: Line
    value: Annotated[str, StringConstraints(max_length=200), BeforeValidator(_as_text)]
    timestamp: MayBeEmpty[OldTime] = None

    def part(self, at: str) -> dict[str, Any]:
        """The reading as a machine sends it."""
        return {**old_machines.named(self.reading_type), "value": old_machines.number_of(self.value), "at": at}


class OldMachineOut(Out):
    """A machine."""

    id: int
    name: str
    machine_type: str | None
    location: str | None
    status: OldMachineStatus


class OldReadingOut(Out):
    """A reading. Its number is made of what it is, and stays the same. The time is in UTC, without a zone."""

    id: int
    machine_id: int
    reading_type: str
    value: str
    timestamp: str


def old_machine_out(machine: Machine, numbers: Mapping[str, int]) -> OldMachineOut:
    """Show a machine with its number."""
    return OldMachineOut.model_validate(
        {
            "id": numbers[machine.id],
            "name": machine.name,
            "machine_type": machine.machine_type,
            "location": machine.location,
            "status": old_machines.old_status(machine.status),
        }
    )


def old_reading_out(reading: Reading, numbers: Mapping[str, int]) -> OldReadingOut:
    """Show a reading with the number of its machine."""
    return OldReadingOut(
        id=int(digest(repr(reading.identity).encode(), bits=BITS), 16),
        machine_id=numbers[reading.machine_id],
        reading_type=old_machines.old_type(reading),
        value=old_machines.old_value(reading),
        timestamp=str(in_utc(moment(reading.at))),
    )
