"""Metric endpoints: local days, and work that has not begun."""

from datetime import timedelta

import pytest

from chalicelib.domain.markers import Marker
from chalicelib.services.numbers import projections, settling
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.storage import markers
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import watched
from tests.services.aggregating import settle


@pytest.fixture
def worked(plant: Plant, set_clock: SetClock) -> str:
    """An order of one stage that was begun at once and done after half an hour, on a Monday."""
    stage = str(plant.order()["stages"][0]["id"])
    plant.worker.post(f"/stages/{stage}/start")
    set_clock.forward(30 * MINUTE)
    plant.worker.post(f"/stages/{stage}/done", {"good": 4})
    aggregate(lambda: timedelta(minutes=1))
    return stage


@pytest.mark.parametrize(
    "asked",
    [
        "from=2026-01-06&to=2026-01-05",
        "from=2024-12-02&to=2026-01-06",
        "from=2026-01-06",
        "to=today",
        "group_by=week",
        "value=x",
    ],
)
def test_a_range_of_days_ends_after_it_began_and_within_400_days(plant: Plant, set_clock: SetClock, asked: str) -> None:
    reply = plant.planner.get(f"/metrics/daily?{asked}")

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


def test_400_days_may_be_asked_for(plant: Plant) -> None:
    assert plant.planner.get("/metrics/daily?from=2024-12-03&to=2026-01-06").items == []


@pytest.mark.usefixtures("worked")
def test_a_day_tells_what_was_done_in_it(plant: Plant) -> None:
    (day,) = plant.planner.get("/metrics/daily").items

    assert day["date"] == "2026-01-05"
    assert day["finished"]["stages"]["done"] == day["finished"]["orders"]["done"] == 1
    assert (day["finished"]["stages"]["good"], day["time"]["pieces"]) == (4, 4)
    assert (day["time"]["run_minutes"], day["time"]["labour_minutes"]) == (30, 30)
    assert day["metrics"]["efficiency"]["value"] == 400
    assert day["complete"] is False


@pytest.mark.usefixtures("worked")
def test_a_past_day_is_as_it_was_last_made_and_complete_after_the_late_window(
    plant: Plant, set_clock: SetClock
) -> None:
    (today,) = plant.planner.get("/metrics/daily").items
    set_clock.set(MORNING + 24 * HOUR)
    (yesterday,) = plant.planner.get("/metrics/daily?from=2026-01-05&to=2026-01-05").items
    set_clock.set(MORNING + 72 * HOUR)
    (later,) = plant.planner.get("/metrics/daily").items

    fresh = {"as_of", "watermark", "complete"}
    assert [{n: v for n, v in day.items() if n not in fresh} for day in (today, yesterday)] == [
        {n: v for n, v in later.items() if n not in fresh}
    ] * 2
    assert [day["complete"] for day in (today, yesterday, later)] == [False, False, True]


def completeness(plant: Plant) -> dict[str, bool]:
    """Which days say that they are complete."""
    days = plant.planner.get("/metrics/daily?from=2026-01-01&to=2026-01-31").items
    return {day["date"]: day["complete"] for day in days}


def test_a_day_is_not_complete_while_a_session_is_open_over_it_nor_until_that_is_in_its_numbers(
    plant: Plant, worked: str, set_clock: SetClock
) -> None:
    second = str(plant.order()["stages"][0]["id"])
    plant.worker.post(f"/stages/{second}/start")
    set_clock.forward(96 * HOUR)
    assert completeness(plant) == {"2026-01-05": False}

    plant.worker.post(f"/stages/{second}/pause")
    assert completeness(plant) == {"2026-01-05": False}
    settle()

    assert completeness(plant) == {f"2026-01-0{day}": day < 8 for day in range(5, 10)}
    assert worked


def test_a_session_that_is_open_since_a_later_day_leaves_the_days_before_it_complete(
    plant: Plant, worked: str, set_clock: SetClock
) -> None:
    set_clock.forward(24 * HOUR)
    second = str(plant.order()["stages"][0]["id"])
    plant.worker.post(f"/stages/{second}/start")
    set_clock.forward(72 * HOUR)

    assert completeness(plant) == {"2026-01-05": True}
    assert worked


