"""Keys of what is computed from orders: facts and sums of days, what remains, and the markers that request them.

And of the calendars by which machine time is computed.
"""

from datetime import datetime
from urllib.parse import quote

from chalicelib.domain.digests import digest
from chalicelib.storage.keys.orders import order
from chalicelib.storage.keys.shape import IndexPlace, Key, of, time_key

REMAINING = "REMAINING"
LATE = "LATE"
LONGEST_VALUE = 200
"""GSI1 partition: orders of all tenants of which more will be late, by the instant. Only the aggregation reads it."""


def marker(bucket: str, tenant: str, group: str, marker_id: str) -> Key:
    """A marker of a tenant. Those of one group stand side by side: of hours of machines, or of orders and days."""
    return Key(markers(bucket), f"{tenant}#{group}#{marker_id}")


def markers(bucket: str) -> str:
    """The partition of the markers of one bucket."""
    return f"DIRTY#{bucket}"


def projection(tenant: str, order_id: str) -> Key:
    """The head of an order's projection. The entries of its facts sort after it."""
    return Key(order(tenant, order_id).pk, "PROJECTION")


def projected(tenant: str, order_id: str, date: str, kind: str, identity: str) -> Key:
    """The entry of a fact that an order has stored in a day."""
    head = projection(tenant, order_id)
    return Key(head.pk, f"{head.sk}#{date}#{kind}#{identity}")


def day(tenant: str, date: str) -> str:
    """The partition of the facts of a local day."""
    return of(tenant, "DAY", date)


def day_fact(tenant: str, date: str, kind: str, identity: str) -> Key:
    """One fact of a local day: an order or a stage that ended, or a session in that day."""
    return Key(day(tenant, date), f"{kind}#{identity}")


def done_stages(tenant: str, product_code: str) -> str:
    """GSI1 partition: the facts of the done stages of a product, by their end. The code is as codes are compared."""
    return of(tenant, "PRODUCT", product_code, "DONE")


def done_stage(tenant: str, product_code: str, ended_at: datetime, stage_id: str) -> Key:
    """The place of a done stage in the list of its product."""
    return Key(done_stages(tenant, product_code), time_key(ended_at, stage_id))


def id_of_fact(sort_key: str) -> str:
    """The id of the order, the stage or the session that a fact is about, from its sort key."""
    return subject_of_fact(sort_key)[1]


def subject_of_fact(sort_key: str) -> tuple[str, str]:
    """What a fact is about (an order, a stage or a session) and its id, from its sort key."""
    subject, _, identity = sort_key.partition("#")
    return subject, identity


def session_facts(tenant: str, date: str) -> Key:
    """The partition of the facts of a local day, and the beginning of the sort keys of those of sessions."""
    return day_fact(tenant, date, "SESSION", "")


def daily(tenant: str, dimension: str, date: str) -> Key:
    """The sums of a local day in one dimension, of the plant as a whole. Those of the values sort after it."""
    return Key(of(tenant, "DAILY", dimension), date)


def daily_of_value(tenant: str, dimension: str, date: str, value: str) -> Key:
    """The sums of a local day of one value of a dimension."""
    at = daily(tenant, dimension, date)
    return Key(at.pk, f"{at.sk}#{_written(value)}")


def days_between(first: str, last: str, after: str) -> tuple[str, str]:
    """The range of sort keys of the sums of days, both included, but only after a sort key.

    A space sorts before everything that a key may go on with, and `~` after it.
    """
    return max(first, f"{after} "), f"{last}~"


def _written(value: str) -> str:
    """A text of people in a key. A `#` and letters beyond ASCII are written as in a URL.

    A long text ends with its digest, because a key has at most 1,024 bytes. No other text has a `!`.
    """
    written = quote(value, safe="")
    return written if len(written) <= LONGEST_VALUE else f"{written[:LONGEST_VALUE]}!{digest(value.encode())}"


def calendar(tenant: str, calendar_id: str) -> Key:
    """The calendar of a machine, or of the plant."""
    return Key(of(tenant, "CALENDARS"), calendar_id)


def remaining(tenant: str) -> Key:
    """The counts of what remains of a plant."""
    return Key(of(tenant, REMAINING), REMAINING)


def remaining_of_order(tenant: str, order_id: str) -> Key:
    """What remains of an order. It sorts after the order's projection: one query reads both, the projection first."""
    return Key(order(tenant, order_id).pk, REMAINING)


def remaining_orders(tenant: str) -> str:
    """GSI2 partition: the orders of which something remains, by id."""
    return of(tenant, REMAINING)


def late_after(instant: datetime, tenant: str, order_id: str) -> IndexPlace:
    """The place of an order of which more will be late after an instant."""
    return LATE, time_key(instant, f"{tenant}#{order_id}")


def late_order(place: str) -> tuple[str, str]:
    """The tenant and the id of the order of a place."""
    _, tenant, order_id = place.split("#", 2)
    return tenant, order_id
