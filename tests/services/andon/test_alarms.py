"""Alarms, from the readings to the issue: told once, not too early, and taken back when late readings disprove them."""

from datetime import timedelta
from random import Random
from typing import Any

import pytest

from chalicelib.services import tenants
from chalicelib.services.andon.timers import Outcome
from chalicelib.services.machines.ingest import ingest
from tests.conftest import SetClock
from tests.disturbances import Crash, at_commit, crash
from tests.floor import HOUR, MINUTE, MORNING, Plant, Reply
from tests.machines import arrived, message, part, standing, watched
from tests.services.andon.escalations import tick, told

M1 = "/machines/M1"
SENSORS = [{"sensor": "oil", "type": "temperature", "alarm_max": 90, "alarm_min": 10, "alarm_minutes": 5}]


@pytest.fixture
def machine(plant: Plant) -> Plant:
    """A plant with a machine whose oil must not be hotter than 90 °C for 5 minutes."""
    plant.planner.post("/machines", {"id": "M1", "name": "Press", "sensors": SENSORS})
    return plant


def oil(minute: float, value: float = 95.0) -> dict[str, object]:
    """A reading so many minutes after the morning began."""
    return part(value, (MORNING + timedelta(minutes=minute)).isoformat(), sensor="oil")


def send(*parts: object) -> None:
    ingest(arrived(message("M1", *parts)))


def issues(plant: Plant) -> list[Any]:
    return list(plant.worker.get(f"{M1}/issues").items)


def notes(plant: Plant, issue_id: str) -> list[str]:
    return [note["text"] for note in plant.worker.get(f"/issues/{issue_id}").data["notes"]]


def resolve(plant: Plant, issue: Any) -> Reply:
    return plant.planner.patch(f"/issues/{issue['id']}", {"status": "resolved"}, If_Match="*")


def at(set_clock: SetClock, minute: float) -> Outcome:
    """Let the clock run so many minutes after the morning began."""
    set_clock.set(MORNING + timedelta(minutes=minute))
    return tick()


def hot(set_clock: SetClock, *minutes: float) -> None:
    """Send hot oil, each reading at its minute."""
    for minute in minutes:
        set_clock.set(MORNING + timedelta(minutes=minute))
        send(oil(minute))


def test_an_alarm_opens_one_issue_once_it_lasted_and_its_window_is_over(machine: Plant, set_clock: SetClock) -> None:
    hot(set_clock, 0, 3, 5)
    assert (at(set_clock, 6.9), issues(machine)) == (Outcome(), [])
    assert at(set_clock, 7) == Outcome(alarms=1)
    (issue,) = issues(machine)
    assert issue["description"] == ("oil temperature: 95 > 90 °C, 2026-01-05T08:00:00.000Z – 2026-01-05T08:05:00.000Z")
    wanted = ("machine_failure", "high", "open", "takip", "2026-01-05T08:00:00.000Z")
    assert tuple(issue[name] for name in ("type", "priority", "status", "created_by", "reported_at")) == wanted
    hot(set_clock, 8, 12)
    assert (at(set_clock, 20), len(issues(machine)), notes(machine, issue["id"])) == (Outcome(), 1, [])
    assert standing("timer") == []


def test_others_are_told_of_an_alarm_by_an_event(machine: Plant, set_clock: SetClock) -> None:
    hot(set_clock, 0, 5)
    at(set_clock, 7)
    (alarm,), (reported,) = told("machine.alarm"), told("issue.reported")
    assert {name: str(value) for name, value in alarm.items()} == {
        "machine_id": "M1",
        "alarm": "above",
        "sensor": "oil",
        "reading_type": "temperature",
        "limit": "90",
        "value": "95",
        "unit": "°C",
        "since": "2026-01-05T08:00:00.000Z",
        "until": "2026-01-05T08:05:00.000Z",
        "issue_id": reported["issue_id"],
        "by": "None",
        "reason": "None",
    }
    assert reported["by"] is None


