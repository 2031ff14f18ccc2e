"""Silence of machines: told once, and taken back when readings of that time arrive late."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.services.andon.timers import Outcome
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers.aggregation import aggregate
from tests.conftest import SetClock
from tests.floor import MINUTE, MORNING, Plant
from tests.machines import arrived, message, part, standing, watched
from tests.services.andon.escalations import tick, told

M1 = "/machines/M1"


@pytest.fixture
def machine(plant: Plant) -> Plant:
    """A plant with a machine."""
    plant.planner.post("/machines", {"id": "M1", "name": "Press"})
    return plant


def send(set_clock: SetClock, *minutes: float, now: float | None = None) -> None:
    """Send readings of these minutes after the morning began, and let them be rolled up."""
    set_clock.set(MORNING + timedelta(minutes=minutes[-1] if now is None else now))
    ingest(
        arrived(message("M1", *(part(20.0, (MORNING + timedelta(minutes=minute)).isoformat()) for minute in minutes)))
    )
    aggregate(lambda: MINUTE)


def at(set_clock: SetClock, minute: float) -> Outcome:
    """Let the clock run so many minutes after the morning began."""
    set_clock.set(MORNING + timedelta(minutes=minute))
    return tick()


def issues(plant: Plant) -> list[Any]:
    return list(plant.worker.get(f"{M1}/issues").items)


def notes(plant: Plant) -> list[str]:
    (issue,) = issues(plant)
    return [note["text"] for note in plant.worker.get(f"/issues/{issue['id']}").data["notes"]]


def due() -> list[str]:
    return [str(timer.data["due_at"])[11:16] for timer in standing("timer")]


def test_a_machine_that_sends_is_looked_at_again_when_it_would_be_silent(machine: Plant, set_clock: SetClock) -> None:
    send(set_clock, 0)
    assert due() == ["08:08"]
    send(set_clock, 5)
    assert (due(), at(set_clock, 8), due()) == (["08:08"], Outcome(), ["08:21"])
    send(set_clock, 19)
    assert (at(set_clock, 21), due(), issues(machine)) == (Outcome(), ["08:35"], [])


def test_a_silent_machine_is_an_issue_once_until_it_sends_again(machine: Plant, set_clock: SetClock) -> None:
    send(set_clock, 0)
    at(set_clock, 8)
    assert at(set_clock, 16) == Outcome(alarms=1)
    (issue,) = issues(machine)
    wanted = ("machine_failure", "No readings since 2026-01-05T08:00:00.000Z", "takip", "2026-01-05T08:00:00.000Z")
    assert tuple(issue[name] for name in ("type", "description", "created_by", "reported_at")) == wanted
    (event,) = told("machine.alarm")
    seen = [event[name] for name in ("alarm", "sensor", "reading_type", "limit", "value", "unit")]
    assert seen == ["silent", None, None, None, None, None]
    assert (due(), at(set_clock, 120)) == ([], Outcome())

    send(set_clock, 130)
    assert due() == ["10:18"]
    machine.planner.patch(f"/issues/{issue['id']}", {"status": "resolved"}, If_Match="*")
    at(set_clock, 138)
    assert (at(set_clock, 146), [each["status"] for each in issues(machine)]) == (
        Outcome(alarms=1),
        ["resolved", "open"],
    )


def test_while_the_issue_is_open_another_silence_is_not_told(machine: Plant, set_clock: SetClock) -> None:
    send(set_clock, 0)
    at(set_clock, 8), at(set_clock, 16)
    send(set_clock, 60)
    at(set_clock, 68)
    assert (at(set_clock, 76), len(issues(machine)), notes(machine), due()) == (Outcome(), 1, [], [])


def test_readings_that_arrive_late_take_a_silence_back(machine: Plant, set_clock: SetClock) -> None:
    send(set_clock, 0)
    at(set_clock, 8), at(set_clock, 16)
    send(set_clock, 3, 9, 14, 31, now=31)
    assert (at(set_clock, 39), at(set_clock, 47)) == (Outcome(), Outcome(alarms=1))
    silent = "silence, 2026-01-05T08:00:00.000Z – 2026-01-05T08:15:00.000Z"
    assert notes(machine) == [
        f"No alarm any more: {silent}. Readings that arrived late disprove it",
        "No readings since 2026-01-05T08:31:00.000Z",
    ]


def test_a_silence_is_looked_back_at_once_only(machine: Plant, set_clock: SetClock) -> None:
    send(set_clock, 0)
    at(set_clock, 8), at(set_clock, 16)
    send(set_clock, 60)
    at(set_clock, 68)
    send(set_clock, 70)
    with watched() as called:
        at(set_clock, 76)
    settings, shards = "GetItem", ["Query"] * 4
    assert called == [*shards, "BatchGetItem", settings, "GetItem", "TransactWriteItems"]


@pytest.mark.parametrize(("status", "again"), [("maintenance", ["08:17"]), ("retired", [])])
def test_a_machine_that_is_not_active_is_not_told_of(
    machine: Plant, set_clock: SetClock, status: str, again: list[str]
) -> None:
    send(set_clock, 0)
    at(set_clock, 8)
    machine.planner.patch(M1, {"status": status}, If_Match="*")
    assert (at(set_clock, 16), issues(machine), due()) == (Outcome(), [], again)
    machine.planner.patch(M1, {"status": "active"}, If_Match="*")
    assert at(set_clock, 18) == Outcome(alarms=len(again))


def test_values_and_silence_are_different_alarms_on_one_issue(machine: Plant, set_clock: SetClock) -> None:
    sensors = [{"sensor": "main", "type": "temperature", "alarm_max": 10}]
    machine.planner.patch(M1, {"sensors": sensors}, If_Match="*")
    send(set_clock, 0)
    assert at(set_clock, 2) == Outcome(alarms=1)
    at(set_clock, 8)
    assert at(set_clock, 16) == Outcome(alarms=1)
    assert notes(machine) == ["No readings since 2026-01-05T08:00:00.000Z"]
