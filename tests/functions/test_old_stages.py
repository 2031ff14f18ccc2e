"""The old app works on stages: it starts, pauses, resumes and finishes them, and a second tap changes nothing."""

from typing import Any

import pytest

from tests.conftest import SetClock
from tests.floor import MINUTE, Plant
from tests.old_app import OldPhone, detail, number_of

SECOND = MINUTE / 60


@pytest.fixture
def stage(plant: Plant, old_planner: OldPhone) -> int:
    """The number of a stage of the worker and a colleague."""
    people = [plant.worker.id, plant.other.id]
    return number_of("stage", plant.order({"name": "Montaj", "assignee_ids": people}, id="WO-1")["stages"][0]["id"])


def test_a_stage_is_started_paused_resumed_and_done(old_worker: OldPhone, stage: int, set_clock: SetClock) -> None:
    def gave(command: str) -> Any:
        set_clock.forward(SECOND)
        reply = old_worker.post(f"/stages/{stage}/{command}")
        assert reply.status == 200, reply.body
        return reply.body

    def row() -> Any:
        return old_worker.get(f"/workorders/{number_of('order', 'WO-1')}/stages").body[0]

    started = gave("start")
    assert started.items() >= {"ok": True, "work_order_stage_id": stage, "status": "in_progress"}.items()
    assert started["actual_start"] == "2026-01-05T08:00:01"
    shown = row()
    assert (shown["paused_at"], shown["resumed_at"]) == (None, None)
    assert [gave(each)["status"] for each in ("pause", "resume", "pause", "resume")] == ["paused", "in_progress"] * 2
    shown = row()
    assert (shown["paused_at"], shown["resumed_at"]) == (None, "2026-01-05T08:00:05")
    gave("pause")
    assert row()["paused_at"] == "2026-01-05T08:00:06"
    done = gave("done")
    assert (done["status"], done["actual_end"]) == ("done", "2026-01-05T08:00:07")
    again = old_worker.post(f"/stages/{stage}/start")
    assert again.status == 409
    assert "aşamasının durumu" in detail(again)


@pytest.mark.parametrize("commands", [["start"], ["start", "pause"], ["start", "pause", "resume"], ["start", "done"]])
def test_a_second_tap_is_answered_as_the_first_and_done_once(
    plant: Plant, old_worker: OldPhone, stage: int, commands: list[str]
) -> None:
    for command in commands:
        first, second = (old_worker.post(f"/stages/{stage}/{command}") for _ in range(2))
        assert (first.status, first.body) == (second.status, second.body) == (200, first.body)

    made = [each["command"] for each in plant.planner.get("/workorders/WO-1/history").items]
    assert made == ["create", *(command.replace("resume", "start") for command in commands)]


def test_a_second_tap_on_pause_is_answered_also_while_a_colleague_goes_on(
    plant: Plant, old_worker: OldPhone, stage: int, set_clock: SetClock
) -> None:
    refused = old_worker.post(f"/stages/{stage}/pause")
    plant.other.post("/stages/WO-1-01/start")
    working = old_worker.post(f"/stages/{stage}/pause")
    old_worker.post(f"/stages/{stage}/start")
    first = old_worker.post(f"/stages/{stage}/pause")
    second = old_worker.post(f"/stages/{stage}/pause")
    set_clock.forward(MINUTE)
    late = old_worker.post(f"/stages/{stage}/pause")

    assert (refused.status, working.status, late.status) == (409, 409, 409)
    assert (first.status, first.body) == (second.status, second.body) == (200, first.body)
    assert detail(late).startswith("Bu çalışanın bu aşamada açık bir çalışması yok")


def test_a_planner_pauses_everybody(plant: Plant, old_planner: OldPhone, old_worker: OldPhone, stage: int) -> None:
    plant.other.post("/stages/WO-1-01/start")
    old_worker.post(f"/stages/{stage}/start")

    first, second = (old_planner.post(f"/stages/{stage}/pause") for _ in range(2))

    assert (first.status, first.body["status"], second.body) == (200, "paused", first.body)
    assert plant.planner.get("/stages/WO-1-01").data["open_sessions"] == []
