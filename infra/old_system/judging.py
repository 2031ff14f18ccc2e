"""Judging the rows of an old system: what comes over, what is doubtful, what stays, and what the plant was."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from infra.old_system import issues, orders, people, things
from infra.old_system.orders import Known
from infra.old_system.people import USERS
from infra.old_system.plant import OldPlant
from infra.old_system.remarks import Remarks, beyond, stays
from infra.old_system.tables import Tables, identified
from infra.old_system.verdicts import Verdict

WITHOUT = {
    "notifications": "Takip tells people itself what they have to know; the issues that these are about come over.",
    "alembic_version": "It is the version of the old schema, which Takip does not have.",
}
COLUMNS = {
    orders.ORDERS: {
        "product_code", "lot_no", "qty", "produced_qty", "planned_start", "planned_end", "created_by", "machine_id",
    },
    orders.STAGES: {
        "work_order_id", "stage_name", "planned_start", "planned_end", "actual_start", "actual_end", "status",
        "paused_at", "resumed_at",
    },
    orders.ASSIGNMENTS: {"user_id", "work_order_stage_id"},
    issues.TABLE: {
        "work_order_stage_id", "type", "description", "status", "created_by", "acknowledged_at", "resolved_at",
    },
    things.MACHINES: {"name", "machine_type", "location", "status"},
    things.READINGS: {"machine_id", "reading_type", "value", "timestamp"},
    things.PRODUCTS: {
        "code", "name", "description", "cavity_count", "cycle_time_sec", "injection_temp_c", "mold_temp_c", "material",
        "part_weight_g", "hourly_production", "deleted_at",
    },
    things.MOULDS: {"code", "name", "description", "product_id", "status", "deleted_at"},
}  # fmt: skip
"""The columns of which Takip keeps something, or which say whether a row comes."""
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
    _, coming_people = people.judged(tables)
    known = Known(
        frozenset(each.number for each in coming_people),
        frozenset(each.number for each in coming_people if not each.can_sign_in),
        frozenset(each.id for each in machines),
        planned_timezone,
        now,
    )
    coming = orders.judged(remarks, known)
    products = things.products(remarks, coming)
    good, refused = things.readings(tables, remarks, {each.id: each for each in machines}, now)
    others = [name for name in tables if name != USERS]
    for name in others:
        for row_id, row in identified(tables[name]):
            if name not in COLUMNS:
                remarks.add(name, row_id, stays(WITHOUT.get(name, UNKNOWN)))
            else:
                remarks.add(name, row_id, *beyond(COLUMNS[name], row))
    return Judged(remarks.verdicts(others), OldPlant(machines, products, coming, good, refused))
