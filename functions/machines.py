"""The doors of machines: registering, reading and changing them."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.machines.machines import Machine
from chalicelib.schemas.base import Paged
from chalicelib.schemas.machines import (
    ChangeMachine,
    MachineChangeOut,
    MachineNowOut,
    MachineOut,
    NewMachine,
    machine_change_out,
    machine_now_out,
    machine_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.machines import machines
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "POST",
    "/machines",
    action="machine.create",
    body=NewMachine,
    answers=MachineOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict,),
    location="/machines/{id}",
)
def register_machine(call: Call) -> Answer:
    """Register a machine with its sensors."""
    return machines.register(call.actor, call.body.payload(), call.request, _shown)


@doors.route("GET", "/machines", action="machine.read", query=Paged, answers=ListOf(MachineOut))
def list_machines(call: Call) -> Answer:
    """List machines by id."""
    page = machines.page(call.actor, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(machine_out, page.items), page.next_cursor)


@doors.route("GET", "/machines/{machine_id}", action="machine.read", answers=MachineNowOut)
def read_machine(call: Call, machine_id: str) -> Answer:
    """Read a machine with its latest values by device time, and since when it is silent."""
    now = machines.read_with_latest(call.actor, machine_id)
    shown = machine_now_out(now.machine, now.latest, now.silent_since)
    return Answer(shown.plain(), version=now.machine.version)


@doors.route(
    "PATCH",
    "/machines/{machine_id}",
    action="machine.change",
    body=ChangeMachine,
    answers=MachineOut,
    refuses=(Conflict, Stale),
    versioned=True,
)
def change_machine(call: Call, machine_id: str) -> Answer:
    """Change a machine's name, type, location, status, silence or sensors; `sensors` replaces the whole list."""
    return machines.change(call.actor, machine_id, call.body.payload(), call.request, _shown)


@doors.route(
    "GET", "/machines/{machine_id}/history", action="machine.history", query=Paged, answers=ListOf(MachineChangeOut)
)
def list_machine_history(call: Call, machine_id: str) -> Answer:
    """List the changes of a machine, oldest first: who, when, from what to what."""
    found = machines.history(call.actor, machine_id, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(machine_change_out, found.items), found.next_cursor)


def _shown(machine: Machine) -> dict[str, Any]:
    return machine_out(machine).plain()
