"""Helpers of tests that judge rows of an old system: rows that are right by default, and their verdicts."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from infra.old_system.judging import Judged, judged
from infra.old_system.plant import OldOrder, OldStage
from infra.old_system.tables import Row
from infra.old_system.verdicts import Verdict

NOW = datetime(2026, 1, 5, 8, tzinfo=UTC)
ISTANBUL, BERLIN = ZoneInfo("Europe/Istanbul"), ZoneInfo("Europe/Berlin")
ORDER: Row = {
    "id": 1, "product_code": "P", "lot_no": "L", "qty": 10, "planned_start": "2025-11-03T10:00:00",
    "planned_end": "2025-11-03T12:00:00",
}  # fmt: skip
STAGE: Row = {"id": 1, "work_order_id": 1, "stage_name": "Montaj", "status": "planned"}
ISSUE: Row = {
    "id": 1,
    "work_order_stage_id": 1,
    "type": "quality",
    "description": "x",
    "created_at": "2025-11-03T09:00:00",
}


def judge(zone: ZoneInfo = ISTANBUL, **tables: Sequence[Row]) -> Judged:
    return judged(tables, zone, NOW)


def verdict(found: Judged, table: str, row_id: int | str = 1) -> Verdict:
    return next(each for each in found.verdicts if (each.table, str(each.row_id)) == (table, str(row_id)))


def order_of(stages: Sequence[Row] = (STAGE,), zone: ZoneInfo = ISTANBUL, **fields: Any) -> tuple[OldOrder, Verdict]:
    found = judge(zone, work_orders=[{**ORDER, **fields}], work_order_stages=stages)
    return found.plant.orders[0], verdict(found, "work_orders")


def stage_of(**fields: Any) -> tuple[OldStage, Verdict]:
    found = judge(work_orders=[ORDER], work_order_stages=[{**STAGE, **fields}])
    return found.plant.orders[0].stages[0], verdict(found, "work_order_stages")


def issue_of(*more: Row, **fields: Any) -> tuple[Any, Verdict]:
    found = judge(
        users=[{"id": 4, "username": "ayşe"}],
        work_orders=[ORDER],
        work_order_stages=[STAGE],
        issues=[{**ISSUE, **fields}, *more],
    )
    return found.plant.orders[0].stages[0].issues, verdict(found, "issues")


def utc(hour: int, minute: int = 0) -> datetime:
    return datetime(2025, 11, 3, hour, minute, tzinfo=UTC)
