"""Stage endpoints: the commands, and the lists of work."""

from typing import Any

import pytest

from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Person, Plant, Reply, pages

COMMANDS = ["start", "pause", "report", "done", "sessions"]
BOOKED = {"started_at": "2026-01-05T08:00:00Z", "ended_at": "2026-01-05T08:00:00Z"}
BODIES: dict[str, dict[str, Any]] = {"report": {"good": 1}, "sessions": BOOKED}


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """A stage of the worker, planned until an hour from now."""
    return str(plant.order(id="WO-1")["stages"][0]["id"])


def give(person: Person, stage: str, command: str, body: dict[str, Any] | None = None, **headers: str) -> Reply:
    """Give a command on a stage, with a body that would do."""
    wanted = BODIES.get(command, {}) if body is None else body
    return person.post(f"/stages/{stage}/{command}", wanted, **headers)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_stage_of_somebody_else_is_not_there(plant: Plant, stage: str, command: str) -> None:
    other, missing = give(plant.other, stage, command), give(plant.other, "WO-9-01", command)

    assert other.status == missing.status == 404
    assert other.error["code"] == "ERR_STAGE_NOT_FOUND"


@pytest.mark.parametrize("path", ["", "/metrics", "/sessions", "/issues"])
def test_nothing_is_read_of_a_stage_of_somebody_else(plant: Plant, stage: str, path: str) -> None:
    assert plant.worker.get(f"/stages/{stage}{path}").status == 200
    assert plant.other.get(f"/stages/{stage}{path}").error["code"] == "ERR_STAGE_NOT_FOUND"


@pytest.mark.parametrize("missing", ["WO-1-02", "WO-1-1", "WO-1-001", "WO-1", "x", "WO-1-²", "-01", "WO-9-01"])
def test_a_stage_that_is_not_there_is_not_found_whatever_it_is_called(plant: Plant, stage: str, missing: str) -> None:
    assert stage == "WO-1-01"
    assert plant.planner.get(f"/stages/{missing}").status == 404
    assert give(plant.planner, missing, "start").status == 404


def test_a_day_of_work_runs_through(plant: Plant, stage: str, set_clock: SetClock) -> None:
    started = give(plant.worker, stage, "start").data
    assert (started["status"], started["started_at"]) == ("in_progress", "2026-01-05T08:00:00.000Z")
    assert started["allowed"] == ["pause", "report", "done", "book"]
    set_clock.forward(10 * MINUTE)
    assert give(plant.worker, stage, "report", {"good": 3, "scrap": 1, "scrap_reason": "surface"}).data["good"] == 3
    paused = give(plant.worker, stage, "pause", {"pause_reason": "break", "note": "tea"}).data
    assert (paused["status"], paused["open_sessions"]) == ("paused", [])
    set_clock.forward(10 * MINUTE)
    give(plant.worker, stage, "start")
    set_clock.forward(10 * MINUTE)
    done = give(plant.worker, stage, "done", {"good": 7}).data
    assert (done["status"], done["good"], done["scrap"], done["ready"]) == ("done", 10, 1, False)
    assert done["ended_at"] == done["actual_end"] == "2026-01-05T08:30:00.000Z"

    first, second = plant.worker.get(f"/stages/{stage}/sessions").items
    assert (first["good"], first["scrap_reasons"], first["pause_reason"], first["note"]) == (
        3,
        {"surface": 1},
        "break",
        "tea",
    )
    assert (second["good"], second["started_at"]) == (7, "2026-01-05T08:20:00.000Z")
    measured = plant.worker.get(f"/stages/{stage}/metrics").data
    assert (measured["actual_duration"], measured["elapsed_minutes"], measured["is_late"]) == (20, 30, False)
    assert plant.planner.get("/workorders/WO-1").data["status"] == "done"
    assert plant.worker.get("/workorders/WO-1/metrics").data["on_time_percent"] == 100


