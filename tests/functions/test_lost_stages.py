"""A stage that a worker lost: the server closed their session, and a planner gave the stage to somebody else.

`test_matrix.py` walks every door for such a stage (`Whose.LEFT`). Here is what the worker may still do, whatever closed
the session.
"""

import json
from typing import Any

import pytest

from functions._commands import BODIES
from tests.conftest import SetClock
from tests.floor import HOUR, Person, Plant, Reply

STAGE, ISSUE = "WO-1-01", {"type": "tooling", "description": "The drill is blunt", "blocking": True}
BEFORE, AFTER = "2026-01-05T08:20:00Z", "2026-01-05T09:20:00Z"
# A payload with which each command is taken from whoever may give it.
PAYLOADS: dict[str, dict[str, Any]] = {
    "report": {"good": 1},
    "book": {"started_at": BEFORE, "ended_at": BEFORE},
    "issue": {"type": "quality", "description": "Scratches", "blocking": True},
    "assign": {"user_ids": []},
}
OF_PLANNERS = {"assign", "replan", "skip", "reopen"}


def by_hold(plant: Plant) -> None:
    assert plant.planner.post("/workorders/WO-1/hold", {"reason": "no drawing"}).status == 200
    assert plant.planner.post("/workorders/WO-1/release", {"reason": "it came"}).status == 200


def by_issue(plant: Plant) -> None:
    issue = plant.planner.post(f"/stages/{STAGE}/issue", ISSUE).data["id"]
    assert plant.planner.patch(f"/issues/{issue}", {"status": "resolved"}).status == 200


def by_shift_end(plant: Plant) -> None:
    body = {"stage_ids": [STAGE], "pause_reason": "shift_end"}
    assert plant.planner.post("/stages/close-sessions", body).items[0]["result"] == "closed"


@pytest.fixture(params=[by_hold, by_issue, by_shift_end])
def lost(request: pytest.FixtureRequest, floor: Plant, set_clock: SetClock) -> Plant:
    """The worker makes 2 from eight to nine, when the server closes the session; it is ten, and the other made 7."""
    floor.order(id="WO-1")
    give(floor.worker, "start")
    give(floor.worker, "report", good=2)
    set_clock.forward(HOUR)
    request.param(floor)
    floor.planner.put(f"/stages/{STAGE}/assignees", {"user_ids": [floor.other.id]})
    give(floor.other, "start", machine_id="M1")
    give(floor.other, "report", good=7)
    floor.other.post(f"/stages/{STAGE}/issue", ISSUE | {"blocking": False})
    set_clock.forward(HOUR)
    return floor


def give(person: Person, command: str, *, key: str | None = None, **body: Any) -> Reply:
    return person.post(f"/stages/{STAGE}/{command}", body, key=key)


def all_sessions(plant: Plant, person: Person) -> list[dict[str, Any]]:
    found = plant.planner.get(f"/stages/{STAGE}/sessions").items
    return [each for each in found if each["worker_id"] == person.id]


def not_there(*replies: Reply) -> bool:
    codes = {"ERR_STAGE_NOT_FOUND", "ERR_ORDER_NOT_FOUND"}
    return all(reply.status == 404 and reply.error["code"] in codes for reply in replies)


def test_nothing_of_the_stage_or_its_order_is_read_any_more(lost: Plant) -> None:
    stage = [f"/stages/{STAGE}{more}" for more in ("", "/sessions", "/metrics", "/issues")]
    order = [f"/workorders/WO-1{more}" for more in ("", "/stages", "/metrics", "/people")]

    assert not_there(*(lost.worker.get(path) for path in stage + order))
    assert lost.worker.get("/stages").items == []
    assert all(lost.other.get(path).status == 200 for path in stage + order)


@pytest.mark.parametrize("command", sorted(BODIES.keys() - OF_PLANNERS))
def test_no_command_of_now_is_taken_by_either_road(lost: Plant, command: str) -> None:
    payload = PAYLOADS.get(command, {})
    direct = give(lost.worker, "sessions" if command == "book" else command, **payload)
    sent = {"id": "c", "command": command, "target": STAGE, "payload": payload, "at": AFTER}
    (synced,) = lost.worker.post("/sync/commands", {"commands": [sent]}).items

    assert not_there(direct)
    assert (synced["result"], synced["error"]["code"]) == ("rejected", "ERR_STAGE_NOT_FOUND")
    shown = lost.planner.get(f"/stages/{STAGE}").data
    assert (shown["status"], shown["good"], shown["blocked_by"], len(shown["open_issues"])) == ("in_progress", 9, [], 1)


