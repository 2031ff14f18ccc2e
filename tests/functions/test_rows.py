"""Rows and clocks: all that is wrong with a row at once, and times by whatever road they come."""

from typing import Any

import pytest

from chalicelib.domain.instants import wire
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant, new_order


@pytest.mark.parametrize(("path", "body"), [("/machines", {"id": "quarantine", "name": "Press"})])
def test_no_machine_is_called_as_a_path_is(plant: Plant, path: str, body: dict[str, Any]) -> None:
    assert plant.planner.post(path, body).fields() == {"id": "value_error"}


def test_a_row_tells_its_line_and_all_that_is_wrong_with_it(plant: Plant) -> None:
    wrong = new_order(
        quantity="5",
        colour="red",
        stages=[
            {"name": "", "machine_id": "M9"},
            {"name": "b", "assignee_ids": ["nobody"], "planned_end": wire(MORNING + 24 * HOUR)},
        ],
    )

    first, second = plant.planner.post("/workorders/import", {"rows": [wrong, new_order()]}).items

    assert (first["row"], first["line"], second["row"], second["line"]) == (0, 2, 1, 3)
    assert {each["field"].removeprefix("rows[0].") for each in first["error"]["errors"]} == {
        "quantity",
        "colour",
        "stages[0].name",
        "stages[0].machine_id",
        "stages[1].assignee_ids[0]",
        "stages[1].planned_end",
    }


@pytest.mark.parametrize("name", [":", "a.b", "stages.x"])
def test_a_column_with_any_name_is_unknown_and_the_rest_of_its_row_is_checked(plant: Plant, name: str) -> None:
    wrong = new_order(**{name: None}, stages=[{"name": "a", "machine_id": "M9"}])
    (row,) = plant.planner.post("/workorders/import", {"rows": [wrong]}).items
    told = {each["field"].removeprefix("rows[0]").removeprefix("."): each["code"] for each in row["error"]["errors"]}
    assert told == {name: "extra_forbidden", "stages[0].machine_id": "unknown"}


def test_a_row_whose_times_are_wrong_is_told_of_the_people_it_names_too(plant: Plant) -> None:
    plant.order(id="WO-1")
    wrong = new_order(
        id="WO-1", planned_start="soon", planned_end=5, stages=[{"stage_name": "a", "assignee_ids": ["nobody"], "x": 1}]
    )
    both = new_order(qty=5, lot_no="")
    rows = plant.planner.post("/workorders/import", {"rows": [wrong, both, new_order(id="WO-1", lot_no="")]}).items

    fields = [[each["field"].partition(".")[2] for each in row["error"]["errors"]] for row in rows]
    assert fields == [
        ["planned_start", "planned_end", "stages[0].x", "stages[0].assignee_ids[0]"],
        ["lot_no", "qty"],
        ["lot_no"],
    ]


@pytest.mark.usefixtures("set_clock")
@pytest.mark.parametrize("command", ["book", "assign", "replan", "skip", "reopen"])
def test_every_command_on_a_stage_takes_at_by_either_road(plant: Plant, command: str) -> None:
    plant.order(id="WO-1")
    times = {"started_at": wire(MORNING), "ended_at": wire(MORNING)}
    bodies: dict[str, Any] = {
        "book": times,
        "assign": {"user_ids": [plant.worker.id]},
        "replan": {"reason": "r", "name": "new"},
        "skip": {"reason": "r"},
        "reopen": {"reason": "r"},
    }
    if command == "reopen":
        plant.planner.post("/stages/WO-1-01/skip", {"reason": "r"})
    at, late = wire(MORNING - MINUTE), wire(MORNING + HOUR)
    sync = {"id": "c1", "command": command, "target": "WO-1-01", "payload": bodies[command], "at": late}

    (refused,) = plant.planner.post("/sync/commands", {"commands": [sync]}).items
    (applied,) = plant.planner.post("/sync/commands", {"commands": [sync | {"id": "c2", "at": at}]}).items

    assert [each["field"] for each in refused["error"]["errors"]] == ["at"]
    assert applied["result"] == "applied"
    assert plant.planner.get("/workorders/WO-1/history").items[-1]["at"] == at


@pytest.mark.usefixtures("set_clock")
def test_a_phone_that_is_thirty_seconds_slow_is_believed_and_told(plant: Plant) -> None:
    order = plant.order(id="WO-1")
    slow = "2026-01-05T07:59:30.000Z"
    assert order["created_at"] == wire(MORNING)

    started = plant.worker.post("/stages/WO-1-01/start", {"at": slow}, key="k")
    again = plant.worker.post("/stages/WO-1-01/start", {"at": slow}, key="k")
    command = {"id": "c1", "command": "pause", "target": "WO-1-01", "payload": {}, "at": slow}
    (paused,) = plant.worker.post("/sync/commands", {"commands": [command]}).items
    issue = plant.worker.post("/stages/WO-1-01/issue", {"type": "other", "description": "x", "at": slow})
    booked = plant.worker.post("/stages/WO-1-01/sessions", {"started_at": slow, "ended_at": slow})

    assert started.data["adjusted"] == again.data["adjusted"] == {"at": wire(MORNING)}
    assert started.data["started_at"] == wire(MORNING)
    assert paused["data"]["adjusted"] == issue.data["adjusted"] == {"at": wire(MORNING)}
    assert booked.data["adjusted"] == {"started_at": wire(MORNING), "ended_at": wire(MORNING)}
    assert plant.planner.get("/workorders/WO-1/history").items[1]["at"] == slow
    assert "adjusted" not in plant.worker.get("/stages/WO-1-01").data


@pytest.mark.parametrize(("name", "made"), [("pause", {}), ("report", {"good": 1}), ("done", {})])
def test_a_command_a_little_before_its_session_began_is_moved_to_its_start(
    plant: Plant, set_clock: SetClock, name: str, made: dict[str, Any]
) -> None:
    plant.order(id="WO-1")
    set_clock.set(MORNING + HOUR)
    plant.worker.post("/stages/WO-1-01/start")

    moved = plant.worker.post(f"/stages/WO-1-01/{name}", made | {"at": wire(MORNING + HOUR - MINUTE)})

    assert moved.data["adjusted"] == {"at": wire(MORNING + HOUR)}
