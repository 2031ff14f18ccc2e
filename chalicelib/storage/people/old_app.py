"""Who used the app of the old system, in the table: an item for each person and day. It expires after 60 days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from chalicelib.domain.people.app_versions import OldAppUse
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import people as keys

KEPT_FOR = timedelta(days=60)


def put(tenant: str, use: OldAppUse, now: datetime) -> None:
    """Note that a person used it. The same again changes nothing but when the note expires."""
    table.put(item(keys.old_app_use(tenant, use.day, use.user_id), "old_app_use", use, expires_at=now + KEPT_FOR))


def since(tenant: str, day: date) -> Iterator[OldAppUse]:
    """Read who used it from a day on, by day."""
    found = table.query(keys.old_app_uses(tenant), between=(str(day), "~"))
    return (each.read(OldAppUse) for each in found)
