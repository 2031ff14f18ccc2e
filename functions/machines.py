"""The doors of machines."""

from http import HTTPStatus

from chalicelib.domain.errors import Conflict
from chalicelib.schemas.base import Paged
from chalicelib.schemas.machines import MachineOut, NewMachine
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
    return machines.register(
        call.actor, call.body.payload(), call.request, lambda machine: MachineOut.model_validate(machine).plain()
    )


@doors.route("GET", "/machines", action="machine.read", query=Paged, answers=ListOf(MachineOut))
def list_machines(call: Call) -> Answer:
    """List machines by id."""
    page = machines.page(call.actor, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(MachineOut.model_validate, page.items), page.next_cursor)


@doors.route("GET", "/machines/{machine_id}", action="machine.read", answers=MachineOut)
def read_machine(call: Call, machine_id: str) -> Answer:
    """Read a machine."""
    return Answer(MachineOut.model_validate(machines.read(call.actor, machine_id)).plain())
