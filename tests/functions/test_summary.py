"""The summary endpoint: the state of a plant now, and what it finished today."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.domain.instants import wire
from chalicelib.services import tenants
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import watched
from tests.services.aggregating import run

PATH = "/metrics/summary"
COUNTS = ("running", "late", "late_stages", "late_orders", "blocked", "held", "forgotten", "inputs_count")
NO_ISSUES = {"low": 0, "normal": 0, "high": 0, "critical": 0}


def summary(plant: Plant) -> Any:
    run()
    reply = plant.planner.get(PATH)
    assert reply.status == 200, reply.body
    return reply.data


def test_a_plant_where_nothing_was_done_yet_shows_noughts_and_says_why(plant: Plant, set_clock: SetClock) -> None:
    shown = summary(plant)

    assert shown["now"] == dict.fromkeys(COUNTS, 0) | {
        "open_issues": NO_ISSUES,
        "forgotten_sessions": [],
        "as_of": wire(MORNING),
        "watermark": None,
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
def test_counts_follow_a_change_with_the_next_aggregation(plant: Plant, set_clock: SetClock) -> None:
    before = summary(plant)["now"]
    set_clock.forward(MINUTE)
    plant.planner.post("/workorders/WO-3/release", {"reason": "there it is"})

    meanwhile = plant.planner.get(PATH).data["now"]
    after = summary(plant)["now"]

    assert meanwhile == before | {"as_of": wire(set_clock())}
    assert (before["held"], after["held"]) == (1, 0)
    assert (meanwhile["watermark"], after["watermark"]) == (wire(set_clock() - MINUTE), wire(set_clock()))


def test_unresolved_issues_of_machines_are_counted_beside_those_of_stages(plant: Plant, set_clock: SetClock) -> None:
    plant.planner.post("/machines", {"id": "PRESS", "name": "Press"})
    tooling, other = (
        plant.worker.post("/machines/PRESS/issue", {"type": kind, "description": "It rattles.", "priority": "high"})
        for kind in ("tooling", "other")
    )
    issue = tooling.data
    assert other.status == 201
    assert summary(plant)["now"]["open_issues"] == NO_ISSUES | {"high": 2}

    plant.planner.patch(f"/issues/{issue['id']}", {"status": "resolved", "cause": "worn"}, If_Match="*")
    assert summary(plant)["now"]["open_issues"] == NO_ISSUES | {"high": 1}
    plant.planner.patch(f"/issues/{issue['id']}", {"priority": "low", "status": "open"}, If_Match="*")
    now = summary(plant)["now"]

    assert (now["open_issues"], now["inputs_count"]) == (NO_ISSUES | {"high": 1, "low": 1}, 2)


def test_what_becomes_late_is_counted_although_nobody_does_anything(plant: Plant, set_clock: SetClock) -> None:
    plant.order(id="LATE")
    assert summary(plant)["now"]["late"] == 0

    set_clock.set(MORNING + HOUR)
    assert summary(plant)["now"]["late"] == 0
    set_clock.set(MORNING + HOUR + timedelta(milliseconds=1))
    now = summary(plant)["now"]

    assert (now["late_stages"], now["late_orders"]) == (1, 1)


@pytest.mark.usefixtures("_work")
def test_it_costs_three_requests_however_many_orders_there_are(plant: Plant, set_clock: SetClock) -> None:
    def cost() -> list[str]:
        plant.planner.get(PATH)
        with watched() as called:
            plant.planner.get(PATH)
        return called

    set_clock.set(MORNING + 13 * HOUR)
    few = cost()
    for n in range(30):
        plant.order(id=f"MORE-{n}")
    shown = summary(plant)["now"]

    assert (shown["inputs_count"], shown["forgotten"]) == (8 + 60, 1)
    assert few == cost() == ["Query", "BatchGetItem", "Query"]


@pytest.mark.usefixtures("_work")
def test_a_summary_in_which_nothing_changed_is_not_sent_again(floor: Plant, set_clock: SetClock) -> None:
    run()
    tag = floor.planner.get(PATH).headers["ETag"]
    set_clock.forward(MINUTE)
    again = floor.planner.get(PATH, If_None_Match=tag)
    assert (again.status, again.headers["ETag"]) == (304, tag)
    floor.worker.post("/stages/WO-2-01/pause")
    assert floor.planner.get(PATH, If_None_Match=tag).status == 200
