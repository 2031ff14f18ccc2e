"""The doors of machines: registering, reading and changing them, and their keys."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.machines.machine_keys import MachineKey
from chalicelib.domain.machines.machines import Machine
from chalicelib.schemas.base import Paged
from chalicelib.schemas.machine_keys import CreatedMachineKeyOut, MachineKeyOut, NewMachineKey
from chalicelib.schemas.machines import (
    ChangeMachine,
    ListMachines,
    MachineChangeOut,
    MachineNowOut,
    MachineOut,
    NewMachine,
    machine_change_out,
    machine_now_out,
    machine_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.machines import machine_keys, machines
from chalicelib.services.machines.machines import MachineFilters
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
    """Register a machine with its sensors and tags."""
    return machines.register(call.actor, call.body.payload(), call.request, _shown)


@doors.route("GET", "/machines", action="machine.read", query=ListMachines, answers=ListOf(MachineOut))
def list_machines(call: Call) -> Answer:
    """List machines by id; with `line` those of a line."""
    page = machines.page(call.actor, MachineFilters(call.query.line), limit=call.query.limit, cursor=call.query.cursor)
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
    """Change a machine's name, type, location, line, status, silence, sensors or tags; a list is replaced whole."""
    return machines.change(call.actor, machine_id, call.body.payload(), call.request, _shown)


@doors.route(
    "GET", "/machines/{machine_id}/history", action="machine.history", query=Paged, answers=ListOf(MachineChangeOut)
)
def list_machine_history(call: Call, machine_id: str) -> Answer:
    """List the changes of a machine, oldest first: who, when, from what to what."""
    found = machines.history(call.actor, machine_id, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(machine_change_out, found.items), found.next_cursor)


@doors.route(
    "POST",
    "/machines/{machine_id}/keys",
    action="machine_key.create",
    body=NewMachineKey,
    answers=CreatedMachineKeyOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict,),
)
def create_machine_key(call: Call, machine_id: str) -> Answer:
    """Make a key with which the machine may send readings; it is shown once."""
    return machine_keys.create(call.actor, machine_id, call.body.payload(), call.request, call.source, _shown_key)


@doors.route(
    "GET", "/machines/{machine_id}/keys", action="machine_key.list", query=Paged, answers=ListOf(MachineKeyOut)
)
def list_machine_keys(call: Call, machine_id: str) -> Answer:
    """List the keys of a machine, oldest first, revoked ones too."""
    found = machine_keys.page(call.actor, machine_id, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(MachineKeyOut.model_validate, found.items), found.next_cursor)


@doors.route(
    "DELETE",
    "/machines/{machine_id}/keys/{key_id}",
    action="machine_key.revoke",
    answers=MachineKeyOut,
    refuses=(Conflict,),
)
def revoke_machine_key(call: Call, machine_id: str, key_id: str) -> Answer:
    """Revoke a key of a machine; it is refused everywhere within a minute."""
    return Answer(_shown_key(machine_keys.revoke(call.actor, machine_id, key_id, call.source)))


def _shown_key(key: MachineKey) -> dict[str, Any]:
    return MachineKeyOut.model_validate(key).plain()


def _shown(machine: Machine) -> dict[str, Any]:
    return machine_out(machine).plain()
