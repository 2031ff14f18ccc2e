"""Replanning orders and stages: the baseline stays, stages move along, and an old version is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.instants import wire
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.functions.etags import version_in

START, END = MORNING - HOUR, MORNING + HOUR
WHY = {"reason": "material is late"}


def later(by: timedelta, **fields: Any) -> dict[str, Any]:
    return {**WHY, "planned_start": wire(START + by), "planned_end": wire(END + by), **fields}


def windows(order: Any) -> list[tuple[str, str]]:
    return [(stage["planned_start"], stage["planned_end"]) for stage in order["stages"]]


def span(start: datetime, end: datetime) -> tuple[str, str]:
    return wire(start), wire(end)


@pytest.fixture
def order(floor: Plant) -> Any:
    """An order of two hours with two stages of one; the worker is assigned to both."""
    stages = [{"name": name, "assignee_ids": [floor.worker.id]} for name in ("Enjeksiyon", "Montaj")]
    return floor.order(*stages, id="WO-1")


@pytest.mark.usefixtures("order")
def test_stages_move_along_and_the_baseline_stays(floor: Plant) -> None:
    moved = floor.planner.patch("/workorders/WO-1", later(2 * HOUR), If_Match='"1"')

    assert (moved.status, version_in(moved.headers["ETag"])) == (200, 2)
    assert windows(moved.data) == [span(START + 2 * HOUR, MORNING + 2 * HOUR), span(MORNING + 2 * HOUR, END + 2 * HOUR)]
    assert (moved.data["baseline_start"], moved.data["baseline_end"]) == span(START, END)
    assert moved.data["stages"][0]["baseline_start"] == wire(START)


@pytest.mark.usefixtures("order")
def test_what_has_ended_does_not_move(floor: Plant) -> None:
    floor.planner.post("/stages/WO-1-01/skip", WHY)
    moved = floor.planner.patch("/workorders/WO-1", later(HOUR), If_Match="*").data

    assert windows(moved) == [span(START, MORNING), span(MORNING + HOUR, END + HOUR)]


@pytest.mark.usefixtures("order")
def test_a_stage_that_would_fall_outside_is_named(floor: Plant) -> None:
    refused = floor.planner.patch("/workorders/WO-1", later(HOUR, move_stages=False), If_Match="*")
    assert (refused.status, refused.fields()) == (422, {"stages[0].planned_start": "outside_order"})
    shorter = floor.planner.patch("/workorders/WO-1", WHY | {"planned_end": wire(MORNING)}, If_Match="*")
    assert shorter.fields() == {"stages[1].planned_end": "outside_order"}
    empty = floor.planner.patch("/workorders/WO-1", WHY | {"planned_end": wire(START)}, If_Match="*")
    assert empty.fields() == {"planned_end": "after_start"}


@pytest.mark.usefixtures("order")
def test_quantity_and_priority_change_alone(floor: Plant) -> None:
    changed = floor.planner.patch("/workorders/WO-1", WHY | {"quantity": 12, "priority": 9}, If_Match="*").data
    assert (changed["quantity"], changed["priority"]) == (12, 9)
    assert windows(changed) == [span(START, MORNING), span(MORNING, END)]


@pytest.mark.parametrize("path", ["/workorders/WO-1", "/stages/WO-1-01"])
@pytest.mark.usefixtures("order")
def test_a_change_says_which_version_it_was_decided_on(floor: Plant, path: str) -> None:
    body = {**WHY, "planned_end": wire(END)} if "orders" in path else {**WHY, "name": "Kesim"}
    missing = floor.planner.patch(path, body)
    assert (missing.status, missing.error["code"]) == (428, "ERR_COMMAND_VERSION_REQUIRED")
    floor.worker.post("/stages/WO-1-02/start")
    stale = floor.planner.patch(path, body, If_Match='"1"')
    assert (stale.status, stale.error["code"]) == (412, "ERR_COMMAND_STALE_VERSION")
    assert floor.planner.patch(path, body, If_Match='"2"').status == 200


@pytest.mark.usefixtures("order")
def test_a_stage_gets_other_times_within_its_order(floor: Plant) -> None:
    body = WHY | {"planned_start": wire(START + MINUTE), "name": "Kesim", "machine_id": "M1"}
    changed = floor.planner.patch("/stages/WO-1-01", body, If_Match="*").data
    assert (changed["planned_start"], changed["name"], changed["machine_id"]) == (wire(START + MINUTE), "Kesim", "M1")
    assert changed["baseline_start"] == wire(START)

    outside = floor.planner.patch("/stages/WO-1-01", WHY | {"planned_end": wire(END + HOUR)}, If_Match="*")
    assert outside.fields() == {"planned_end": "outside_order"}
    unknown = floor.planner.patch("/stages/WO-1-01", WHY | {"machine_id": "M9"}, If_Match="*")
    assert unknown.fields() == {"machine_id": "unknown"}


@pytest.mark.usefixtures("order")
def test_a_closed_order_is_not_replanned(floor: Plant) -> None:
    floor.planner.post("/workorders/WO-1/cancel", WHY)
    refused = floor.planner.patch("/workorders/WO-1", later(HOUR), If_Match="*")
    assert (refused.status, refused.error["code"]) == (409, "ERR_ORDER_ILLEGAL_TRANSITION")
    refused = floor.planner.patch("/stages/WO-1-01", WHY | {"name": "x"}, If_Match="*")
    assert refused.error["code"] == "ERR_STAGE_ILLEGAL_TRANSITION"


@pytest.mark.usefixtures("order")
def test_a_dry_run_shows_what_would_be_and_changes_nothing(floor: Plant) -> None:
    shown = floor.planner.patch("/workorders/WO-1?dry_run=1", later(HOUR), If_Match='"1"').data
    assert shown["planned_start"] == wire(START + HOUR)
    assert floor.planner.get("/workorders/WO-1").data["planned_start"] == wire(START)


def test_what_does_not_touch_times_is_changed_also_where_the_times_do_not_fit(floor: Plant) -> None:
    order = floor.order({"name": "Enjeksiyon"}, {"name": "Montaj"}, id="WO-7")
    floor.planner.post("/stages/WO-7-01/skip", {"reason": "not needed"})
    moved = {"planned_start": order["planned_end"], "planned_end": "2026-02-01T08:00:00Z", "reason": "later"}
    assert floor.planner.patch("/workorders/WO-7", moved, If_Match="*").status == 200
    floor.planner.post("/stages/WO-7-01/reopen", {"reason": "needed"})

    urgent = floor.planner.patch("/workorders/WO-7", {"reason": "urgent", "priority": 9}, If_Match="*")
    named = floor.planner.patch("/stages/WO-7-01", {"reason": "its name", "name": "Pres"}, If_Match="*")
    assert (urgent.data["priority"], named.data["name"]) == (9, "Pres")
