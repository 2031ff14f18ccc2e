"""The summary endpoint: the state of a plant now, and what it finished today."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.domain.instants import wire
from chalicelib.services import tenants
from chalicelib.services.numbers.aggregation import aggregate
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant, Reply
from tests.machines import watched

PATH = "/metrics/summary"
COUNTS = ("running", "late", "late_stages", "late_orders", "blocked", "held", "forgotten", "inputs_count")
NO_ISSUES = {"low": 0, "normal": 0, "high": 0, "critical": 0}


def summary(plant: Plant) -> Any:
    reply = plant.planner.get(PATH)
    assert reply.status == 200, reply.body
    return reply.data


def test_a_plant_where_nothing_was_done_yet_shows_noughts_and_says_why(plant: Plant, set_clock: SetClock) -> None:
    shown = summary(plant)

    assert shown["now"] == dict.fromkeys(COUNTS, 0) | {
        "open_issues": NO_ISSUES,
        "forgotten_sessions": [],
        "as_of": wire(MORNING),
    }
    today = shown["today"]
    assert (today["date"], today["done"]) == ("2026-01-05", {"stages": 0, "orders": 0})
    assert (today["late_open"], today["late_open_orders"]) == (0, 0)
    assert {(each["value"], each["reason"]) for each in today["metrics"].values()} == {(None, "no_data")}
    assert (today["as_of"], today["watermark"], today["complete"]) == (wire(MORNING), None, False)


@pytest.fixture
def _work(floor: Plant, set_clock: SetClock) -> None:
    """Five orders, each due after an hour: one done in time, one late, one at work, one held, one only planned."""
    for n in range(5):
        floor.order(id=f"WO-{n}", number=f"N-{n}")
    for n in range(4):
        floor.worker.post(f"/stages/WO-{n}-01/start", {"machine_id": "M1"})
    floor.planner.post("/workorders/WO-3/hold", {"reason": "no drawing"})
    floor.worker.post("/stages/WO-2-01/issue", {"type": "quality", "description": "scratches", "priority": "high"})
    floor.planner.post("/stages/WO-3-01/issue", {"type": "tooling", "description": "blunt", "blocking": True})
    set_clock.forward(HOUR)
    floor.worker.post("/stages/WO-0-01/done", {"good": 10})
    set_clock.forward(MINUTE)
    floor.worker.post("/stages/WO-1-01/done", {"good": 10})


@pytest.mark.usefixtures("_work")
def test_the_plant_is_summed_up_as_it_stands(plant: Plant) -> None:
    now = summary(plant)["now"]

    assert (now["running"], now["late"], now["blocked"], now["held"]) == (1, 3, 1, 1)
    assert now["open_issues"] == NO_ISSUES | {"normal": 1, "high": 1}
    assert (now["forgotten"], now["inputs_count"]) == (0, 3 + 3 + 2)


@pytest.mark.usefixtures("_work")
def test_today_is_what_the_days_tell_of_it(plant: Plant) -> None:
    aggregate(lambda: timedelta(minutes=1))

    today = summary(plant)["today"]

    (day,) = plant.planner.get("/metrics/daily").items
    assert today["done"] == {kind: day["finished"][kind]["done"] for kind in ("stages", "orders")}
    assert today["done"] == {"stages": 2, "orders": 2}
    assert [today["metrics"][name]["value"] for name in ("on_time_rate", "order_on_time_rate")] == [50, 50]
    assert today["metrics"].items() <= day["metrics"].items()
    around = ("date", "window", "as_of", "watermark", "revision", "complete", "inputs_count")
    assert {name: today[name] for name in around} == {name: day[name] for name in around}
    assert (today["late_open"], today["late_open_orders"]) == (3, 3)


def test_late_stages_and_late_orders_are_counted_each_for_themselves(plant: Plant, set_clock: SetClock) -> None:
    half = {"duration_minutes": 60}
    plant.order({"name": "a", **half}, {"name": "b", **half}, id="BOTH")
    plant.order({"name": "a", **half}, {"name": "b", **half}, id="FIRST")
    plant.order(id="IN-TIME", planned_end=(MORNING + 9 * HOUR).isoformat())
    set_clock.set(MORNING + HOUR + MINUTE)
    moved = {"planned_end": (MORNING + 9 * HOUR).isoformat(), "move_stages": False, "reason": "more time"}
    assert plant.planner.patch("/workorders/FIRST", moved, If_Match="*").status == 200

    now = summary(plant)["now"]

    assert (now["late"], now["late_stages"], now["late_orders"]) == (4, 4, 1)


@pytest.mark.usefixtures("_work")
def test_a_session_open_for_longer_than_the_plant_allows_is_shown_as_forgotten(
    plant: Plant, set_clock: SetClock
) -> None:
    set_clock.set(MORNING + 12 * HOUR)
    assert summary(plant)["now"]["forgotten"] == 0

    set_clock.forward(MINUTE)
    now = summary(plant)["now"]

    session = plant.planner.get("/stages/WO-2-01").data["open_sessions"][0]["id"]
    assert now["forgotten"] == 1
    assert now["forgotten_sessions"] == [
        {
            "id": session,
            "stage_id": "WO-2-01",
            "order_number": "N-2",
            "worker_id": plant.worker.id,
            "machine_id": "M1",
            "started_at": wire(MORNING),
        }
    ]
    tenants.change("default", {"forgotten_after": timedelta(hours=13)})
    remembered.forget_everything()
    assert summary(plant)["now"]["forgotten"] == 0


@pytest.mark.usefixtures("_work")
def test_it_costs_four_requests_and_more_only_where_much_goes_on(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    first: Reply = plant.planner.get(PATH)

    with watched() as called:
        again = plant.planner.get(PATH)
    monkeypatch.setattr("moto.dynamodb.models.table.RESULT_SIZE_LIMIT", 1000)
    with watched() as in_pages:
        paged = plant.planner.get(PATH)

    assert called == ["Query", "Query", "Query", "GetItem"]
    assert len(in_pages) > 4
    assert [each.data["now"]["inputs_count"] for each in (first, again, paged)] == [8] * 3
