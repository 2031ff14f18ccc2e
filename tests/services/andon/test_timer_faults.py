"""Timers under faults: a step is told once, whatever happens at the same time, and nothing is forgotten."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.services.andon import timers as service
from chalicelib.services.andon.timers import Outcome
from chalicelib.storage import table
from chalicelib.storage.conflicts import Collision
from tests.conftest import SetClock, Told
from tests.disturbances import Crash, at_commit, crash, raising
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import install, standing, watched
from tests.services.andon.escalations import HIGH, THREE_STEPS, decide, due, steps_told, tick

FIRST = ("acknowledged", 1)


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """A stage with an issue, five minutes after its report: the first step is due."""
    decide(*THREE_STEPS)
    opened = plant.order(id="WO-1", planned_end=(MORNING + 200 * HOUR).isoformat())
    stage = str(opened["stages"][0]["id"])
    plant.worker.post(f"/stages/{stage}/issue", HIGH)
    set_clock.forward(5 * MINUTE)
    return stage


def issue_of(plant: Plant) -> str:
    return str(plant.planner.get("/issues").items[0]["id"])


def test_two_runs_at_once_tell_a_step_once(stage: str) -> None:
    with at_commit(before=tick):
        assert tick() == Outcome()
    assert (steps_told(), due()) == ([FIRST], ["2026-01-05T08:15:00.000Z"])


def test_a_crash_before_the_write_tells_it_later_and_one_after_it_tells_it_once(stage: str) -> None:
    with at_commit(before=crash), pytest.raises(Crash):
        tick()
    assert steps_told() == []
    with at_commit(after=crash), pytest.raises(Crash):
        tick()
    assert (tick(), steps_told()) == (Outcome(), [FIRST])


@pytest.mark.parametrize(
    ("answer", "next_timer"),
    [({"status": "resolved", "cause": "worn"}, []), ({"status": "ack"}, ["2026-01-05T09:00:00.000Z"])],
)
def test_a_step_meets_an_answer(plant: Plant, stage: str, answer: dict[str, Any], next_timer: list[str]) -> None:
    issue = issue_of(plant)
    with at_commit(before=lambda: plant.planner.patch(f"/issues/{issue}", answer)):
        assert tick() == Outcome()
    assert (steps_told(), tick(), steps_told()) == ([], Outcome(), [])
    assert due() == next_timer


def test_an_answer_meets_a_step(plant: Plant, stage: str) -> None:
    issue = issue_of(plant)
    with at_commit(before=tick):
        assert plant.planner.patch(f"/issues/{issue}", {"status": "ack"}).status == 200
    shown = plant.planner.get(f"/issues/{issue}").data
    assert (shown["status"], len(shown["escalations"])) == ("ack", 1)
    assert (steps_told(), shown["next_escalation_at"]) == ([FIRST], "2026-01-05T09:00:00.000Z")


def test_an_answer_on_a_machine_meets_a_step(plant: Plant, stage: str, set_clock: SetClock) -> None:
    install("PRESS-1")
    issue = plant.worker.post("/machines/PRESS-1/issue", HIGH).data["id"]
    tick()
    set_clock.forward(5 * MINUTE)
    with at_commit(before=tick):
        assert plant.planner.patch(f"/issues/{issue}", {"note": "I come."}).status == 200
    assert len(plant.planner.get(f"/issues/{issue}").data["escalations"]) == 1
    assert steps_told() == [FIRST, FIRST]


def test_a_timer_that_comes_back_while_it_is_taken_is_not_lost(plant: Plant, stage: str) -> None:
    """The priority goes and returns, so the timer is the same one again."""
    issue = issue_of(plant)
    plant.planner.patch(f"/issues/{issue}", {"priority": "low"})
    with at_commit(before=lambda: plant.planner.patch(f"/issues/{issue}", {"priority": "high"})):
        assert tick() == Outcome()
    assert (tick(), steps_told()) == (Outcome(steps=1), [FIRST])


def test_a_timer_that_fails_stays_is_told_and_does_not_stop_the_others(plant: Plant, stage: str, told: Told) -> None:
    plant.worker.post(f"/stages/{stage}/issue", HIGH | {"type": "tooling"})
    assert len(due()) == 2
    with at_commit(before=raising(RuntimeError("broken"))):
        assert tick() == Outcome(failed=1)
    (line,) = [each for each in told() if each["level"] == "ERROR"]
    assert (line["message"], line["subject"], line["due_at"]) == (
        "a timer failed",
        "issue",
        "2026-01-05T08:05:00+00:00",
    )
    assert (tick(), steps_told()) == (Outcome(steps=1), [FIRST])


def test_a_timer_that_cannot_be_read_stays_and_is_told(stage: str, told: Told) -> None:
    (stored,) = [item for item in standing("timer") if item.data["subject"] == "issue"]
    stored.SK = "2026-01-05T08:00:00.000Z#newer"
    stored.data = {"due_at": 7}
    table.put(stored)
    assert tick() == Outcome(steps=1, failed=1)
    (line,) = [each for each in told() if each["level"] == "ERROR"]
    assert (line["message"], line["id"]) == ("a timer cannot be read", "2026-01-05T08:00:00.000Z#newer")
    assert tick() == Outcome(failed=1)


def test_a_collision_waits_for_the_next_minute(stage: str) -> None:
    with at_commit(before=raising(Collision())):
        assert tick() == Outcome()
    assert tick() == Outcome(steps=1)


def test_timers_of_a_tenant_that_is_gone_go_too(stage: str, set_clock: SetClock) -> None:
    set_clock.forward(400 * HOUR)
    everything = [item for item in table.model().scan() if item.kind != "timer"]
    table.batch_delete(everything)
    assert (tick(), standing("timer")) == (Outcome(), [])


def test_an_issue_whose_order_is_gone_ends(stage: str) -> None:
    table.batch_delete(standing("order"))
    assert (tick(), steps_told(), due()) == (Outcome(), [], [])


def test_a_run_ends_in_time_and_the_next_one_goes_on(stage: str) -> None:
    assert tick(service.ENOUGH) == Outcome()
    assert tick(service.ENOUGH + timedelta(seconds=1)) == Outcome(steps=1)


def test_a_run_costs_a_query_for_each_shard_and_nothing_for_issues_that_are_not_due(
    plant: Plant, stage: str, set_clock: SetClock
) -> None:
    tick()
    for kind in ("tooling", "safety", "other"):
        plant.worker.post(f"/stages/{stage}/issue", HIGH | {"type": kind})
    with watched() as called:
        assert tick() == Outcome()
    assert called == ["Query"] * 4
    set_clock.forward(HOUR)
    with watched() as called:
        assert tick() == Outcome(steps=3 * 4 - 1)
    assert sorted(called) == sorted(
        ["Query"] * 4 + ["GetItem"] + ["GetItem", "Query", "TransactWriteItems"] * 4
    )  # the settings, once