def test_a_value_within_the_limits_in_between_is_no_alarm(machine: Plant, set_clock: SetClock) -> None:
    hot(set_clock, 0, 3)
    send(oil(4, 50.0))
    hot(set_clock, 6, 8)
    assert (at(set_clock, 30), issues(machine)) == (Outcome(), [])


def test_a_reading_that_comes_late_takes_the_alarm_back(machine: Plant, set_clock: SetClock) -> None:
    hot(set_clock, 0, 3, 5)
    at(set_clock, 7)
    (issue,) = issues(machine)
    send(oil(4, 50.0))
    assert (at(set_clock, 8), at(set_clock, 9)) == (Outcome(), Outcome())
    note = "No alarm any more: oil temperature above its limit, 2026-01-05T08:00:00.000Z – 2026-01-05T08:05:00.000Z."
    assert notes(machine, issue["id"]) == [f"{note} Readings that arrived late disprove it"]
    assert machine.worker.get(f"/issues/{issue['id']}").data["notes"][0]["by"] == "takip"
    send(oil(4, 50.0), oil(4.5, 50.0))
    at(set_clock, 10)
    assert len(notes(machine, issue["id"])) == 1


def test_an_alarm_is_taken_back_although_its_issue_is_gone(machine: Plant, set_clock: SetClock) -> None:
    hot(set_clock, 0, 5)
    at(set_clock, 7)
    for issue in standing("issue"):
        issue.delete()
    send(oil(4, 50.0))
    assert (at(set_clock, 8), standing("timer"), standing("note")) == (Outcome(), [], [])


def test_a_late_reading_may_also_complete_an_alarm(machine: Plant, set_clock: SetClock) -> None:
    hot(set_clock, 0)
    send(oil(5))
    set_clock.set(MORNING + 3 * HOUR)
    assert at(set_clock, 180) == Outcome(alarms=1)
    resolve(machine, issues(machine)[0])
    send(oil(21), oil(27))
    assert at(set_clock, 181) == Outcome(alarms=1)
    assert [issue["status"] for issue in issues(machine)] == ["resolved", "open"]


def test_an_hour_that_is_complete_has_no_alarms_any_more(machine: Plant, set_clock: SetClock) -> None:
    set_clock.set(MORNING + 25 * HOUR + 12 * MINUTE)
    send(oil(0), oil(6))
    assert standing("timer") == []
    hot(set_clock, 0, 6)
    assert len(standing("timer")) == 2
    assert (at(set_clock, 26 * 60), issues(machine), standing("timer")) == (Outcome(), [], [])


def test_the_last_reading_of_an_hour_is_judged_whatever_the_late_window(machine: Plant, set_clock: SetClock) -> None:
    tenants.change("default", {"late_window": 0 * MINUTE, "alarm_window": 60 * MINUTE})
    tenants.forget_settings()
    hot(set_clock, 54, 59)
    assert at(set_clock, 119) == Outcome(alarms=1)


def test_the_alarm_after_a_resolved_one_opens_another_issue_but_not_the_same_alarm_again(
    machine: Plant, set_clock: SetClock
) -> None:
    hot(set_clock, 0, 5)
    at(set_clock, 7)
    resolve(machine, issues(machine)[0])
    hot(set_clock, 8, 14)
    assert at(set_clock, 16) == Outcome()
    send(oil(15, 50.0))
    hot(set_clock, 17, 23)
    assert at(set_clock, 25) == Outcome(alarms=1)
    assert [issue["status"] for issue in issues(machine)] == ["resolved", "open"]


def test_an_alarm_joins_the_open_issue_of_a_person(machine: Plant, set_clock: SetClock) -> None:
    mine = machine.worker.post(f"{M1}/issue", {"type": "machine_failure", "description": "It smokes."}).data["id"]
    hot(set_clock, 0, 5)
    assert at(set_clock, 7) == Outcome(alarms=1)
    (issue,) = issues(machine)
    assert (issue["id"], issue["description"], issue["priority"], issue["notes_count"]) == (
        mine,
        "It smokes.",
        "high",
        1,
    )
    assert (told("machine.alarm")[0]["issue_id"], len(told("issue.reported"))) == (mine, 1)


