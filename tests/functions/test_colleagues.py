"""What a worker may know of others on their orders: the stage that theirs waits for, and the names of people."""

from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.domain.people.users import Role
from tests.conftest import SetClock
from tests.floor import MORNING, Person, Plant
from tests.machines import watched

FIRST, SECOND, THIRD = "WO-1-01", "WO-1-02", "WO-1-03"


@pytest.fixture(params=["sequential", "streaming"])
def waiting(request: pytest.FixtureRequest, floor: Plant, set_clock: SetClock) -> Plant:
    """An order of three stages: the first is the other's, the others are the worker's and wait."""
    mine = {"assignee_ids": [floor.worker.id], "planned_start": MORNING.isoformat()}
    first = {"name": "Enjeksiyon", "assignee_ids": [floor.other.id]}
    stages = [first, mine | {"name": "Montaj"}, mine | {"name": "Paket"}]
    window = {"planned_end": "2026-01-05T12:00:00Z"}
    stages = [stage | window for stage in stages]
    assert floor.order(*stages, id="WO-1", flow=request.param, **window)["status"] == "planned"
    return floor


def shown_everywhere(person: Person, stage: str) -> list[Any]:
    """A stage by every road on which it is read."""
    lists = [person.get(path).items for path in ("/stages", "/workorders/WO-1/stages")]
    lists.append(person.get("/workorders/WO-1").data["stages"])
    return [person.get(f"/stages/{stage}").data, *(each for items in lists for each in items if each["id"] == stage)]


def test_the_stage_that_is_waited_for_is_told_of_by_name_people_status_and_good(waiting: Plant) -> None:
    waiting.planner.post(f"/stages/{FIRST}/start", {"worker_id": waiting.planner.id})
    people = [waiting.other.id, waiting.planner.id]
    told = {"name": "Enjeksiyon", "status": "in_progress", "good": 0, "people_ids": people}

    for person in (waiting.worker, waiting.planner):
        shown = shown_everywhere(person, SECOND)
        assert len(shown) == 4
        assert [(each["waits_for"], each["waits_for_stage"], each["ready"]) for each in shown] == [
            (FIRST, told, False)
        ] * 4
    assert waiting.worker.get(f"/stages/{FIRST}").status == 404
    assert [each["id"] for each in waiting.worker.get("/workorders/WO-1").data["stages"]] == [SECOND, THIRD]


def test_it_is_told_how_far_it_is_until_it_gave_what_is_needed(waiting: Plant) -> None:
    sequential = waiting.planner.get("/workorders/WO-1").data["flow"] == "sequential"
    waiting.other.post(f"/stages/{FIRST}/start")
    waiting.other.post(f"/stages/{FIRST}/report", {"good": 4})
    booked = {"started_at": MORNING.isoformat(), "ended_at": MORNING.isoformat(), "scrap": 1}

    for shown in shown_everywhere(waiting.worker, SECOND):
        assert (shown["waits_for_stage"] or {}).get("good") == (4 if sequential else None)
    by_command = waiting.worker.post(f"/stages/{THIRD}/issue", {"type": "other", "description": "No boxes"})
    assert by_command.status == 201
    waiting.worker.post(f"/stages/{SECOND}/sessions", booked)
    paused = waiting.planner.put(f"/stages/{THIRD}/assignees", {"user_ids": [waiting.worker.id]}).data
    assert paused["waits_for_stage"] == {
        "name": "Montaj",
        "status": "paused",
        "good": 0,
        "people_ids": [waiting.worker.id],
    }
    waiting.other.post(f"/stages/{FIRST}/done")
    for shown in shown_everywhere(waiting.worker, SECOND):
        assert (shown["waits_for"], shown["waits_for_stage"]) == (None, None)


def test_my_work_costs_a_read_more_only_where_something_waits(waiting: Plant) -> None:
    waiting.worker.get("/stages")
    with watched() as asked:
        waiting.worker.get("/stages")
    waiting.other.post(f"/stages/{FIRST}/start")
    with watched() as asked_by_other:
        assert [each["id"] for each in waiting.other.get("/stages").items] == [FIRST]

    assert asked == ["Query", "BatchGetItem", "BatchGetItem"]
    assert asked_by_other == ["Query", "BatchGetItem"]


def test_everybody_on_an_order_may_know_the_names_of_all_on_it_and_nothing_more(waiting: Plant) -> None:
    named = waiting.hire("ayşe", Role.WORKER)
    body = {"full_name": "Ayşe Yılmaz", "email": "ayse@example.com"}
    assert waiting.admin.patch(f"/auth/users/{named.id}", body).status == 200
    remembered.forget_records()
    waiting.planner.post(f"/stages/{THIRD}/start", {"worker_id": waiting.other.id})
    waiting.planner.put(f"/stages/{FIRST}/assignees", {"user_ids": [named.id]})
    waiting.planner.put(f"/stages/{THIRD}/assignees", {"user_ids": [waiting.other.id]})
    waiting.admin.post("/workorders/WO-1/hold", {"reason": "no drawing"})
    people = [named, waiting.worker, waiting.other, waiting.planner, waiting.admin]
    names = [person.user.username for person in people if person.user]
    expected = [{"id": person.id, "name": name} for person, name in zip(people, names, strict=True)]
    expected[0]["name"] = "Ayşe Yılmaz"

    for person in (waiting.worker, waiting.planner, named):
        assert person.get("/workorders/WO-1/people").items == expected
    stranger = waiting.hire("stranger 2", Role.WORKER).get("/workorders/WO-1/people")
    assert (stranger.status, stranger.error["code"]) == (404, "ERR_ORDER_NOT_FOUND")


def test_names_cost_a_query_and_for_a_minute_one_read(waiting: Plant, set_clock: SetClock) -> None:
    remembered.forget_records()
    with watched() as asked:
        waiting.worker.get("/workorders/WO-1/people")
        waiting.worker.get("/workorders/WO-1/people")

    assert [each for each in asked if each != "GetParameter"] == ["Query", "BatchGetItem", "Query"]
