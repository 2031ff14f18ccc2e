"""The latest values of machines in the table: one item per machine."""

from chalicelib.domain.machines.latest import Latest
from chalicelib.storage import lookup, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def of_machine(tenant: str, machine_id: str) -> Latest:
    """Read the latest values of a machine, consistently. A machine that never sent has none."""
    return lookup.find(keys.latest(tenant, machine_id), Latest) or Latest(machine_id)


def put(tenant: str, latest: Latest) -> None:
    """Write the latest values, if the stored revision is the one before it. Raises ConditionFailed."""
    written = _item(tenant, latest)
    table.put(written, table.follows(written))


def change(tenant: str, latest: Latest) -> Write:
    """The same as a write, for the transaction of what changes with it."""
    written = _item(tenant, latest)
    return Write((Put(written, table.follows(written)),))


def _item(tenant: str, latest: Latest) -> Item:
    return item(keys.latest(tenant, latest.machine_id), "latest", latest, revision=latest.revision)
