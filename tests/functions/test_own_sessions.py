"""What a worker finished: their ended stages, and their own sessions, whole, the newest first."""

from typing import Any

import pytest

from chalicelib.services.numbers import aggregation
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, Person, Plant, pages
from tests.machines import watched

STAGE = "/stages/WO-1-01"
BECAUSE = {"reason": "miscounted"}


@pytest.fixture
def at_work(plant: Plant, set_clock: SetClock) -> Plant:
    """A plant with an order of two stages of the worker, and an hour of grace on the clock."""
    plant.order(*[{"name": name, "assignee_ids": [plant.worker.id]} for name in ("A", "B")], id="WO-1")
    return plant


def ids(person: Person, path: str) -> list[str]:
    return [each["id"] for each in person.get(path).items]


def worked(person: Person, stage: str, clock: SetClock, good: int = 1, reports: int = 2) -> Any:
    """Start, report some times, and pause; the session."""
    person.post(f"{stage}/start")
    for _ in range(reports):
        clock.forward(MINUTE)
        assert person.post(f"{stage}/report", {"good": good}).status == 200
    clock.forward(MINUTE)
    person.post(f"{stage}/pause")
    return person.get("/sessions?worker=me&limit=1").items[0]


@pytest.mark.parametrize("command", ["done", "skip"])
def test_what_has_ended_is_found_at_once_and_no_longer_among_what_goes_on(at_work: Plant, command: str) -> None:
    give = {"done": at_work.worker, "skip": at_work.planner}[command]
    at_work.worker.post(f"{STAGE}/start")
    at_work.worker.post(f"{STAGE}/pause")
    body = {"done": {"good": 1}, "skip": BECAUSE}[command]
    assert give.post(f"{STAGE}/{command}", body).status == 200
    status = {"done": "done", "skip": "skipped"}[command]

    for _ in range(2):
        assert ids(at_work.worker, f"/stages?status={status}") == ["WO-1-01"]
        assert ids(at_work.worker, "/stages?status=cancelled") == []
        assert ids(at_work.worker, "/stages") == ["WO-1-02"]
        assert ids(at_work.other, f"/stages?status={status}") == []
        aggregation.aggregate(lambda: HOUR)
    assert ids(at_work.planner, f"/stages?assignee=me&status={status}") == []
    at_work.planner.post(f"{STAGE}/reopen", BECAUSE)
    assert ids(at_work.worker, f"/stages?status={status}") == []
    assert ids(at_work.worker, "/stages") == ["WO-1-01", "WO-1-02"]


def test_the_stages_of_a_cancelled_order_are_found_once_it_is_projected(at_work: Plant) -> None:
    at_work.planner.post("/workorders/WO-1/cancel", BECAUSE)

    assert ids(at_work.worker, "/stages") == []
    aggregation.aggregate(lambda: HOUR)
    assert set(ids(at_work.worker, "/stages?status=cancelled")) == {"WO-1-01", "WO-1-02"}


def test_the_last_ended_comes_first_page_by_page(at_work: Plant, set_clock: SetClock) -> None:
    for stage in ("WO-1-02", "WO-1-01"):
        at_work.worker.post(f"/stages/{stage}/start")
        set_clock.forward(MINUTE)
        at_work.worker.post(f"/stages/{stage}/done", {"good": 1})

    assert [each["id"] for each in pages(at_work.worker, "/stages?status=done&")] == ["WO-1-01", "WO-1-02"]