def test_a_change_that_cannot_be_aggregated_makes_the_days_it_concerns_incomplete(
    plant: Plant, worked: str, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    second = str(plant.order()["stages"][0]["id"])
    set_clock.forward(24 * HOUR)
    plant.worker.post(f"/stages/{second}/start")
    plant.worker.post(f"/stages/{second}/pause")
    settle()
    set_clock.forward(96 * HOUR)
    assert completeness(plant) == {"2026-01-05": True, "2026-01-06": True}
    monkeypatch.setattr(projections, "facts_of", lambda *_: 1 // 0)
    late = {"started_at": "2026-01-06T08:00:00Z", "ended_at": "2026-01-06T08:10:00Z", "worker_id": plant.worker.id}
    assert plant.planner.post(f"/stages/{second}/sessions", late).status == 201

    aggregate(lambda: timedelta(minutes=1))

    assert completeness(plant) == {"2026-01-05": True, "2026-01-06": False}
    assert worked


def test_where_too_much_waits_to_be_looked_at_no_day_is_complete(
    plant: Plant, worked: str, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock.forward(96 * HOUR)
    monkeypatch.setattr(settling, "MOST_MARKERS", 1)
    markers.write(Marker("m1", "default"))
    assert completeness(plant) == {"2026-01-05": True}
    markers.write(Marker("m2", "default"))
    markers.write(Marker("m3", "other"))

    assert completeness(plant) == {"2026-01-05": False}
    assert worked


def test_what_has_not_begun_is_measured_as_null_with_a_reason(plant: Plant, set_clock: SetClock) -> None:
    order = plant.order()
    stage = order["stages"][0]["id"]

    of_stage = plant.worker.get(f"/stages/{stage}/metrics").data
    of_order = plant.worker.get(f"/workorders/{order['id']}/metrics").data

    assert of_stage["actual_duration"] is of_order["lead_time_minutes"] is None
    assert of_stage["metrics"]["efficiency"]["reason"] == "not_done"
    assert of_order["metrics"]["lead_time"]["reason"] == "not_done"
    assert of_stage["as_of"] == "2026-01-05T08:00:00.000Z"


def test_the_catalogue_tells_every_metric_with_its_formula_and_a_computed_example(plant: Plant) -> None:
    told = plant.worker.get("/metrics/catalogue").data
    efficiency = next(each for each in told["metrics"] if each["name"] == "efficiency")

    assert (efficiency["formula"], efficiency["unit"]) == ("efficiency.v1", "percent")
    assert (efficiency["worked"]["value"], efficiency["worked"]["implausible"]) == (120, False)
    assert set(efficiency["reasons"]) <= set(told["reasons"])
    assert set(efficiency["doubts"]) <= set(told["doubts"])
    assert told["examples"][efficiency["example"]]["stages"][0]["name"] == "Enjeksiyon"


def test_the_metrics_of_a_stage_and_an_order_are_explained_when_asked(plant: Plant, worked: str) -> None:
    order = worked.rpartition("-")[0]
    for path in (f"/stages/{worked}/metrics", f"/workorders/{order}/metrics"):
        told = plant.worker.get(f"{path}?explain=1").data
        stage, session, *others = told["explanation"]["inputs"]
        assert (stage["kind"], stage["id"], stage["used"], stage["good"]) == ("stage", worked, True, 4)
        assert (session["kind"], session["minutes"], session["overlap_minutes"]) == ("session", 30, 0)
        assert [each["kind"] for each in others] == ["order", "setting"]
        assert told["metrics"]["labour"]["value"] == 30
        assert "explanation" not in plant.worker.get(path).data
        assert plant.worker.get(f"{path}?explain=2").status == 400


def test_inputs_come_in_pages_whose_cursor_needs_an_explanation(plant: Plant, worked: str) -> None:
    path = f"/stages/{worked}/metrics"
    whole = plant.worker.get(f"{path}?explain=1").data["explanation"]
    assert (whole["more"], whole["next_cursor"]) == (False, None)
    first = plant.worker.get(f"{path}?explain=1&limit=2").data["explanation"]
    assert (first["inputs"], first["more"]) == (whole["inputs"][:2], True)
    rest = plant.worker.get(f"{path}?explain=1&limit=500&cursor={first['next_cursor']}").data["explanation"]
    assert [*first["inputs"], *rest["inputs"]] == whole["inputs"]
    refused = [f"cursor={first['next_cursor']}", "explain=1&cursor=x", "explain=1&limit=501", "explain=1&limit=0"]
    assert [plant.worker.get(f"{path}?{asked}").status for asked in refused] == [400] * 4


def test_an_explanation_costs_no_request_more(plant: Plant, worked: str) -> None:
    for path in (f"/stages/{worked}/metrics", f"/workorders/{worked.rpartition('-')[0]}/metrics"):
        for asked in ("", "?explain=1"):
            with watched() as called:
                plant.planner.get(f"{path}{asked}")
            assert len(called) == 1, (path, asked)
