"""Presence: who is answering an issue right now, and what is heard live of that and of what has no event."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID

from chalicelib.domain.andon.presence import MOST_ANSWERING, STAYS, Presence
from chalicelib.services.boards.boards import APART
from chalicelib.storage.telling.unheard import KINDS
from functions.send_events import send_events
from infra.deployment.callers import UNHEARD
from tests.boards import look, set_up
from tests.conftest import SetClock
from tests.floor import Plant
from tests.lambdas import LambdaContext
from tests.machines import standing

ORDERS, ISSUES = "takip/default/live/orders", "takip/default/live/issues"
SCRATCHED = {"type": "quality", "description": "Scratches"}


@pytest.fixture
def heard(floor: Plant) -> "Heard":
    return Heard(floor)


class Heard:
    """What the stream brings of which no event tells, and what is published then."""

    def __init__(self, floor: Plant) -> None:
        self._floor = floor
        self._seen: set[str] = {str(image) for image in self._images()}

    def take(self) -> set[str]:
        """The topics of what was written since it was last asked; nothing of events."""
        images = [image for image in self._images() if str(image) not in self._seen]
        self._seen.update(map(str, images))
        backend: Any = get_backend
        payloads = backend("iot-data")[DEFAULT_ACCOUNT_ID]["eu-central-1"].published_payloads
        payloads.clear()
        records = [{"dynamodb": {"NewImage": image}} for image in images]
        assert send_events({"Records": records}, LambdaContext()) == {"sent": 0, "failed": 0}
        return {topic for topic, _ in payloads}

    def _images(self) -> Iterator[Any]:
        found = (json.loads(json.dumps(each.serialize())) for kind in KINDS for each in standing(kind))
        return (image for image in found if passes(image))


def passes(image: Any) -> bool:
    """Whether the stream brings an item: the place that the filter names is there."""
    at: Any = {"dynamodb": {"NewImage": image}}
    wanted: Any = UNHEARD
    while isinstance(wanted, dict):
        ((name, wanted),) = wanted.items()
        if name not in at:
            return False
        at = at[name]
    assert wanted == [{"exists": True}]
    return True


def user(plant: Plant, name: str) -> str:
    return f"takip/default/live/user/{getattr(plant, name).id}"


def test_others_see_who_answers_an_issue_until_they_leave_or_say_no_more(
    floor: Plant, set_clock: SetClock, heard: Heard
) -> None:
    stage = floor.order()["stages"][0]["id"]
    at = f"/issues/{floor.worker.post(f'/stages/{stage}/issue', SCRATCHED).data['id']}"
    planner = {"id": floor.planner.id, "name": floor.planner.get("/auth/me").data["username"]}
    heard.take()

    assert floor.planner.put(f"{at}/presence", {}).data == {"answering": []}
    assert heard.take() == {ISSUES}
    assert floor.planner.get(at).data["answering"] == []
    assert floor.worker.get(at).data["answering"] == [planner]
    assert floor.admin.put(f"{at}/presence", {}).data == {"answering": [planner]}
    assert heard.take() == {ISSUES}
    set_clock.forward(STAYS / 2)
    floor.planner.put(f"{at}/presence", {})
    assert heard.take() == set()  # who is there is the same
    set_clock.forward(STAYS / 2)
    assert floor.worker.get(at).data["answering"] == [planner]
    assert floor.planner.delete(f"{at}/presence").data == {"answering": []}
    assert floor.worker.get(at).data["answering"] == []
    assert heard.take() == {ISSUES}
    assert "answering" not in floor.planner.get("/issues").items[0]


def test_a_report_of_pieces_which_has_no_event_is_on_the_board_at_once(
    floor: Plant, set_clock: SetClock, heard: Heard
) -> None:
    key = set_up(floor)
    floor.order({"name": "Montaj", "assignee_ids": [floor.worker.id]}, id="WO-1")
    floor.worker.post("/stages/WO-1-01/start")
    look(floor, key)
    heard.take()

    set_clock.forward(APART)
    assert floor.worker.post("/stages/WO-1-01/report", {"good": 5}).status == 200
    assert ORDERS in heard.take()
    assert look(floor, key).data["rows"][0]["good"] == 5


def test_who_says_again_that_they_are_gone_changes_nothing_and_whoever_may_not_see_is_told_nothing(
    floor: Plant, heard: Heard
) -> None:
    stage = floor.order()["stages"][0]["id"]
    at = f"/issues/{floor.planner.post(f'/stages/{stage}/issue', SCRATCHED).data['id']}/presence"

    assert [floor.planner.delete(at).status for _ in range(2)] == [200, 200]
    assert ISSUES not in heard.take()
    assert floor.other.put(at, {}).error["code"] == "ERR_ISSUE_NOT_FOUND"
    assert floor.planner.put("/issues/-i/presence", {}).error["code"] == "ERR_ISSUE_NOT_FOUND"


def test_of_too_many_those_who_spoke_last_stay(set_clock: SetClock) -> None:
    now, presence = set_clock(), Presence("i")
    for number in range(MOST_ANSWERING + 1):
        presence = presence.with_one(str(number), "n" * 200, now + timedelta(seconds=number))

    there = presence.at(now + timedelta(seconds=20))
    assert ([each.id for each in there], {len(each.name) for each in there}) == (
        [str(number) for number in range(1, MOST_ANSWERING + 1)],
        {100},
    )


def test_what_has_no_event_is_heard_by_those_who_plan_and_by_those_whose_work_it_is(floor: Plant, heard: Heard) -> None:
    order = floor.order()
    stage, why = order["stages"][0]["id"], {"reason": "late"}
    assert heard.take() == set()  # of an opened order an event tells

    floor.planner.patch(f"/workorders/{order['id']}", {"priority": 9, **why}, If_Match="*")
    assert heard.take() == {ORDERS, user(floor, "worker")}
    floor.planner.patch(f"/stages/{stage}", {"name": "Other", **why}, If_Match="*")
    assert heard.take() == {ORDERS, user(floor, "worker")}
    floor.planner.put(f"/stages/{stage}/assignees", {"user_ids": []})
    assert heard.take() == {ORDERS, user(floor, "worker")}
    issue = floor.planner.post(f"/stages/{stage}/issue", SCRATCHED).data["id"]
    assert heard.take() == set()
    floor.planner.patch(f"/issues/{issue}", {"note": "It is worse."})
    assert heard.take() == {ORDERS, ISSUES, user(floor, "planner")}


def test_of_a_machines_issue_only_those_who_answer_issues_hear(floor: Plant, heard: Heard) -> None:
    floor.planner.post("/machines", {"id": "M1", "name": "Press"})
    issue = floor.worker.post("/machines/M1/issue", SCRATCHED).data["id"]
    assert heard.take() == set()
    floor.planner.patch(f"/issues/{issue}", {"note": "It is worse."})
    assert heard.take() == {ISSUES}
    floor.planner.patch(f"/issues/{issue}", {"status": "ack"})
    assert heard.take() == set()
