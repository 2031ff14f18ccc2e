"""Calendars in the table: one item for the plant, and one for each machine that has its own."""

from collections.abc import Iterable

from chalicelib.domain.numbers.calendars import Calendar
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def find(tenant: str, calendar_id: str) -> Calendar | None:
    """Read a calendar, consistently; None if there is none."""
    return lookup.find(keys.calendar(tenant, calendar_id), Calendar)


def find_first(tenant: str, *calendar_ids: str) -> Calendar | None:
    """Read the first of these calendars that there is, in one request."""
    wanted = [keys.calendar(tenant, each) for each in calendar_ids]
    items = table.batch_get(wanted)
    return next((items[key].read(Calendar) for key in wanted if key in items), None)


def find_all(tenant: str, calendar_ids: Iterable[str]) -> dict[str, Calendar]:
    """Read calendars by id, 100 a request, consistently. Ids without a calendar are left out."""
    items = table.batch_get(keys.calendar(tenant, each) for each in calendar_ids)
    calendars = [item.read(Calendar) for item in items.values()]
    return {calendar.id: calendar for calendar in calendars}


def put(tenant: str, calendar: Calendar) -> Write:
    """The write of a calendar, on the condition that nobody else changed it since."""
    written = item(keys.calendar(tenant, calendar.id), "calendar", calendar, revision=calendar.revision)
    return Write((Put(written, table.follows(written)),))