def test_many_alarms_at_once_are_one_issue_and_are_told_in_parts(plant: Plant, set_clock: SetClock) -> None:
    sensors = [{"sensor": f"s{n}", "type": "temperature", "alarm_max": 90} for n in range(25)]
    plant.planner.post("/machines", {"id": "M1", "name": "Press", "sensors": sensors})
    send(*(part(95.0, MORNING.isoformat(), sensor=f"s{n}") for n in range(25)))
    assert (at(set_clock, 3), at(set_clock, 4), at(set_clock, 5)) == (
        Outcome(alarms=20),
        Outcome(alarms=5),
        Outcome(),
    )
    (issue,) = issues(plant)
    assert issue["notes_count"] == 24


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_run_that_ends_around_the_transaction_tells_an_alarm_once(
    machine: Plant, set_clock: SetClock, when: str
) -> None:
    hot(set_clock, 0, 5)
    set_clock.set(MORNING + 7 * MINUTE)
    with pytest.raises(Crash), at_commit(**{when: crash}):
        tick()
    again = tick()
    assert (again.alarms, len(issues(machine)), len(told("machine.alarm"))) == (int(when == "before"), 1, 1)


def test_the_order_and_the_repetition_of_messages_make_no_difference(machine: Plant, set_clock: SetClock) -> None:
    sent = [oil(minute, 95.0 if minute % 9 else 50.0) for minute in range(60)]
    Random(7).shuffle(sent)  # noqa: S311  the order of readings is no secret
    set_clock.set(MORNING + 60 * MINUTE)
    for start in range(0, 60, 10):
        send(*sent[start : start + 10], *sent[:5])
    assert at(set_clock, 62) == Outcome(alarms=1)
    assert "08:55:00.000Z – 2026-01-05T09:00" not in issues(machine)[0]["description"]
    assert "2026-01-05T08:55:00.000Z" > issues(machine)[0]["reported_at"] >= "2026-01-05T08:46:00.000Z"


def test_judging_costs_four_reads_and_a_transaction(machine: Plant, set_clock: SetClock) -> None:
    hot(set_clock, 20)
    at(set_clock, 22)
    hot(set_clock, 23)
    set_clock.set(MORNING + 25 * MINUTE)
    with watched() as called:
        tick()
    settings, shards = "GetItem", ["Query"] * 4
    assert called == [*shards, settings, "BatchGetItem", "GetItem", "GetItem", "Query", "TransactWriteItems"]


def test_readings_without_limits_cost_nothing_more(machine: Plant, set_clock: SetClock) -> None:
    machine.planner.post("/machines", {"id": "M2", "name": "Saw"})
    ingest(arrived(message("M2", part(95.0, set_clock.instant.isoformat()))))
    with watched() as called:
        ingest(arrived(message("M2", part(96.0, set_clock.instant.isoformat()))))
        send(oil(0, 50.0))
    assert called[-2:] == ["BatchWriteItem", "BatchWriteItem"]
    assert standing("timer") == []


def test_the_plant_says_how_long_late_readings_are_waited_for(machine: Plant, set_clock: SetClock) -> None:
    tenants.change("default", {"alarm_window": 20 * MINUTE})
    tenants.forget_settings()
    hot(set_clock, 0, 5)
    assert (at(set_clock, 24), at(set_clock, 25)) == (Outcome(), Outcome(alarms=1))


def test_no_longer_active_no_longer_judged(machine: Plant, set_clock: SetClock) -> None:
    hot(set_clock, 0, 5)
    machine.planner.patch(M1, {"status": "maintenance"}, If_Match="*")
    assert (at(set_clock, 7), issues(machine), standing("timer")) == (Outcome(), [], [])
