"""Machines in the table."""

from collections.abc import Iterable

from chalicelib.domain.machines.machines import Machine, MachineIdTaken
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def find(tenant: str, machine_id: str) -> Machine | None:
    """Read a machine; None if there is none."""
    return find_all(tenant, [machine_id]).get(machine_id)


def find_all(tenant: str, machine_ids: Iterable[str]) -> dict[str, Machine]:
    """Read machines by id, 100 a request. Ids without a machine are left out."""
    items = table.batch_get(keys.machine(tenant, machine_id) for machine_id in machine_ids)
    machines = [item.read(Machine) for item in items.values()]
    return {machine.id: machine for machine in machines}


def creation(tenant: str, machine: Machine) -> Write:
    """The write that registers a machine. The error for an id that already exists is MachineIdTaken."""
    at = keys.machine(tenant, machine.id)
    taken = MachineIdTaken(f"Machine {machine.id} already exists; choose another id.")
    return Write((Put(item(at, "machine", machine), table.absent()),), taken={at: taken})


def page(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of all machines, by id."""
    return table.page(None, keys.machines(tenant), limit=limit, cursor=cursor, filters=filters)
