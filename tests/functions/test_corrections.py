"""Corrections over HTTP, and late commands of a phone after the server closed its worker's session."""

from typing import Any

import pytest

from chalicelib import remembered
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import watched

BECAUSE = {"reason": "no drawing"}
NINE = "2026-01-05T09:00:00.000Z"


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """A stage on which the worker made 3 good and 1 scrap from eight to nine; it is nine."""
    at = f"/stages/{plant.order(id='WO-1')['stages'][0]['id']}"
    plant.worker.post(f"{at}/start")
    set_clock.forward(HOUR)
    plant.worker.post(f"{at}/report", {"good": 2, "scrap": 1, "scrap_reason": "surface"})
    plant.worker.post(f"{at}/pause", {"pause_reason": "break"})
    plant.planner.post(f"{at}/sessions", {"started_at": NINE, "ended_at": NINE, "good": 1, "worker_id": plant.other.id})
    return at


def sessions(plant: Plant, stage: str, more: str = "") -> list[dict[str, Any]]:
    return list(plant.planner.get(f"{stage}/sessions{more}").items)


def test_a_correction_replaces_what_was_reported_and_the_chain_is_kept(plant: Plant, stage: str) -> None:
    first = sessions(plant, stage)[0]
    body = {"good": 5, "scrap": 0, "reason": "miscounted"}
    corrected = plant.worker.post(f"{stage}/sessions/{first['id']}/correct", body, key="c")

    assert (corrected.status, corrected.data["corrects"], corrected.data["voided"]) == (200, first["id"], False)
    assert (corrected.data["good"], corrected.data["scrap"], corrected.data["pause_reason"]) == (5, 0, "break")
    assert (shown := plant.planner.get(stage).data)["good"] == 6
    assert shown["scrap"] == 0
    listed = sessions(plant, stage)
    assert [each["good"] for each in listed] == [5, 1]
    assert listed[0] == corrected.data
    every = sessions(plant, stage, "?every=true")
    assert {each["id"] for each in every} == {each["id"] for each in listed} | {first["id"]}
    again = plant.worker.post(f"{stage}/sessions/{first['id']}/correct", body, key="c")
    assert (again.data, again.headers["Idempotent-Replayed"]) == (corrected.data, "true")


def test_a_voided_session_counts_no_more_and_why_stands_in_the_history(plant: Plant, stage: str) -> None:
    first = sessions(plant, stage)[0]
    voided = plant.planner.post(f"{stage}/sessions/{first['id']}/correct", {"void": True, "reason": "wrong stage"})

    assert (voided.data["voided"], voided.data["good"]) == (True, 0)
    assert plant.planner.get(stage).data["good"] == 1
    assert [each["good"] for each in sessions(plant, stage)] == [1]
    last = plant.planner.get("/workorders/WO-1/history").items[-1]
    assert (last["command"], last["reason"], last["changes"]["session_id"]) == ("correct", "wrong stage", first["id"])
    once_more = plant.planner.post(f"{stage}/sessions/{first['id']}/correct", {"void": True, "reason": "again"})
    assert (once_more.status, once_more.error["code"]) == (409, "ERR_SESSION_VOIDED")


def test_the_history_tells_numbers_as_numbers_however_deep_they_stand(plant: Plant, stage: str) -> None:
    plant.order({"name": "s", "standard_seconds_per_unit": 1.5}, id="WO-2", quantity=7)
    (opened,) = (each["changes"] for each in plant.planner.get("/workorders/WO-2/history").items)
    reported = plant.planner.get("/workorders/WO-1/history").items[2]["changes"]

    assert (opened["quantity"], opened["stages"][0]["standard_seconds_per_unit"]) == (7, 1.5)
    assert (reported["good"], reported["scrap"]) == (2, 1)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"reason": "r"},
        {"reason": "r", "void": False},
        {"reason": "r", "good": None},
        {"reason": "r", "void": True, "good": 1},
        {"reason": " ", "void": True},
    ],
)
def test_a_correction_has_a_reason_and_values_or_is_void(plant: Plant, stage: str, body: dict[str, Any]) -> None:
    first = sessions(plant, stage)[0]["id"]
    assert plant.planner.post(f"{stage}/sessions/{first}/correct", body).status == 422


