"""Escalation: an issue that waits climbs the steps of the plant's policy, each told once."""

from typing import Any

import pytest

from chalicelib.domain.escalation import QuietHours, Step
from chalicelib.domain.people.users import Role
from chalicelib.domain.priorities import Priority
from chalicelib.services.andon.timers import Outcome
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import install, standing
from tests.services.andon.escalations import ACK, DONE, HIGH, THREE_STEPS, counted, decide, due, steps_told, tick, told


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """A stage of an order that ends in a week, under a policy of three steps."""
    decide(*THREE_STEPS)
    opened = plant.order(id="WO-1", planned_end=(MORNING + 200 * HOUR).isoformat())
    return str(opened["stages"][0]["id"])


@pytest.fixture
def issue(plant: Plant, stage: str) -> str:
    """An issue of high priority on the stage, reported in the morning."""
    return str(plant.worker.post(f"/stages/{stage}/issue", HIGH).data["id"])


def next_at(plant: Plant, issue: str) -> str | None:
    shown: str | None = plant.planner.get(f"/issues/{issue}").data["next_escalation_at"]
    return shown and shown[11:16]


def test_the_clock_moves_through_three_steps(plant: Plant, issue: str, set_clock: SetClock) -> None:
    assert (tick(), next_at(plant, issue), counted(plant.planner)) == (Outcome(), "08:05", 0)

    set_clock.forward(5 * MINUTE)
    assert counted(plant.planner) == 1
    assert tick() == Outcome(steps=1)
    assert (next_at(plant, issue), steps_told(), counted(plant.planner)) == ("08:15", [("acknowledged", 1)], 1)
    assert tick() == Outcome()

    set_clock.forward(10 * MINUTE)
    assert tick() == Outcome(steps=1)
    assert next_at(plant, issue) == "09:00"

    plant.planner.patch(f"/issues/{issue}", {"status": "ack"})
    assert counted(plant.planner) == 0
    set_clock.forward(45 * MINUTE)
    assert tick() == Outcome(steps=1)
    assert (next_at(plant, issue), counted(plant.planner)) == (None, 1)

    shown = plant.planner.get(f"/issues/{issue}").data
    assert [(each["awaited"], each["step"], each["at"][11:16]) for each in shown["escalations"]] == [
        ("acknowledged", 1, "08:05"),
        ("acknowledged", 2, "08:15"),
        ("resolved", 1, "09:00"),
    ]
    assert [(each["roles"], each["user_ids"]) for each in told()] == [
        (["planner"], []),
        (["admin"], ["oya"]),
        (["admin", "planner"], []),
    ]
    (first, *_) = told()
    assert (first["issue_id"], first["priority"], first["stage_name"], first["by"]) == (issue, "high", "Montaj", None)
    assert due() == []


def test_an_issue_of_a_machine_climbs_too(plant: Plant, set_clock: SetClock) -> None:
    decide(*THREE_STEPS)
    install("PRESS-1")
    issue = plant.worker.post("/machines/PRESS-1/issue", HIGH).data
    assert issue["next_escalation_at"] == "2026-01-05T08:05:00.000Z"
    set_clock.forward(5 * MINUTE)

    assert tick() == Outcome(steps=1)

    (data,) = told()
    assert (data["machine_id"], data["work_order_id"], data["step"]) == ("PRESS-1", None, 1)
    plant.planner.patch(f"/issues/{issue['id']}", {"status": "resolved", "cause": "loose"})
    set_clock.forward(HOUR)
    assert (tick(), due(), counted(plant.planner)) == (Outcome(), [], 0)


@pytest.mark.parametrize("answer", [{"status": "ack"}, {"status": "resolved", "cause": "worn"}])
def test_what_was_answered_is_not_told_and_no_command_deletes_a_timer(
    plant: Plant, issue: str, set_clock: SetClock, answer: dict[str, Any]
) -> None:
    plant.planner.patch(f"/issues/{issue}", answer)
    assert "2026-01-05T08:05:00.000Z" in due()
    set_clock.forward(20 * MINUTE)

    assert (tick(), steps_told()) == (Outcome(), [])

    assert due() == (["2026-01-05T09:00:00.000Z"] if answer == {"status": "ack"} else [])


