"""Phones with a wrong clock: what they send is dated by the server's clock, once and for ever."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.storage import writes
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import install

NOON = MORNING + 4 * HOUR


def command(name: str, at: datetime, **payload: Any) -> dict[str, Any]:
    return {"id": name, "command": name, "target": "WO-1-01", "payload": payload, "at": at.isoformat()}


@pytest.fixture
def worked(plant: Plant, set_clock: SetClock) -> Plant:
    """A plant with an order of the morning. It is noon."""
    set_clock.set(MORNING)
    plant.order({"name": "a", "assignee_ids": [plant.worker.id]}, id="WO-1")
    set_clock.set(NOON)
    return plant


def sync(plant: Plant, sent_at: datetime, *commands: dict[str, Any]) -> Any:
    return plant.worker.post("/sync/commands", {"commands": list(commands), "sent_at": sent_at.isoformat()})


@pytest.mark.parametrize("ahead", [timedelta(days=1), -3 * HOUR, timedelta(days=-20_000), 6 * MINUTE])
def test_times_of_a_wrong_clock_are_corrected_and_the_skew_is_told(worked: Plant, ahead: timedelta) -> None:
    started, paused = NOON - 2 * HOUR, NOON - HOUR

    told = sync(worked, NOON + ahead, command("start", started + ahead), command("pause", paused + ahead))

    assert told.data["clock_skew_seconds"] == round(ahead.total_seconds())
    assert [each["result"] for each in told.items] == ["applied", "applied"]
    assert told.items[0]["data"]["adjusted"] == {"at": "2026-01-05T10:00:00.000Z"}
    (session,) = worked.planner.get("/stages/WO-1-01/sessions").items
    assert (session["started_at"], session["ended_at"]) == ("2026-01-05T10:00:00.000Z", "2026-01-05T11:00:00.000Z")


def test_a_small_answer_tells_the_corrected_times_too(worked: Plant) -> None:
    sent = {"commands": [command("start", NOON)], "sent_at": (NOON + HOUR).isoformat()}
    (told,) = worked.worker.post("/sync/commands", sent, Prefer="return=minimal").items
    assert told["minimal"]["adjusted"] == {"at": "2026-01-05T11:00:00.000Z"}


def test_the_history_keeps_the_time_that_was_sent(worked: Plant) -> None:
    sync(worked, NOON + HOUR, command("start", NOON))
    history = worked.planner.get("/workorders/WO-1/history").items
    assert next(each["at"] for each in history if each["command"] == "start") == "2026-01-05T12:00:00.000Z"


@pytest.mark.parametrize("ahead", [timedelta(0), 5 * MINUTE, -5 * MINUTE])
def test_a_clock_within_the_grace_is_believed(worked: Plant, ahead: timedelta) -> None:
    told = sync(worked, NOON + ahead, command("start", NOON - HOUR))
    assert told.data["clock_skew_seconds"] == ahead.total_seconds()
    assert "adjusted" not in told.items[0]["data"]


def test_a_booked_session_is_moved_too(worked: Plant) -> None:
    times = {"started_at": NOON.isoformat(), "ended_at": (NOON + HOUR).isoformat()}
    booked = {"id": "b", "command": "book", "target": "WO-1-01", "payload": times}

    (told,) = sync(worked, NOON + 2 * HOUR, booked).items

    assert (told["data"]["started_at"], told["data"]["ended_at"]) == (
        "2026-01-05T10:00:00.000Z",
        "2026-01-05T11:00:00.000Z",
    )
    assert told["data"]["adjusted"] == {name: told["data"][name] for name in times}


def test_a_batch_that_is_repeated_gets_the_first_result_whatever_the_clock_says_now(
    worked: Plant, set_clock: SetClock
) -> None:
    day = timedelta(days=1)
    given = command("start", NOON - HOUR + day), command("pause", NOON - MINUTE + day)
    first = sync(worked, NOON + day, *given)
    set_clock.set(NOON + 10 * MINUTE)

    again = sync(worked, NOON + day + 17 * MINUTE, *given)  # its clock also runs fast
    without = worked.worker.post("/sync/commands", {"commands": list(given)})

    assert [each["result"] for each in again.items + without.items] == ["duplicate"] * 4
    assert [each["data"] for each in again.items] == [each["data"] for each in without.items]
    assert [each["data"] for each in again.items] == [each["data"] for each in first.items]


def test_a_crash_in_the_middle_of_a_batch_gives_no_other_result(worked: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    given = command("start", NOON), command("pause", NOON + 30 * MINUTE)
    commit, done = writes.commit, list[object]()

    def crashing(*asked: Any, **beside: Any) -> None:
        if done:
            raise RuntimeError("the power is gone")
        commit(*asked, **beside)
        done.append(asked)

    with monkeypatch.context() as broken:
        broken.setattr(writes, "commit", crashing)
        assert sync(worked, NOON + HOUR, *given).status == 500

    again = sync(worked, NOON + HOUR + timedelta(seconds=3), *given)

    assert [each["result"] for each in again.items] == ["duplicate", "applied"]
    (session,) = worked.planner.get("/stages/WO-1-01/sessions").items
    assert session["started_at"] == "2026-01-05T11:00:00.000Z"
    assert session["ended_at"] == "2026-01-05T11:29:57.000Z"


def test_a_note_on_a_machine_is_corrected_and_repeated_as_sent(worked: Plant) -> None:
    install("M1")
    issue = worked.worker.post("/machines/M1/issue", {"type": "other", "description": "x"}).data["id"]
    note = {"id": "n", "command": "note", "target": issue, "payload": {"note": "louder"}, "at": NOON.isoformat()}

    first = sync(worked, NOON + HOUR, note)
    again = sync(worked, NOON + HOUR + MINUTE, note)

    assert [first.items[0]["result"], again.items[0]["result"]] == ["applied", "duplicate"]
    (written,) = worked.planner.get(f"/issues/{issue}").data["notes"]
    assert written["at"] == "2026-01-05T11:00:00.000Z"


def test_a_time_that_leaves_the_calendar_is_refused_by_its_field(worked: Plant) -> None:
    told = sync(worked, NOON - timedelta(days=20_000), command("start", NOON + timedelta(days=60_000)))
    assert told.items[0]["result"] == "rejected"


def test_what_is_no_time_is_refused(worked: Plant) -> None:
    refused = worked.worker.post("/sync/commands", {"commands": [command("start", NOON)], "sent_at": "noon"})
    assert refused.fields() == {"sent_at": "datetime_parsing"}