@pytest.mark.parametrize("value", [{"good": None}, {"machine_id": None}])
def test_a_value_that_is_null_is_given_too_and_does_not_go_with_void(
    plant: Plant, stage: str, value: dict[str, None]
) -> None:
    first = sessions(plant, stage)[0]["id"]
    refused = plant.planner.post(f"{stage}/sessions/{first}/correct", {"reason": "r", "void": True} | value)
    assert (refused.status, refused.error["code"]) == (422, "ERR_REQUEST_INVALID")


def test_a_machine_that_the_plant_does_not_have_is_named(plant: Plant, stage: str) -> None:
    first = sessions(plant, stage)[0]["id"]
    refused = plant.planner.post(f"{stage}/sessions/{first}/correct", {"machine_id": "M9", "reason": "r"})
    assert refused.fields() == {"machine_id": "unknown"}


@pytest.mark.parametrize(
    ("who", "which", "status", "code"),
    [
        ("planner", "x", 404, "ERR_SESSION_NOT_FOUND"),
        ("worker", 1, 403, "ERR_SESSION_CORRECTION_FORBIDDEN"),
        ("other", 1, 404, "ERR_STAGE_NOT_FOUND"),
    ],
)
def test_a_correction_that_may_not_be(plant: Plant, stage: str, who: str, which: Any, status: int, code: str) -> None:
    session = which if isinstance(which, str) else sessions(plant, stage)[which]["id"]
    refused = plant.everybody()[who].post(f"{stage}/sessions/{session}/correct", {"good": 1, "reason": "r"})
    assert (refused.status, refused.error["code"]) == (status, code)


def test_a_correction_reads_the_sessions_and_costs_three_requests(plant: Plant, stage: str) -> None:
    first = sessions(plant, stage)[0]["id"]
    with watched() as asked:
        plant.planner.post(f"{stage}/sessions/{first}/correct", {"good": 1, "reason": "r"})
    assert asked == ["Query", "Query", "TransactWriteItems"]


def test_a_dry_run_shows_the_correction_and_writes_nothing(plant: Plant, stage: str) -> None:
    before = sessions(plant, stage, "?every=true")
    shown = plant.planner.post(f"{stage}/sessions/{before[0]['id']}/correct?dry_run=1", {"good": 9, "reason": "r"})
    assert shown.data["good"] == 9
    assert sessions(plant, stage, "?every=true") == before


def offline(plant: Plant, stage: str, set_clock: SetClock) -> None:
    """The worker starts again at nine; at ten the order is held; the phone comes back at eleven."""
    plant.worker.post(f"{stage}/start")
    set_clock.forward(HOUR)
    plant.planner.post("/workorders/WO-1/hold", BECAUSE)
    set_clock.forward(HOUR)


def test_what_a_phone_collected_before_the_hold_is_taken_on_the_session_that_the_hold_closed(
    plant: Plant, stage: str, set_clock: SetClock
) -> None:
    offline(plant, stage, set_clock)
    report = plant.worker.post(f"{stage}/report", {"good": 2, "at": "2026-01-05T09:20:00Z"}, key="r")
    paused = plant.worker.post(f"{stage}/pause", {"pause_reason": "break", "at": "2026-01-05T09:30:00Z"}, key="p")

    assert (report.status, report.data["good"], paused.status, paused.data["status"]) == (200, 5, 200, "paused")
    trimmed = sessions(plant, stage)[-1]
    assert (trimmed["good"], trimmed["ended_at"], trimmed["cause"]) == (2, "2026-01-05T09:30:00.000Z", None)
    assert plant.planner.get("/workorders/WO-1").data["held"]["reason"] == "no drawing"
    again = plant.worker.post(f"{stage}/report", {"good": 2, "at": "2026-01-05T09:20:00Z"}, key="r")
    assert (again.data, again.headers["Idempotent-Replayed"]) == (report.data, "true")


def test_what_was_made_before_the_end_of_the_shift_is_taken_after_it(
    plant: Plant, stage: str, set_clock: SetClock
) -> None:
    plant.worker.post(f"{stage}/start")
    set_clock.forward(HOUR)
    body = {"stage_ids": [stage.rpartition("/")[2]], "pause_reason": "shift_end"}
    assert plant.planner.post("/stages/close-sessions", body).items[0]["result"] == "closed"
    assert plant.worker.post(f"{stage}/report", {"good": 2, "at": NINE}).data["good"] == 5
    assert [(each["good"], each["cause"]) for each in sessions(plant, stage)][-1] == (2, "shift_end")


