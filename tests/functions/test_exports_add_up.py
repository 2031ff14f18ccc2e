"""Exports of a real factory's quarter add up to its daily numbers, in a spreadsheet as in a program."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.floor import Plant
from tests.functions.exporting import MEDIA_TYPE, joined
from tests.stored_log import FIRST, LAST, stored_job_shop

Row = dict[str, str]
QUARTER = f"from={FIRST}&to={LAST}"
OF_STAGES = ("planned_seconds", "run_seconds", "labour_seconds", "delay_seconds", "good", "scrap", "rework")


@pytest.fixture
def shop(plant: Plant) -> list[str]:
    """The ids of the orders of the quarter that are stored."""
    return [worked.order.id for worked in stored_job_shop(one_in=25)]


def exported(plant: Plant, what: str, more: str = "", limit: int = 29) -> list[Row]:
    text = joined(plant.planner, f"/exports/{what}?{QUARTER}{more}&limit={limit}")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def summed(rows: Iterable[Row], by: Any, *columns: str) -> dict[str, list[Decimal]]:
    """The sums of columns, as a pivot table makes them. An empty cell is nothing."""
    sums: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0)] * len(columns))
    for row in rows:
        sums[by(row)] = [was + Decimal(row[name] or 0) for was, name in zip(sums[by(row)], columns, strict=True)]
    return {group: each for group, each in sums.items() if any(each)}


def of(column: str) -> Any:
    return lambda row: row[column]


def local_day(row: Row) -> str:
    return str(datetime.fromisoformat(row["ended_at"]).astimezone(ZoneInfo("Europe/Istanbul")).date())


def test_sums_of_rows_are_the_sums_of_days(plant: Plant, shop: list[str]) -> None:
    days, stages, sessions, orders = (exported(plant, what) for what in ("daily", "stages", "sessions", "orders"))

    assert len(orders) == len(shop)
    of_days = summed(days, of("date"), "labour_seconds", "pieces")
    assert summed(sessions, of("date"), "labour_seconds", "good") == of_days
    of_stages = summed(days, of("date"), *(f"stages_{name}" for name in OF_STAGES))
    assert summed(stages, local_day, *OF_STAGES) == of_stages
    leads = summed(days, of("date"), "orders_lead_time_seconds")
    assert summed(orders, local_day, "lead_time_seconds") == leads
    assert sum(int(day["stages_done"]) for day in days) == len(stages)


@pytest.mark.parametrize("dimension", ["product", "stage", "worker", "machine"])
def test_sums_of_rows_are_the_sums_of_groups(plant: Plant, shop: list[str], dimension: str) -> None:
    column = {"product": "product_code", "stage": "stage_name"}.get(dimension, f"{dimension}_id")
    days = exported(plant, "daily", f"&group_by={dimension}")
    sessions = exported(plant, "sessions")

    assert {row["group"] for row in days} == {dimension}
    assert summed(sessions, of(column), "labour_seconds", "good") == summed(
        days, of("value"), "labour_seconds", "pieces"
    )


def test_percentages_are_sums_over_sums(plant: Plant, shop: list[str]) -> None:
    for day in exported(plant, "daily"):
        if run := Decimal(day["stages_run_seconds"]):
            planned = Decimal(day["stages_planned_seconds"])
            assert round(100 * planned / run, 3) == Decimal(day["efficiency_percent"])
        assert (day["efficiency_reason"] == "") is bool(run)


def test_all_pages_are_in_both_forms_the_same_rows(plant: Plant, shop: list[str]) -> None:
    for what in ("daily", "orders", "stages", "sessions", "issues"):
        rows = exported(plant, what)
        objects, more = [], ""
        while True:
            reply = plant.planner.get(f"/exports/{what}?{QUARTER}&limit=60{more}")
            objects += reply.items
            if "Next-Cursor" not in reply.headers:
                break
            more = f"&cursor={reply.headers['Next-Cursor']}"
        assert [row.get("id") for row in rows] == [each.get("id") for each in objects]


def test_an_export_of_a_quarter_is_read_by_requests_of_a_bounded_size(plant: Plant, shop: list[str]) -> None:
    for what in ("daily", "orders", "stages", "sessions"):
        reply = plant.planner.get(f"/exports/{what}?{QUARTER}&limit=400", Accept=MEDIA_TYPE)
        assert len(reply.body.encode()) < 5_000_000
