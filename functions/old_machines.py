"""The doors of machines, readings and metrics for the app of the old system."""

from datetime import datetime, timedelta
from functools import partial

from chalicelib.domain.errors import Conflict, Throttled
from chalicelib.domain.instants import wire
from chalicelib.domain.machines.machines import Machine
from chalicelib.schemas.old_app import OldDoneOut, instant
from chalicelib.schemas.old_machines import (
    OldMachineOut,
    OldNewMachine,
    OldNewReading,
    OldReadingFilters,
    OldReadingOut,
    old_machine_out,
    old_reading_out,
)
from chalicelib.schemas.old_metrics import OldMetricsOut, old_order_metrics_out, old_stage_metrics_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.machines import machines, readings
from chalicelib.services.machines.machines import MachineFilters
from chalicelib.services.numbers import metrics
from chalicelib.services.tenants import settings_of
from functions._endpoint import Call, Doors
from functions._old import TAPS_SECONDS, every, numbers, rows
from functions._rules import ListOf

doors = Doors(__name__)

MOST_MACHINES = 500


@doors.old("GET", "/v0/machines", action="machine.read", answers=ListOf(OldMachineOut))
def old_list_machines(call: Call) -> Answer:
    """List the machines, 500 at most."""
    found = every(partial(machines.page, call.actor, MachineFilters()), MOST_MACHINES)
    known = numbers(call.tenant, "machine", (machine.id for machine in found))
    return rows(old_machine_out(machine, known) for machine in found)


@doors.old(
    "POST", "/v0/machines", action="machine.create", body=OldNewMachine, answers=OldMachineOut, refuses=(Conflict,)
)
def old_register_machine(call: Call) -> Answer:
    """Register a machine. Its id is made of its name, so a name is given once."""
    made = machines.register(call.actor, call.body.payload(), call.request, _id)
    machine = machines.read(call.actor, made.data["id"])
    known = numbers(call.tenant, "machine", [machine.id])
    return Answer(old_machine_out(machine, known).plain(), replayed=made.replayed)


@doors.old(
    "GET",
    "/v0/machines/{machine}/readings",
    action="reading.read",
    query=OldReadingFilters,
    answers=ListOf(OldReadingOut),
)
def old_list_readings(call: Call, machine: str) -> Answer:
    """List the newest readings of a machine, newest first, of 24 hours; 100 if no `limit` is given, 1,000 at most."""
    found = readings.newest(call.actor, machine, call.query.shown)
    known = numbers(call.tenant, "machine", [machine])
    return rows(old_reading_out(reading, known) for reading in found)


@doors.old(
    "POST",
    "/v0/machines/{machine}/readings",
    action="reading.send",
    body=OldNewReading,
    answers=OldDoneOut,
    refuses=(Conflict, Throttled),
)
def old_send_reading(call: Call, machine: str) -> Answer:
    """Send a reading. It is in the list as soon as it was taken in, within seconds.

    Without a time it is of the beginning of these 5 seconds, so that a second tap is the same reading.
    """
    given, timezone = call.body.timestamp, settings_of(call.tenant).timezone
    at = _tapped_at(call.received_at) if given is None else instant(given, timezone)
    readings.send(call.tenant, machine, call.body.part(wire(at)))
    return Answer(OldDoneOut().plain())


@doors.old("GET", "/v0/metrics/workorders/{order}", action="metrics.read", answers=OldMetricsOut)
def old_read_order_metrics(call: Call, order: str) -> Answer:
    """Read the metrics of an order as of now, and those of its stages that the caller may see."""
    measured, stages = metrics.of_order_with_stages(call.actor, order)
    known = numbers(call.tenant, "stage", (stage.id for stage, _ in stages))
    return Answer(old_order_metrics_out(measured, stages, known).plain())


@doors.old("GET", "/v0/metrics/stages/{stage}", action="metrics.read", answers=OldMetricsOut)
def old_read_stage_metrics(call: Call, stage: str) -> Answer:
    """Read the metrics of a stage as of now."""
    return Answer(old_stage_metrics_out(metrics.of_stage(call.actor, stage)).plain())


def _tapped_at(received_at: datetime) -> datetime:
    """The same instant for two taps, but where a stretch of time ends between them."""
    return received_at - timedelta(seconds=received_at.timestamp() % TAPS_SECONDS)


def _id(machine: Machine) -> dict[str, str]:
    return {"id": machine.id}