def test_what_speaks_of_a_time_after_the_hold_is_a_conflict(plant: Plant, stage: str, set_clock: SetClock) -> None:
    offline(plant, stage, set_clock)
    for command, body in (("report", {"good": 2}), ("pause", {})):
        refused = plant.worker.post(f"{stage}/{command}", body | {"at": "2026-01-05T10:20:00Z"})
        assert (refused.status, refused.error["code"]) == (409, "ERR_STAGE_ILLEGAL_TRANSITION")


def test_a_late_command_costs_a_query_more_and_one_that_is_on_time_does_not(
    plant: Plant, stage: str, set_clock: SetClock
) -> None:
    plant.worker.post(f"{stage}/start")
    with watched() as on_time:
        plant.worker.post(f"{stage}/report", {"good": 1, "at": NINE})
    plant.planner.post("/workorders/WO-1/hold", BECAUSE)
    with watched() as late:
        plant.worker.post(f"{stage}/report", {"good": 1, "at": NINE})
    assert on_time == ["Query", "TransactWriteItems"]
    assert late == ["Query", "Query", "TransactWriteItems"]


def test_on_a_held_order_is_booked_what_ended_before_the_hold(plant: Plant, stage: str, set_clock: SetClock) -> None:
    plant.planner.post("/workorders/WO-1/hold", BECAUSE)
    set_clock.forward(HOUR)
    within = {"started_at": MORNING.isoformat(), "ended_at": NINE}
    assert plant.worker.post(f"{stage}/sessions", within).status == 201
    beyond = within | {"ended_at": (MORNING + HOUR + MINUTE).isoformat()}
    refused = plant.worker.post(f"{stage}/sessions", beyond)
    assert (refused.status, refused.error["code"], refused.error["since"]) == (409, "ERR_ORDER_HELD", NINE)


@pytest.mark.parametrize("command", ["report", "pause"])
def test_who_was_taken_off_the_stage_meanwhile_is_heard_all_the_same(
    plant: Plant, stage: str, set_clock: SetClock, command: str
) -> None:
    offline(plant, stage, set_clock)
    plant.planner.put(f"{stage}/assignees", {"user_ids": [plant.other.id]})
    body = {"good": 2} if command == "report" else {}
    assert plant.worker.post(f"{stage}/{command}", body | {"at": "2026-01-05T09:20:00Z"}).status == 200
    refused = plant.worker.post(f"{stage}/start")
    assert (refused.status, refused.error["code"]) == (404, "ERR_STAGE_NOT_FOUND")


def test_a_report_is_taken_after_the_pause_that_it_came_before(plant: Plant, stage: str, set_clock: SetClock) -> None:
    offline(plant, stage, set_clock)
    plant.worker.post(f"{stage}/pause", {"at": "2026-01-05T09:30:00Z"})
    for at in ("09:20", "09:45"):  # both before the server closed it, at ten
        assert plant.worker.post(f"{stage}/report", {"good": 1, "at": f"2026-01-05T{at}:00Z"}).status == 200
    last = sessions(plant, stage)[-1]
    assert (last["good"], last["ended_at"]) == (2, "2026-01-05T09:30:00.000Z")


def test_what_somebody_worked_who_has_left_is_told_by_a_planner(plant: Plant, stage: str, set_clock: SetClock) -> None:
    plant.worker.post(f"{stage}/start")
    assert plant.admin.patch(f"/auth/users/{plant.worker.id}", {"active": False}).status == 200
    remembered.forget_everything()
    for command, body in (("report", {"good": 1}), ("pause", {})):
        assert plant.planner.post(f"{stage}/{command}", body | {"worker_id": plant.worker.id}).status == 200
    past = {"started_at": NINE, "ended_at": NINE, "worker_id": plant.worker.id}
    assert plant.planner.post(f"{stage}/sessions", past).status == 201
    assert plant.planner.post(f"{stage}/start", {"worker_id": plant.worker.id}).fields() == {"worker_id": "unknown"}
    assert plant.planner.post(f"{stage}/sessions", past | {"worker_id": "nobody"}).fields() == {"worker_id": "unknown"}
