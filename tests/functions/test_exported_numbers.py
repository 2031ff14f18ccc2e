"""Exports of stages, sessions and days: what is in a row, and when."""

import pytest

from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, Plant
from tests.functions.exporting import make_orders, rows_of
from tests.services.aggregating import settle


@pytest.fixture
def _orders(plant: Plant, set_clock: SetClock) -> None:
    make_orders(plant, set_clock)


@pytest.mark.usefixtures("_orders")
def test_a_stage_is_a_row_with_its_times_once_it_is_aggregated(plant: Plant) -> None:
    early = {row["id"]: row for row in plant.planner.get("/exports/stages").items}
    settle()
    ended = {row["id"]: row for row in plant.planner.get("/exports/stages").items}
    active = plant.planner.get("/exports/stages?state=active").items

    assert set(ended) == {"WO-0-01", "WO-1-01"}
    assert [row["id"] for row in active] == ["WO-2-01", "WO-3-01", "WO-4-01"]
    assert (early["WO-1-01"]["run_seconds"], early["WO-1-01"]["run_reason"]) == (None, "not_aggregated")
    done, cancelled = ended["WO-1-01"], ended["WO-0-01"]
    assert (done["run_seconds"], done["labour_seconds"], done["delay_seconds"]) == (3600, 3600, 7200)
    assert (done["efficiency_percent"], done["efficiency_reason"], done["quality_percent"]) == (200, None, 100)
    assert (done["order_number"], done["quantity"], done["good"], done["is_late"]) == ("N-1", 11, 11, True)
    assert (done["assignee_ids"], done["start_delay_seconds"]) == ([plant.worker.id], 10_800)
    assert (cancelled["run_reason"], cancelled["delay_seconds"], cancelled["delay_reason"]) == (
        "cancelled",
        None,
        "cancelled",
    )
    assert active[0]["efficiency_reason"] == "not_done"


@pytest.mark.usefixtures("_orders")
def test_a_session_is_a_row_in_each_of_its_days_and_its_correction_takes_its_place(
    plant: Plant, set_clock: SetClock
) -> None:
    plant.planner.post("/stages/WO-2-01/start")
    plant.planner.post("/stages/WO-2-01/report", {"good": 3, "scrap": 2, "scrap_reason": "surface", "rework": 1})
    set_clock.forward(24 * HOUR)
    session = plant.planner.post("/stages/WO-2-01/pause", {"pause_reason": "material"}).status
    assert session == 200
    (recorded,) = plant.planner.get("/stages/WO-2-01/sessions").items
    settle()
    parts = [row for row in plant.planner.get("/exports/sessions").items if row["stage_id"] == "WO-2-01"]
    corrected = plant.planner.post(
        f"/stages/WO-2-01/sessions/{recorded['id']}/correct", {"good": 4, "reason": "counted again"}
    ).data
    settle()
    (first, last) = [row for row in plant.planner.get("/exports/sessions").items if row["stage_id"] == "WO-2-01"]

    assert [(row["date"], row["good"], row["pause_reason"]) for row in parts] == [
        ("2026-01-05", 0, None),
        ("2026-01-06", 3, "material"),
    ]
    assert sum(row["labour_seconds"] for row in parts) == 24 * 3600
    assert (parts[1]["scrap"], parts[1]["scrap_reasons"], parts[1]["rework"]) == (2, {"surface": 2}, 1)
    assert (parts[1]["stage_name"], parts[1]["product_code"], parts[1]["worker_id"]) == (
        "Montaj",
        "P-1",
        plant.planner.id,
    )
    assert {first["id"], last["id"]} == {corrected["id"]}
    assert (last["good"], last["scrap"], last["corrects"]) == (4, 2, recorded["id"])


@pytest.mark.usefixtures("_orders")
def test_a_day_is_a_row_of_sums_and_of_the_issues_of_the_plant(plant: Plant) -> None:
    settle()
    (day,) = plant.planner.get("/exports/daily").items
    (group,) = plant.planner.get("/exports/daily?group_by=stage").items

    assert (day["date"], day["group"], day["stages_done"], day["stages_run_seconds"]) == ("2026-01-05", None, 1, 3600)
    assert (day["issues_reported"], day["issues_resolved"], day["efficiency_percent"]) == (5, 2, 200)
    assert (group["group"], group["value"], group["pieces"], group["issues_reported"]) == ("stage", "Montaj", 11, None)


@pytest.mark.usefixtures("_orders")
def test_a_day_has_what_was_lost_and_why(plant: Plant, set_clock: SetClock) -> None:
    plant.planner.post("/stages/WO-2-01/start")
    plant.planner.post("/stages/WO-2-01/report", {"scrap": 2, "scrap_reason": "surface"})
    plant.planner.post("/stages/WO-2-01/pause", {"pause_reason": "material"})
    set_clock.forward(MINUTE)
    plant.planner.post("/stages/WO-2-01/start")
    plant.planner.post("/stages/WO-2-01/pause", {"pause_reason": "break"})
    settle()
    (day,) = plant.planner.get("/exports/daily").items
    (row,) = rows_of(plant.planner, "/exports/daily", limit=9)[0]

    assert (day["scrap_by_reason"], day["paused_seconds_by_reason"]) == ({"surface": 2}, {"material": 60})
    assert (row["scrap_by_reason"], row["pauses_by_reason"]) == ("surface=2", "break=1 material=1")
    assert (day["reason"], day["last_stage_pieces"], day["quality_percent"], day["effectiveness_reason"]) == (
        None,
        11,
        100,
        "no_standard",
    )


@pytest.mark.usefixtures("_orders")
def test_a_shift_is_a_row_and_the_time_outside_all_of_them_too(plant: Plant) -> None:
    shifts = [{"name": "early", "start": "06:00", "end": "14:00", "days": ["mon"]}]
    calendar = {"valid_from": "2026-01-05", "shifts": shifts}
    reply = plant.planner.put("/calendars/default", calendar, If_Match="*")
    settle()
    rows = plant.planner.get("/exports/daily?group_by=shift").items

    assert reply.status == 200
    assert [(row["group"], row["value"], row["reason"]) for row in rows] == [
        ("shift", "early", None),
        ("shift", None, "outside_shifts"),
    ]
    assert sum(row["labour_seconds"] for row in rows) == 3600


def test_days_are_exported_of_a_year_at_most(plant: Plant) -> None:
    assert plant.planner.get("/exports/daily?group_by=shift&from=2024-01-01&to=2024-02-02").status == 400
    assert plant.planner.get("/exports/daily?from=2024-01-01&to=2025-12-31").status == 400
    assert plant.planner.get("/exports/sessions?from=2024-01-02&to=2024-01-01").status == 400