def test_a_late_word_is_taken_and_answered_with_their_own_part_of_the_stage(lost: Plant) -> None:
    secret = {lost.other.id, lost.planner.id, *lost.planner.get(f"/stages/{STAGE}").data["open_issues"], "M1"}
    secret |= {each["id"] for each in lost.planner.get(f"/stages/{STAGE}").data["open_sessions"]}
    reported = give(lost.worker, "report", good=1, scrap=1, at=BEFORE, key="r")
    paused = give(lost.worker, "pause", pause_reason="break", at=BEFORE)

    for reply in (reported, paused):
        assert (reply.status, reply.data["id"], reply.data["name"]) == (200, STAGE, "Montaj")
        assert (reply.data["good"], reply.data["scrap"], reply.data["status"]) == (3, 1, "paused")
        assert (reply.data["allowed"], reply.data["ready"], reply.data["machine_id"]) == ([], False, None)
        assert (reply.data["started_at"], reply.data["ended_at"]) == ("2026-01-05T08:00:00.000Z", None)
        assert not [each for each in secret if each in json.dumps(reply.body)]
    assert [(each["good"], each["ended_at"]) for each in all_sessions(lost, lost.worker)] == [
        (3, "2026-01-05T08:20:00.000Z")
    ]
    shown = lost.planner.get(f"/stages/{STAGE}").data
    assert (shown["good"], shown["scrap"], shown["status"]) == (10, 1, "in_progress")
    again = give(lost.worker, "report", good=1, scrap=1, at=BEFORE, key="r")
    assert (again.data, again.headers["Idempotent-Replayed"]) == (reported.data, "true")


def test_a_late_word_by_the_other_road_is_the_same(lost: Plant) -> None:
    sent = {"id": "c", "command": "report", "target": STAGE, "payload": {"good": 1}, "at": BEFORE}
    (synced,) = lost.worker.post("/sync/commands", {"commands": [sent]}).items

    assert (synced["result"], synced["data"]["good"], synced["data"]["assignee_ids"]) == ("applied", 3, [])


@pytest.mark.parametrize("command", ["pause", "report"])
@pytest.mark.parametrize(
    "body", [{}, {"at": AFTER}, {"at": "2026-01-05T07:59:00Z"}, {"at": BEFORE, "worker_id": "another"}]
)
def test_a_word_about_anything_else_is_not_taken(lost: Plant, command: str, body: dict[str, str]) -> None:
    body = {name: value.replace("another", lost.other.id) for name, value in body.items()}
    made = {"good": 1} if command == "report" else {}
    refused = lost.worker.post(f"/stages/{STAGE}/{command}", made | body, If_Match='"1"')

    assert not_there(refused)


def test_their_own_session_stays_theirs_to_correct_and_no_other(lost: Plant) -> None:
    (own,), (others,) = all_sessions(lost, lost.worker), lost.planner.get(f"/stages/{STAGE}").data["open_sessions"]
    body: dict[str, Any] = {"good": 1, "reason": "miscounted"}
    corrected = give(lost.worker, f"sessions/{own['id']}/correct", **body)

    assert (corrected.status, corrected.data["good"], corrected.data["corrects"]) == (200, 1, own["id"])
    for session_id in (others["id"], "01HZZZZZZZZZZZZZZZZZZZZZZZ"):
        assert not_there(give(lost.worker, f"sessions/{session_id}/correct", **body))
    give(lost.other, "pause")
    (closed,) = all_sessions(lost, lost.other)
    assert not_there(give(lost.worker, f"sessions/{closed['id']}/correct", **body))


def test_a_correction_that_is_refused_tells_nothing_of_what_blocks_the_stage(lost: Plant) -> None:
    (own,) = all_sessions(lost, lost.worker)
    lost.planner.post(f"/stages/{STAGE}/issue", ISSUE | {"type": "safety"})
    body: dict[str, Any] = {"ended_at": "2026-01-05T10:00:01Z", "reason": "longer"}
    refused = give(lost.worker, f"sessions/{own['id']}/correct", **body)

    assert (refused.status, refused.error["code"], refused.error["allowed"]) == (409, "ERR_STAGE_BLOCKED", [])
    assert refused.error["detail"].startswith("The work was stopped.")


def test_whoever_is_put_back_on_the_stage_has_all_of_it_again(lost: Plant) -> None:
    lost.planner.put(f"/stages/{STAGE}/assignees", {"user_ids": [lost.worker.id, lost.other.id]})

    assert lost.worker.get(f"/stages/{STAGE}").data["good"] == 9
    assert give(lost.worker, "report", good=1, at=BEFORE).data["good"] == 10
    assert give(lost.worker, "start").status == 200