def test_what_the_status_does_not_allow_is_refused_with_what_it_does(plant: Plant, stage: str) -> None:
    reply = give(plant.worker, stage, "done")

    assert (reply.status, reply.error["code"]) == (409, "ERR_STAGE_ILLEGAL_TRANSITION")
    assert reply.error["allowed"] == ["start", "book"]
    assert "since" in reply.error


def test_a_second_start_and_a_pause_without_session_are_refused(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start")

    assert give(plant.worker, stage, "start").error["code"] == "ERR_SESSION_ALREADY_OPEN"
    assert give(plant.planner, stage, "pause").error["code"] == "ERR_SESSION_NONE_OPEN"
    assert give(plant.planner, stage, "report").error["code"] == "ERR_SESSION_NONE_OPEN"


@pytest.mark.parametrize("command", COMMANDS)
def test_a_worker_speaks_for_nobody_else(plant: Plant, stage: str, command: str) -> None:
    give(plant.worker, stage, "start")

    refused = give(plant.worker, stage, command, BODIES.get(command, {}) | {"worker_id": plant.other.id})

    assert refused.status in {403, 409}
    assert refused.error["code"] in {"ERR_STAGE_OTHER_WORKER", "ERR_SESSION_ALREADY_OPEN"}
    assert plant.planner.get(f"/stages/{stage}").data["version"] == 2


def test_a_planner_acts_for_any_active_worker(plant: Plant, stage: str) -> None:
    give(plant.planner, stage, "start", {"worker_id": plant.other.id})

    booked = give(plant.planner, stage, "sessions", BOOKED | {"worker_id": plant.other.id, "good": 2})

    assert booked.status == 201
    assert "Location" not in booked.headers
    assert (booked.data["worker_id"], booked.data["booked_by"], booked.data["good"]) == (
        plant.other.id,
        plant.planner.id,
        2,
    )


@pytest.mark.parametrize(("field", "value"), [("worker_id", "nobody"), ("machine_id", "none")])
def test_unknown_people_and_machines_are_named(plant: Plant, stage: str, field: str, value: str) -> None:
    for command in ("start", "sessions"):
        reply = give(plant.planner, stage, command, (BOOKED if command == "sessions" else {}) | {field: value})
        assert (reply.status, reply.fields()) == (422, {field: "unknown"})


def test_good_beyond_the_quantity_needs_a_planners_reason(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start")

    refused = give(plant.worker, stage, "report", {"good": 11, "reason": "please"})

    assert (refused.status, refused.error["code"]) == (409, "ERR_STAGE_OVER_QUANTITY")
    mine = {"worker_id": plant.worker.id, "good": 11}
    assert give(plant.planner, stage, "report", mine).status == 409
    assert give(plant.planner, stage, "report", mine | {"reason": "customer agreed"}).data["good"] == 11


def test_a_reason_for_scrap_needs_scrap(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start")

    assert give(plant.worker, stage, "report", {"good": 1, "scrap_reason": "setup"}).fields() == {
        "scrap_reason": "value_error"
    }
    assert give(plant.worker, stage, "report", {"scrap": -1, "scrap_reason": "setup"}).fields() == {
        "scrap": "greater_than_equal"
    }


@pytest.mark.parametrize("at", ["2026-01-05T08:05:00.001Z", "2026-01-05T07:54:59.999Z", "2025-12-29T07:59:59Z"])
def test_a_workers_time_is_judged_by_field(plant: Plant, stage: str, at: str) -> None:
    assert list(give(plant.worker, stage, "start", {"at": at}).fields()) == ["at"]


def test_assigning_says_who_may_work(plant: Plant, stage: str) -> None:
    path = f"/stages/{stage}/assignees"

    reply = plant.planner.put(path, {"user_ids": [plant.other.id, plant.other.id]})

    assert reply.data["assignee_ids"] == [plant.other.id]
    assert plant.worker.get(f"/stages/{stage}").status == 404
    assert plant.other.get(f"/stages/{stage}").status == 200
    unknown = plant.planner.put(path, {"user_ids": [plant.other.id, "nobody"]})
    assert unknown.fields() == {"user_ids[1]": "unknown"}
    crowd = [plant.hire(f"w{n}", plant.worker.actor.role).id for n in range(31)]
    assert list(plant.planner.put(path, {"user_ids": crowd}).fields()) == ["user_ids"]
    assert plant.planner.put("/stages/WO-9-01/assignees", {"user_ids": []}).status == 404
    give(plant.other, stage, "start")
    give(plant.other, stage, "done")
    assert plant.planner.put(path, {"user_ids": []}).error["code"] == "ERR_STAGE_ILLEGAL_TRANSITION"


def test_somebody_taken_off_a_stage_may_still_end_their_session(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start")
    plant.planner.put(f"/stages/{stage}/assignees", {"user_ids": []})

    assert give(plant.worker, stage, "done").error["code"] == "ERR_STAGE_NOT_ASSIGNED"
    assert give(plant.worker, stage, "pause").status == 200
    assert give(plant.worker, stage, "start").status == 404


@pytest.fixture
def _work(plant: Plant, set_clock: SetClock) -> None:
    """Four stages in four orders, the later the sooner due; WO-1 is done, WO-2 begun, WO-3 of somebody else."""
    for n in range(4):
        who = plant.other if n == 3 else plant.worker
        start, end = (MORNING + (hours - n) * HOUR for hours in (10, 20))
        stage = {"name": "s", "assignee_ids": [who.id]}
        plant.order(stage, id=f"WO-{n}", planned_start=start.isoformat(), planned_end=end.isoformat())
    for command, order in (("start", "WO-1"), ("done", "WO-1"), ("start", "WO-2")):
        assert give(plant.worker, f"{order}-01", command).status == 200


@pytest.mark.usefixtures("_work")
@pytest.mark.parametrize(
    ("who", "asked", "shown"),
    [
        ("worker", "", ["WO-2-01", "WO-0-01"]),
        ("worker", "assignee=me&status=planned", ["WO-0-01"]),
        ("worker", "status=done", ["WO-1-01"]),
        ("other", "status=done", []),
        ("worker", "due_before=2026-01-06T03:00:00Z", ["WO-2-01"]),
        ("other", "", ["WO-3-01"]),
        ("planner", "", ["WO-3-01", "WO-2-01", "WO-0-01"]),
        ("planner", "assignee=me", []),
        ("planner", "status=done", ["WO-1-01"]),
        ("planner", "status=in_progress&status=paused", ["WO-2-01"]),
        ("planner", "due_before=2026-01-06T02:00:00Z", ["WO-3-01"]),
        ("planner", "due_after=2026-01-06T02:00:00Z", ["WO-2-01", "WO-0-01"]),
        ("planner", "status=done&due_before=2026-01-06T03:00:00Z", []),
    ],
)
def test_work_is_listed_as_asked(plant: Plant, who: str, asked: str, shown: list[str]) -> None:
    assert [stage["id"] for stage in plant.everybody()[who].get(f"/stages?{asked}").items] == shown


@pytest.mark.usefixtures("_work")
def test_what_is_done_is_asked_for_apart(plant: Plant) -> None:
    reply = plant.planner.get("/stages?status=done&status=planned")

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


@pytest.mark.usefixtures("_work")
@pytest.mark.parametrize("who", ["worker", "planner"])
def test_pages_of_work_follow_one_another(plant: Plant, who: str) -> None:
    person = plant.everybody()[who]

    assert pages(person, "/stages?") == person.get("/stages").items


@pytest.mark.usefixtures("_work")
def test_a_cursor_of_my_work_is_of_no_use_to_others(plant: Plant) -> None:
    cursor = plant.worker.get("/stages?limit=1").data["next_cursor"]

    assert plant.other.get(f"/stages?cursor={cursor}").error["code"] == "ERR_REQUEST_BAD_CURSOR"
