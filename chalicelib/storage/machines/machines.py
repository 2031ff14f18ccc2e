"""Machines in the table."""

from collections.abc import Iterable

from chalicelib.domain.errors import TakipError
from chalicelib.domain.machines.machines import Machine, MachineIdTaken
from chalicelib.storage import keys, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import Key
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put


def find(tenant: str, machine_id: str) -> Machine | None:
    """Read one machine."""
    return find_all(tenant, [machine_id]).get(machine_id)


def find_all(tenant: str, machine_ids: Iterable[str]) -> dict[str, Machine]:
    """Read machines by id, 100 a request; those that are not there are left out."""
    found = table.batch_get(keys.machine(tenant, machine_id) for machine_id in machine_ids)
    machines = [each.read(Machine) for each in found.values()]
    return {machine.id: machine for machine in machines}


def creation(tenant: str, machine: Machine) -> tuple[list[Put], dict[Key, TakipError]]:
    """What is written when a machine is registered, and what is said when its id is taken."""
    at = keys.machine(tenant, machine.id)
    taken: dict[Key, TakipError] = {at: MachineIdTaken(f"Machine {machine.id} already exists; choose another id.")}
    return [Put(item(at, "machine", machine), table.absent())], taken


def page(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of all machines, in order of their id."""
    return table.page(None, keys.machines(tenant), limit=limit, cursor=cursor, filters=filters)
