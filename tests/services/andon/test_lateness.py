"""Late orders: told once, when the planned end and the grace have passed."""

from datetime import timedelta

import pytest

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.andon.timers import Outcome
from chalicelib.storage import table
from tests.conftest import SetClock
from tests.disturbances import at_commit
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import standing
from tests.services.andon.escalations import tick, told


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """The stage of an order that ends in an hour."""
    return str(plant.order(id="WO-1")["stages"][0]["id"])


def late() -> list[str]:
    """The late orders that were told, with their planned end."""
    return [f"{data['work_order_id']} {data['planned_end'][11:16]}" for data in told("order.late")]


def ends(at: timedelta) -> dict[str, object]:
    return {"reason": "replanned", "planned_end": (MORNING + at).isoformat(), "move_stages": False}


def test_an_order_that_has_not_ended_is_told_late_once(plant: Plant, stage: str, set_clock: SetClock) -> None:
    plant.worker.post(f"/stages/{stage}/start")
    set_clock.forward(HOUR - MINUTE)
    assert tick() == Outcome()
    set_clock.forward(MINUTE)
    with at_commit(before=tick):
        assert tick() == Outcome()
    assert (tick(), late(), standing("timer")) == (Outcome(), ["WO-1 09:00"], [])
    (data,) = told("order.late")
    assert (data["status"], data["by"], data["reason"]) == ("in_progress", None, None)


def test_an_order_that_ended_or_was_cancelled_is_not_late(plant: Plant, stage: str, set_clock: SetClock) -> None:
    plant.worker.post(f"/stages/{stage}/start")
    plant.worker.post(f"/stages/{stage}/done", {"good": 10})
    plant.order(id="WO-2", lot_no="L-2")
    plant.planner.post("/workorders/WO-2/cancel", {"reason": "given up"})
    set_clock.forward(2 * HOUR)
    assert (tick(), late(), standing("timer")) == (Outcome(), [], [])


def test_another_planned_end_is_another_lateness(plant: Plant, stage: str, set_clock: SetClock) -> None:
    assert plant.planner.patch("/workorders/WO-1", ends(3 * HOUR), If_Match="*").status == 200
    set_clock.forward(HOUR)
    assert (tick(), late()) == (Outcome(), [])
    set_clock.forward(2 * HOUR)
    assert (tick(), late()) == (Outcome(late=1), ["WO-1 11:00"])
    plant.planner.patch("/workorders/WO-1", ends(4 * HOUR), If_Match="*")
    set_clock.forward(HOUR)
    assert (tick(), late()) == (Outcome(late=1), ["WO-1 11:00", "WO-1 12:00"])
    plant.planner.patch("/workorders/WO-1", {"reason": "urgent", "priority": 9}, If_Match="*")
    assert standing("timer") == []


def test_the_grace_of_the_plant_is_waited_for(plant: Plant, stage: str, set_clock: SetClock) -> None:
    tenants.change(DEFAULT_TENANT, {"grace": 30 * MINUTE})
    tenants.forget_settings()
    set_clock.forward(HOUR)
    assert (tick(), late()) == (Outcome(), [])
    set_clock.forward(30 * MINUTE)
    assert (tick(), late()) == (Outcome(late=1), ["WO-1 09:00"])


def test_a_reopened_order_may_be_late_again(plant: Plant, stage: str, set_clock: SetClock) -> None:
    plant.worker.post(f"/stages/{stage}/start")
    plant.worker.post(f"/stages/{stage}/done", {"good": 10})
    set_clock.forward(2 * HOUR)
    tick()
    plant.planner.post(f"/stages/{stage}/reopen", {"reason": "three are missing"})
    assert (tick(), late(), tick()) == (Outcome(late=1), ["WO-1 09:00"], Outcome())


def test_a_plan_that_changes_at_the_same_time_wins(plant: Plant, stage: str, set_clock: SetClock) -> None:
    set_clock.forward(HOUR)
    with at_commit(before=lambda: plant.planner.patch("/workorders/WO-1", ends(3 * HOUR), If_Match="*")):
        assert tick() == Outcome()
    assert (tick(), late(), len(standing("timer"))) == (Outcome(), [], 1)


def test_an_order_that_is_gone_is_not_told(stage: str, set_clock: SetClock) -> None:
    set_clock.forward(HOUR)
    table.batch_delete(standing("order"))
    assert (tick(), late(), standing("timer")) == (Outcome(), [], [])