def test_what_was_withdrawn_or_whose_order_is_over_ends(plant: Plant, stage: str, set_clock: SetClock) -> None:
    withdrawn = plant.worker.post(f"/stages/{stage}/issue", HIGH).data["id"]
    plant.worker.patch(f"/issues/{withdrawn}", {"status": "resolved", "cause": "withdrawn"})
    left = plant.worker.post(f"/stages/{stage}/issue", HIGH | {"type": "tooling"}).data["id"]
    plant.planner.post("/workorders/WO-1/cancel", {"reason": "given up"})
    set_clock.forward(5 * MINUTE)

    assert (tick(), steps_told(), due()) == (Outcome(), [], [])

    assert (next_at(plant, withdrawn), next_at(plant, left), counted(plant.planner)) == (None, None, 0)


def test_a_reopened_issue_begins_anew(plant: Plant, issue: str, set_clock: SetClock) -> None:
    set_clock.forward(5 * MINUTE)
    tick()
    plant.planner.patch(f"/issues/{issue}", {"status": "resolved", "cause": "worn"})
    set_clock.forward(5 * MINUTE)
    plant.planner.patch(f"/issues/{issue}", {"status": "open"})
    assert next_at(plant, issue) == "08:15"
    set_clock.forward(5 * MINUTE)

    assert tick() == Outcome(steps=1)

    assert steps_told() == [("acknowledged", 1), ("acknowledged", 1)]
    assert due() == ["2026-01-05T08:25:00.000Z"]


def test_a_higher_priority_counts_from_the_report(plant: Plant, stage: str, set_clock: SetClock) -> None:
    issue = plant.worker.post(f"/stages/{stage}/issue", HIGH | {"priority": "low"}).data["id"]
    assert next_at(plant, issue) is None
    set_clock.forward(10 * MINUTE)
    plant.planner.patch(f"/issues/{issue}", {"priority": "high"})
    assert next_at(plant, issue) == "08:05"

    assert (tick(), next_at(plant, issue)) == (Outcome(steps=1), "08:15")

    plant.planner.patch(f"/issues/{issue}", {"priority": "low"})
    assert next_at(plant, issue) is None
    plant.planner.patch(f"/issues/{issue}", {"priority": "high"})
    assert (next_at(plant, issue), due()) == ("08:15", ["2026-01-05T08:15:00.000Z"])


def test_a_report_that_joins_may_raise_the_priority(plant: Plant, stage: str) -> None:
    issue = plant.worker.post(f"/stages/{stage}/issue", HIGH | {"priority": "low"}).data["id"]
    plant.worker.post(f"/stages/{stage}/issue", HIGH | {"blocking": True})
    assert next_at(plant, issue) == "08:05"


def test_open_issues_follow_another_policy_at_their_next_timer(plant: Plant, issue: str, set_clock: SetClock) -> None:
    decide(Step(Priority.HIGH, ACK, 30, (Role.ADMIN,)))
    set_clock.forward(5 * MINUTE)
    assert (tick(), next_at(plant, issue)) == (Outcome(), "08:30")
    decide()
    set_clock.forward(25 * MINUTE)
    assert (tick(), next_at(plant, issue), due()) == (Outcome(), None, [])


def test_in_quiet_hours_nobody_is_told_except_of_critical_issues(plant: Plant, stage: str, set_clock: SetClock) -> None:
    steps = [Step(priority, ACK, 0, (Role.PLANNER,)) for priority in (Priority.HIGH, Priority.CRITICAL)]
    decide(*steps, quiet=QuietHours("10:00", "12:00"))  # to 09:00 UTC
    plant.worker.post(f"/stages/{stage}/issue", HIGH)
    plant.worker.post(f"/stages/{stage}/issue", HIGH | {"type": "safety", "priority": "critical"})

    assert (tick(), [data["priority"] for data in told()]) == (Outcome(steps=1), ["critical"])
    set_clock.forward(HOUR)
    assert (tick(), [data["priority"] for data in told()]) == (Outcome(steps=1), ["critical", "high"])


def test_steps_that_were_missed_are_told_together(plant: Plant, issue: str, set_clock: SetClock) -> None:
    set_clock.forward(2 * HOUR)
    assert (tick(), len(standing("outgoing"))) == (Outcome(steps=3), 3)  # with the order and the report
    assert steps_told() == [("acknowledged", 1), ("acknowledged", 2), ("resolved", 1)]


def test_without_a_policy_there_are_no_timers_of_issues(plant: Plant, stage: str) -> None:
    decide()
    plant.worker.post(f"/stages/{stage}/issue", HIGH)
    plant.worker.post(f"/stages/{stage}/issue?dry_run=true", HIGH | {"type": "other"})
    assert due() == []
    decide(Step(Priority.HIGH, DONE, 5, (Role.PLANNER,)))
    plant.worker.post(f"/stages/{stage}/issue?dry_run=true", HIGH | {"type": "other"})
    assert due() == []
