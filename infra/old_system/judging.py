"""Judging the rows of an old system: what comes over, what is doubtful, what stays, and what the plant was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from infra.old_system import issues, orders, things
from infra.old_system.orders import Known
from infra.old_system.plant import OldPlant
from infra.old_system.remarks import Remarks, stays
from infra.old_system.tables import Tables, identified
from infra.old_system.verdicts import Verdict

USERS = "users"
JUDGED = frozenset(
    {
        orders.ORDERS, orders.STAGES, orders.ASSIGNMENTS, issues.TABLE,
        things.MACHINES, things.READINGS, things.PRODUCTS, things.MOULDS,
    }
)  # fmt: skip
WITHOUT = {
    "notifications": "Takip tells people itself what they have to know; the issues that these are about come over.",
    "alembic_version": "It is the version of the old schema, which Takip does not have.",
}
UNKNOWN = "Takip does not know this table."


@dataclass(frozen=True)
class Judged:
    """The verdicts on all rows of all tables but that of people, and the plant that comes over."""

    verdicts: Sequence[Verdict]
    plant: OldPlant


def judged(tables: Tables, planned_timezone: ZoneInfo, now: datetime) -> Judged:
    """Judge every row of every table but that of people. No row is without a verdict, whatever is in it.

    Plans are read as the wall clock of `planned_timezone`, all other times as UTC.
    """
    remarks = Remarks(tables)
    machines = things.machines(remarks)
    people = frozenset(row_id for row_id, _ in identified(tables.get(USERS, ())) if isinstance(row_id, int))
    known = Known(people, frozenset(each.id for each in machines), planned_timezone, now)
    coming = orders.judged(remarks, known)
    products = things.products(remarks, coming)
    good, refused = things.readings(tables, remarks, {each.id: each for each in machines}, now)
    others = [name for name in tables if name != USERS]
    for name in others:
        for row_id, _ in identified(tables[name]) if name not in JUDGED else ():
            remarks.add(name, row_id, stays(WITHOUT.get(name, UNKNOWN)))
    return Judged(remarks.verdicts(others), OldPlant(machines, products, coming, good, refused))
