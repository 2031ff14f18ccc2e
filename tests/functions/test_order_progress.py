"""How far orders are, in a list, without a request for each."""

from typing import Any

import pytest

from chalicelib.storage import table
from chalicelib.storage.keys import orders as keys
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, Plant
from tests.machines import watched

PROGRESS = ("good", "stages_done", "stages_skipped", "stages_total")
NO_ISSUES = {"low": 0, "normal": 0, "high": 0, "critical": 0}


@pytest.fixture
def _order(plant: Plant, set_clock: SetClock) -> None:
    """An order that is 5 minutes late: the first stage is done, the second has made 4; three issues are open."""
    stages = [{"name": name, "assignee_ids": [plant.worker.id]} for name in ("a", "b")]
    plant.order(*stages, id="WO-1")
    for command, made in (("start", {}), ("done", {"good": 9})):
        assert plant.worker.post(f"/stages/WO-1-01/{command}", made).status == 200
    plant.worker.post("/stages/WO-1-02/start")
    plant.worker.post("/stages/WO-1-02/report", {"good": 4})
    for stage, kind, priority in ((1, "quality", "high"), (2, "tooling", "high"), (2, "operator", "low")):
        issue = {"type": kind, "description": "x", "priority": priority}
        assert plant.worker.post(f"/stages/WO-1-0{stage}/issue", issue).status == 201
    set_clock.forward(HOUR + 5 * MINUTE)


def listed(plant: Plant) -> Any:
    (order,) = plant.planner.get("/workorders").items
    return order


@pytest.mark.usefixtures("_order")
def test_a_list_tells_how_far_an_order_is_and_how_it_keeps_its_plan(plant: Plant) -> None:
    order, metrics = listed(plant), plant.planner.get("/workorders/WO-1/metrics").data

    assert [order[name] for name in PROGRESS] == [4, 1, 0, 2]
    assert order["open_issues"] == NO_ISSUES | {"high": 2, "low": 1}
    assert (order["delay_minutes"], order["is_late"], order["reasons"]) == (5, True, {})
    assert (order["delay_minutes"], order["is_late"]) == (metrics["delay_minutes"], metrics["is_late"])


@pytest.mark.usefixtures("_order")
def test_an_order_tells_the_same_of_itself_but_what_changes_with_time(plant: Plant) -> None:
    order, alone = listed(plant), plant.planner.get("/workorders/WO-1").data

    assert {name: alone[name] for name in (*PROGRESS, "open_issues", "reasons")}.items() <= order.items()
    assert set(order) - set(alone) == {"delay_minutes", "is_late"}


@pytest.mark.usefixtures("_order")
def test_answered_issues_are_counted_by_what_they_are_now(plant: Plant) -> None:
    high, low = plant.planner.get("/stages/WO-1-02/issues").items
    assert plant.planner.patch(f"/issues/{high['id']}", {"priority": "critical"}).status == 200
    assert plant.planner.patch(f"/issues/{low['id']}", {"status": "resolved"}).status == 200

    assert listed(plant)["open_issues"] == NO_ISSUES | {"high": 1, "critical": 1}


@pytest.mark.usefixtures("_order")
def test_a_cancelled_order_is_neither_late_nor_in_time(plant: Plant) -> None:
    assert plant.planner.post("/workorders/WO-1/cancel", {"reason": "not wanted"}).status == 200

    (order,) = plant.planner.get("/workorders?status=cancelled").items

    assert (order["delay_minutes"], order["is_late"]) == (None, None)
    assert order["reasons"] == {"delay_minutes": "cancelled", "is_late": "cancelled"}


@pytest.mark.usefixtures("_order")
def test_a_list_tells_the_next_stage_if_asked_and_costs_one_request_more(plant: Plant) -> None:
    plant.order(id="WO-2")
    plant.planner.post("/workorders/WO-2/cancel", {"reason": "not wanted"})
    asked = "/workorders?status=in_progress&status=cancelled&order=newest&next_stage=1"
    plant.planner.get(asked)

    with watched() as called:
        cancelled, going = plant.planner.get(asked).items

    assert len(called) == 2
    assert "next_stage" not in cancelled
    stage = {"id": "WO-1-02", "position": 2, "name": "b", "status": "in_progress", "machine_id": None}
    assert going["next_stage"] == stage
    assert "next_stage" not in plant.planner.get("/workorders").items[0]


@pytest.mark.usefixtures("_order")
def test_nobody_is_told_the_next_stage_who_may_not_see_it(plant: Plant) -> None:
    assert [order.get("next_stage") for order in plant.other.get("/workorders?next_stage=1").items] == [None]
    assert plant.worker.get("/workorders?next_stage=1").items[0]["next_stage"]["name"] == "b"
    assert plant.planner.get("/workorders?status=cancelled&next_stage=1").items == []


@pytest.mark.usefixtures("_order")
def test_a_page_of_orders_costs_one_request(plant: Plant) -> None:
    plant.planner.get("/workorders")  # from now on the settings of the tenant are known

    with watched() as called:
        plant.planner.get("/workorders")

    assert called == ["Query"]


@pytest.mark.usefixtures("_order")
def test_a_head_written_before_says_that_it_does_not_know(plant: Plant) -> None:
    head = table.get(keys.order("default", "WO-1"))
    assert head is not None
    for stage in head.data["progress"]:
        del stage["open_issues"]
    table.put(head)

    order, alone = listed(plant), plant.planner.get("/workorders/WO-1").data

    assert (order["open_issues"], order["reasons"]) == (None, {"open_issues": "not_recorded"})
    assert (order["good"], order["stages_done"], order["delay_minutes"]) == (4, 1, 5)
    assert (alone["open_issues"], alone["reasons"]) == (NO_ISSUES | {"high": 2, "low": 1}, {})
