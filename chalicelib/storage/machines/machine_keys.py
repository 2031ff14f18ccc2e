"""Machine keys in the table: one item each, beside the machine's history. Only a digest of the key is stored."""

from collections.abc import Iterable

from chalicelib.domain.machines.machine_keys import MachineKey
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write

Name = tuple[str, str]
"""Machine and key, by id."""


def find_all(tenant: str, names: Iterable[Name]) -> dict[Name, MachineKey]:
    """Read keys, 100 a request. Names without a key are left out."""
    items = table.batch_get(keys.machine_key(tenant, machine_id, key_id) for machine_id, key_id in names)
    found = [each.read(MachineKey) for each in items.values()]
    return {(key.machine_id, key.id): key for key in found}


def put(tenant: str, key: MachineKey) -> Write:
    """The write of a key, on the condition that nobody else wrote it since it was read."""
    written = item(keys.machine_key(tenant, key.machine_id, key.id), "machine_key", key, revision=key.version)
    return Write((Put(written, table.follows(written)),))


def page(tenant: str, machine_id: str, *, limit: int, cursor: str | None) -> Page:
    """A page of the keys of a machine, oldest first, revoked ones too."""
    partition, prefix = keys.machine_keys(tenant, machine_id)
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=prefix)
