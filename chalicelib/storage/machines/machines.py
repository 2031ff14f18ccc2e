"""Machines in the table, and the history of each."""

from collections.abc import Iterable

from chalicelib.domain.machines.latest import Latest
from chalicelib.domain.machines.machines import Machine, MachineChange, MachineIdTaken
from chalicelib.domain.sentences import say
from chalicelib.storage import lookup, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Check, Put
from chalicelib.storage.writes import Write


def find(tenant: str, machine_id: str) -> Machine | None:
    """Read a machine; None if there is none."""
    return find_all(tenant, [machine_id]).get(machine_id)


def find_all(tenant: str, machine_ids: Iterable[str]) -> dict[str, Machine]:
    """Read machines by id, 100 a request. Ids without a machine are left out."""
    items = table.batch_get(keys.machine(tenant, machine_id) for machine_id in machine_ids)
    machines = [item.read(Machine) for item in items.values()]
    return {machine.id: machine for machine in machines}


def find_with_latest(tenant: str, machine_id: str) -> tuple[Machine | None, Latest]:
    """Read a machine and its latest values, in one request."""
    own, latest = keys.machine(tenant, machine_id), keys.latest(tenant, machine_id)
    items = table.batch_get([own, latest])
    return lookup.among(items, own, Machine), lookup.among(items, latest, Latest) or Latest(machine_id)


def creation(tenant: str, machine: Machine) -> Write:
    """The write that registers a machine. The error for an id that already exists is MachineIdTaken."""
    taken = MachineIdTaken(say("Machine {machine_id} already exists; choose another id.", machine_id=machine.id))
    written = _item(tenant, machine)
    return Write((Put(written, table.absent()),), taken={written.key: taken})


def change(tenant: str, made: MachineChange) -> Write:
    """The write of a machine's change and its history, on the condition that nobody else changed the machine since.

    If no field has another value, only the condition is checked.
    """
    before, after = made.before, made.after
    unchanged = table.at_version(before.version)
    if after == before:
        return Write(checks=(Check(keys.machine(tenant, before.id), unchanged),))
    record = item(keys.machine_change(tenant, after.id, after.version), "machine_change", made)
    return Write((Put(_item(tenant, after), unchanged), Put(record, table.absent())))


def changes(tenant: str, machine_id: str, *, limit: int, cursor: str | None) -> Page:
    """A page of the changes of a machine, oldest first."""
    partition, prefix = keys.machine_changes(tenant, machine_id)
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=prefix)


def page(tenant: str, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of all machines, by id."""
    return table.page(None, keys.machines(tenant), limit=limit, cursor=cursor, filters=filters)


def every(tenant: str) -> list[Machine]:
    """All machines, by id. Costs one query, and one more for each further MB."""
    return [stored.read(Machine) for stored in table.query(keys.machines(tenant))]


def _item(tenant: str, machine: Machine) -> Item:
    return item(keys.machine(tenant, machine.id), "machine", machine, revision=machine.version)
