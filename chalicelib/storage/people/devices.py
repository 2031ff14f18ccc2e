"""Devices in the table: an item for each, in a partition of their user's, that expires with it."""

from chalicelib.domain.people.devices import Device
from chalicelib.domain.people.users import User
from chalicelib.storage import keys, table
from chalicelib.storage.items import item
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put


def find(tenant: str, user_id: str, *device_ids: str) -> tuple[dict[str, Device], User | None]:
    """Read devices by id, those that are there, and their user as of now, in one request."""
    wanted = {device_id: keys.device(tenant, user_id, device_id) for device_id in device_ids}
    owner = keys.user(tenant, user_id)
    found = table.batch_get([owner, *wanted.values()])
    known = {device_id: found[key].read(Device) for device_id, key in wanted.items() if key in found}
    return known, found[owner].read(User) if owner in found else None


def put(tenant: str, device: Device) -> Put:
    """What is written when somebody signs in or refreshes, on the condition that nobody else did meanwhile."""
    key = keys.device(tenant, device.user_id, device.id)
    written = item(key, "device", device, revision=device.version, expires_at=device.expires_at)
    return Put(written, table.at_revision(device.version - 1))


def page(tenant: str, user_id: str, *, limit: int, cursor: str | None) -> Page:
    """A page of somebody's devices, in order of signing in, also of those that are signed out by now."""
    partition = keys.devices(tenant, user_id)
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=keys.DEVICE_PREFIX)
