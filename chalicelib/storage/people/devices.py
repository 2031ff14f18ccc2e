"""Devices in the table: one item each, in the partition of their user. An item expires with its device."""

from chalicelib.domain.people.devices import Device
from chalicelib.domain.people.users import User
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def find(tenant: str, user_id: str, *device_ids: str) -> tuple[dict[str, Device], User | None]:
    """Read the devices with these ids, and their user as of now, in one request. Unknown ids are left out."""
    wanted = {device_id: keys.device(tenant, user_id, device_id) for device_id in device_ids}
    owner = keys.user(tenant, user_id)
    items = table.batch_get([owner, *wanted.values()])
    known = {device_id: items[key].read(Device) for device_id, key in wanted.items() if key in items}
    return known, lookup.among(items, owner, User)


def put(tenant: str, device: Device) -> Write:
    """The write of a sign-in, on the condition that nobody else signed in on this device since it was read."""
    return Write((_put(tenant, device),))


def write(tenant: str, device: Device) -> None:
    """Write a device on its own, on the condition that nobody else did since it was read. Raises ConditionFailed."""
    put = _put(tenant, device)
    table.put(put.item, put.condition)


def removal(tenant: str, user_id: str, device_id: str) -> Write:
    """The write that signs a device out."""
    return Write(deletes=(keys.device(tenant, user_id, device_id),))


def page(tenant: str, user_id: str, *, limit: int, cursor: str | None) -> Page:
    """A page of a user's devices, earliest sign-in first. It may contain devices that are signed out."""
    partition = keys.devices(tenant, user_id)
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=keys.DEVICE_PREFIX)


def _put(tenant: str, device: Device) -> Put:
    key = keys.device(tenant, device.user_id, device.id)
    written = item(key, "device", device, revision=device.version, expires_at=device.expires_at)
    return Put(written, table.follows(written))
