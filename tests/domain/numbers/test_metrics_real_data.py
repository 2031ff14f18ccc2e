"""Logs of real factories give the separately checked numbers."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.numbers import metrics, order_metrics, stage_metrics
from chalicelib.domain.numbers.day_sums import summed
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.orders.statuses import OrderStatus
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.real_factories import TODAY, Worked, bottling_line, folder, job_shop, rows


def numbers(worked: Worked, stage: Stage | None = None) -> dict[str, Any]:
    if stage is None:
        measured = order_metrics.of_order(worked.order, worked.sessions, TODAY, DEFAULT_SETTINGS)
    else:
        measured = stage_metrics.of_stage(worked.order, stage, worked.sessions, TODAY, DEFAULT_SETTINGS)
    return {name: metric.value for name, metric in measured.metrics.items()} | {"sessions": measured.inputs_count}


@pytest.fixture(scope="module")
def shop() -> dict[str, Worked]:
    return job_shop()


@pytest.fixture(scope="module")
def checked(shop: dict[str, Worked]) -> dict[str, Any]:
    answers: dict[str, Any] = json.loads((folder("production_log") / "expected.json").read_text(encoding="utf-8"))
    assert answers["totals"]["orders"] == len(shop) == 75
    return answers


@pytest.fixture(scope="module")
def batches() -> dict[str, Worked]:
    return bottling_line()


def test_case_3_of_the_job_shop(shop: dict[str, Worked]) -> None:
    found = numbers(shop["Case 3"])
    assert [found[name] for name in ("lead_time", "actual_duration", "labour")] == [26_976, 2_080, 2_162]


def test_every_order_of_the_job_shop_is_as_checked(shop: dict[str, Worked], checked: dict[str, Any]) -> None:
    for case, answer in checked["orders"].items():
        found = numbers(shop[case])
        assert (case, found["lead_time"]) == (case, answer["lead_minutes"])
        assert (case, found["actual_duration"]) == (case, answer["run_minutes"])
        assert (case, found["labour"], found["sessions"]) == (case, answer["labour_minutes"], answer["sessions"])
        assert sum(stage.scrap for stage in shop[case].order.stages) == answer["rejected"]
        assert shop[case].order.status is OrderStatus.DONE


def test_every_stage_of_the_job_shop_is_as_checked(shop: dict[str, Worked], checked: dict[str, Any]) -> None:
    compared = 0
    for case, order in checked["orders"].items():
        assert {stage.name for stage in shop[case].order.stages} == set(order["stages"])
        for stage in shop[case].order.stages:
            answer, found = order["stages"][stage.name], numbers(shop[case], stage)
            assert stage.started_at == datetime.fromisoformat(answer["first_start"]).replace(tzinfo=UTC)
            assert stage.ended_at == datetime.fromisoformat(answer["last_end"]).replace(tzinfo=UTC)
            assert found["actual_duration"] == answer["run_minutes"]
            assert (found["labour"], found["sessions"]) == (answer["labour_minutes"], answer["sessions"])
            assert [stage.good, stage.scrap, stage.rework] == [answer["good"], answer["rejected"], answer["mrb"]]
            compared += 1
    assert compared == checked["totals"]["stages"] == 453


def test_the_days_of_the_job_shop_add_up_to_its_quarter(shop: dict[str, Worked], checked: dict[str, Any]) -> None:
    facts = [facts_of(worked.order, worked.sessions, DEFAULT_SETTINGS) for worked in shop.values()]
    everything = summed(fact for of_order in facts for fact in of_order.values())
    by_day = [summed(each[key] for each in facts for key in each if key.day == day) for day in _days(facts)]
    minute = 60_000
    labour = sum(order["labour_minutes"] for order in checked["orders"].values())
    assert everything.time.labour == sum(day.time.labour for day in by_day) == labour * minute
    assert everything.time.pieces == sum(day.time.pieces for day in by_day) == checked["totals"]["good"]
    assert sum(day.stages.done for day in by_day) == checked["totals"]["stages"]
    assert sum(day.orders.lead for day in by_day) == minute * sum(
        order["lead_minutes"] for order in checked["orders"].values()
    )


def _days(facts: list[Any]) -> list[Any]:
    return sorted({key.day for of_order in facts for key in of_order})


def test_every_batch_of_the_bottling_line_is_as_checked(batches: dict[str, Worked]) -> None:
    answers = rows(folder("bottling_line") / "expected_batches.csv")
    assert len(answers) == len(batches) == 38
    for answer in answers:
        found = numbers(batches[answer["batch"]])
        assert [found[name] for name in ("planned_duration", "actual_duration", "delay")] == [
            int(answer[name]) for name in ("planned", "actual", "delay")
        ]
        assert found["is_late"] is (int(answer["delay"]) > 0)


def test_batch_422147_is_107_minutes_late_and_422148_crosses_midnight(batches: dict[str, Worked]) -> None:
    assert numbers(batches["422147"])["delay"] == 107
    order = batches["422148"].order
    assert order.started_at is not None
    assert order.ended_at == order.started_at + timedelta(minutes=130)


def test_the_bottling_line_as_a_whole_is_as_checked(batches: dict[str, Worked]) -> None:
    found = [numbers(batch) for batch in batches.values()]
    planned, actual, delay = (
        sum(each[name] for each in found) for name in ("planned_duration", "actual_duration", "delay")
    )
    assert (planned, actual, delay) == (2_470, 3_858, 1_388)
    assert metrics.ratio("efficiency", planned, actual, empty="no_run").value == Decimal("64.023")
    assert [each["is_late"] for each in found].count(False) == 3