def test_ended_and_other_stages_are_asked_for_apart_whoever_asks(at_work: Plant) -> None:
    for who in (at_work.worker, at_work.planner):
        refused = who.get("/stages?status=done&status=planned")
        assert (refused.status, refused.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


def test_who_lost_a_stage_does_not_find_it_when_it_has_ended(at_work: Plant) -> None:
    at_work.planner.put(f"{STAGE}/assignees", {"user_ids": [at_work.other.id]})
    at_work.other.post(f"{STAGE}/start")
    at_work.other.post(f"{STAGE}/done", {"good": 1})
    aggregation.aggregate(lambda: HOUR)

    assert ids(at_work.worker, "/stages?status=done") == []
    assert ids(at_work.other, "/stages?status=done") == ["WO-1-01"]


def test_own_sessions_are_whole_and_the_newest_comes_first(at_work: Plant, set_clock: SetClock) -> None:
    first = worked(at_work.worker, STAGE, set_clock, good=1, reports=3)
    second = worked(at_work.worker, "/stages/WO-1-02", set_clock, good=2, reports=0)
    at_work.worker.post(f"{STAGE}/start")
    set_clock.forward(MINUTE)
    at_work.worker.post(f"{STAGE}/report", {"good": 1})

    assert first["good"] == 3
    for path in ("/sessions", "/sessions?worker=me", f"/sessions?worker={at_work.worker.id}"):
        assert at_work.worker.get(path).items == [second, first]
    assert pages(at_work.worker, "/sessions?") == [second, first]
    assert at_work.worker.get(f"/sessions?since={second['started_at']}").items == [second]
    at_work.worker.post(f"{STAGE}/done", {"good": 1})
    (third, *_) = at_work.worker.get("/sessions").items
    assert (third["stage_id"], third["good"]) == ("WO-1-01", 2)
    assert first == at_work.worker.get(f"{STAGE}/sessions").items[0]


def test_a_correction_stands_in_the_place_of_what_it_corrects(at_work: Plant, set_clock: SetClock) -> None:
    sessions = [worked(at_work.worker, STAGE, set_clock) for _ in range(3)]
    path = f"{STAGE}/sessions/{sessions[1]['id']}/correct"
    earlier = sessions[0]["started_at"]
    at_work.planner.post(path, {"good": 5, "started_at": earlier, **BECAUSE})
    (again,) = [each for each in at_work.worker.get(f"{STAGE}/sessions").items if each["corrects"]]
    twice = at_work.worker.post(f"{STAGE}/sessions/{again['id']}/correct", {"good": 6, **BECAUSE}).data
    at_work.worker.post(f"{STAGE}/sessions/{sessions[0]['id']}/correct", {"void": True, **BECAUSE})

    assert pages(at_work.worker, "/sessions?") == [sessions[2], twice]
    assert at_work.worker.get("/sessions").items == [sessions[2], twice]
    assert {each["id"] for each in at_work.planner.get(f"{STAGE}/sessions?").items} == {sessions[2]["id"], twice["id"]}


def test_a_worker_sees_no_sessions_of_others_and_a_planner_those_of_anybody(
    at_work: Plant, set_clock: SetClock
) -> None:
    session = worked(at_work.worker, STAGE, set_clock)
    refused = at_work.other.get(f"/sessions?worker={at_work.worker.id}")

    assert (refused.status, refused.error["code"]) == (403, "ERR_STAGE_OTHER_WORKER")
    assert at_work.other.get("/sessions").items == []
    assert at_work.planner.get(f"/sessions?worker={at_work.worker.id}").items == [session]
    assert at_work.planner.get("/sessions").items == at_work.planner.get("/sessions?worker=nobody").items == []
    at_work.planner.put(f"{STAGE}/assignees", {"user_ids": []})
    assert at_work.worker.get("/sessions").items == [session]


def test_a_page_of_own_sessions_is_one_query_however_long_the_past_is(at_work: Plant, set_clock: SetClock) -> None:
    for _ in range(4):
        worked(at_work.worker, STAGE, set_clock)
    with watched() as called:
        page = at_work.worker.get("/sessions?limit=3").data

    assert called == ["Query"]
    assert 0 < len(page["items"]) <= 3


def test_sessions_of_a_stage_come_in_pages_by_start(at_work: Plant, set_clock: SetClock) -> None:
    sessions = [worked(at_work.worker, STAGE, set_clock) for _ in range(3)]
    path = f"{STAGE}/sessions/{sessions[2]['id']}/correct"
    corrected = at_work.planner.post(path, {"started_at": sessions[0]["started_at"], "good": 9, **BECAUSE}).data

    counting = at_work.worker.get(f"{STAGE}/sessions").items
    assert sorted(each["id"] for each in counting) == sorted([sessions[0]["id"], corrected["id"], sessions[1]["id"]])
    assert [each["started_at"] for each in counting] == sorted(each["started_at"] for each in counting)
    assert pages(at_work.worker, f"{STAGE}/sessions?") == counting
    every = at_work.worker.get(f"{STAGE}/sessions?every=true").items
    assert len(every) == 4
    assert pages(at_work.worker, f"{STAGE}/sessions?every=true&") == every
    cursor = at_work.worker.get(f"{STAGE}/sessions?limit=1").data["next_cursor"]
    for other in (f"{STAGE}/sessions?every=true&", "/stages/WO-1-02/sessions?", "/sessions?"):
        refused = at_work.worker.get(f"{other}limit=1&cursor={cursor}")
        assert (refused.status, refused.error["code"]) == (400, "ERR_REQUEST_BAD_CURSOR")
