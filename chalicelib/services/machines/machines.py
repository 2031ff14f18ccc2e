"""Machines: registering and reading them."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock
from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.machines.machines import Machine, MachineNotFound, NewMachine, sensor_errors
from chalicelib.domain.people.users import Actor
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.machines import machines


def register(actor: Actor, new: NewMachine, request: Request, present: Callable[[Machine], Any]) -> Answer:
    """Register a machine. Raises MachineIdTaken, InvalidFields."""

    def prepare() -> Prepared:
        errors = sensor_errors(new.sensors)
        if errors:
            raise InvalidFields(errors)
        machine = Machine(
            id=new.id,
            name=new.name,
            created_at=clock.now(),
            machine_type=new.machine_type,
            location=new.location,
            status=new.status,
            sensors=new.sensors,
        )
        return Answer(present(machine), created=True), machines.creation(actor.tenant, machine)

    return carry_out(actor, "register_machine", new, request, prepare)


def read(actor: Actor, machine_id: str) -> Machine:
    """Read a machine. Raises MachineNotFound."""
    machine = machines.find(actor.tenant, machine_id)
    if machine is None:
        raise MachineNotFound(f"There is no machine {machine_id}; register it first.")
    return machine


def page(actor: Actor, *, limit: int, cursor: str | None) -> ListPage[Machine]:
    """A page of machines, in order of their id."""
    return page_of(machines.page(actor.tenant, limit=limit, cursor=cursor, filters=None), Machine)
