"""What a question for daily numbers costs, and how large its answer can be."""

import json
from dataclasses import fields
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.numbers.day_sums import DaySums, FinishedOrders, FinishedStages, WorkedTime
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.storage import table
from chalicelib.storage.numbers import daily_sums
from chalicelib.storage.numbers.daily_sums import Daily
from tests.conftest import SetClock
from tests.floor import MORNING, Plant
from tests.machines import watched

DAYS = 400
FIRST = date(2024, 12, 2)
LAST = FIRST + timedelta(days=DAYS - 1)
LARGE = Decimal("123456789.125")


def _large(sums: type[Any]) -> dict[str, Any]:
    """A large number for each sum of a group of sums."""
    return {each.name: LARGE if isinstance(each.default, Decimal) else 987_654_321 for each in fields(sums)}


def fill(group: Group, longest: int = 20) -> None:
    """Give a group sums of 400 days, with as many reasons as a tenant can have."""
    reasons = [f"{n:02d}".ljust(longest, "x") for n in range(50)]
    sums = DaySums(
        FinishedStages(**_large(FinishedStages)),
        FinishedOrders(**_large(FinishedOrders)),
        WorkedTime(
            **_large(WorkedTime)
            | {
                "scrap_by_reason": dict.fromkeys(reasons, LARGE),
                "pauses_by_reason": dict.fromkeys(reasons, 99),
                "paused_by_reason": dict.fromkeys(reasons, 987_654_321),
            }
        ),
        facts=198,
        recorded=198,
    )
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    made = [Daily(day, sums, MORNING, 1, (), group) for day in days]
    table.batch_put([daily_sums.to_put(DEFAULT_TENANT, each).item for each in made])


def test_400_days_fit_in_one_answer_with_50_reasons_each(plant: Plant) -> None:
    fill(WHOLE, longest=40)

    reply = plant.planner.get(f"/metrics/daily?from={FIRST}&to={LAST}")

    assert (len(reply.items), reply.data.get("next_cursor")) == (DAYS, None)
    assert len(json.dumps(reply.body, ensure_ascii=False).encode()) < 5_900_000


@pytest.mark.parametrize(
    ("asked", "requests"),
    [
        # Two for what is waited for, one for the sums, one for the issues of the plant or for the plant's own sums.
        ("", 4),
        ("&group_by=product", 4),
        # The days of one value are read 100 in a request.
        ("&group_by=product&value=P-1", 7),
        ("&group_by=product&value=P-1&limit=100", 4),
    ],
)
def test_a_question_costs_a_few_requests(plant: Plant, set_clock: SetClock, asked: str, requests: int) -> None:
    for group in (WHOLE, Group(Dimension.PRODUCT, "P-1")):
        daily_sums.put(DEFAULT_TENANT, Daily(FIRST, DaySums(facts=1, recorded=1), MORNING, 1, (), group))
    plant.planner.get("/metrics/daily")
    with watched() as called:
        assert plant.planner.get(f"/metrics/daily?from={FIRST}&to={LAST}{asked}").status == 200

    assert len(called) == requests


def test_shifts_cost_a_request_for_each_day_and_four_more(plant: Plant, set_clock: SetClock) -> None:
    plant.planner.get("/metrics/daily")
    with watched() as called:
        assert plant.planner.get("/metrics/daily?group_by=shift&from=2026-01-01&to=2026-01-31").status == 200

    assert len(called) == 31 + 1 + 4
