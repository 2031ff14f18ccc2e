"""Endpoints of issues: a blocking issue stops its stage until it is resolved."""

from typing import Any

import pytest

from chalicelib.domain.instants import wire
from chalicelib.storage.orders import issues
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, Person, Plant
from tests.machines import standing, watched

FIRST = "/stages/WO-1-01"
BROKEN = {"type": "machine_failure", "description": "The press has stopped.", "blocking": True}
WITHDRAWAL = {"status": "resolved", "cause": "withdrawn"}


@pytest.fixture
def at_work(floor: Plant, set_clock: SetClock) -> None:
    """An order with two stages for the worker, who has been at work on the first for an hour."""
    mine = [{"name": name, "assignee_ids": [floor.worker.id]} for name in ("Enjeksiyon", "Montaj")]
    floor.order(*mine, id="WO-1")
    floor.worker.post(f"{FIRST}/start")
    set_clock.forward(HOUR)


def reported(person: Person, **fields: Any) -> Any:
    reply = person.post(f"{FIRST}/issue", BROKEN | fields)
    assert reply.status == 201, reply.body
    return reply.data


def stage(person: Person) -> Any:
    return person.get(FIRST).data


@pytest.mark.usefixtures("at_work")
def test_a_blocking_issue_stops_work_until_it_is_resolved_and_then_all_is_as_before(
    floor: Plant, set_clock: SetClock
) -> None:
    issue = reported(floor.worker)
    now = wire(set_clock())

    assert issue["blocking"] is True
    blocked = stage(floor.worker)
    assert (blocked["status"], blocked["open_sessions"], blocked["allowed"]) == ("paused", [], ["book"])
    assert (blocked["blocked_by"], blocked["open_issues"]) == ([issue["id"]], [issue["id"]])
    (session,) = floor.worker.get(f"{FIRST}/sessions").items
    assert (session["cause"], session["ended_at"], session["note"]) == ("issue", now, BROKEN["description"])
    for command in ("start", "done"):
        refused = floor.worker.post(f"{FIRST}/{command}")
        assert (refused.status, refused.error["code"]) == (409, "ERR_STAGE_BLOCKED")
        assert (refused.error["since"], refused.error["allowed"]) == (now, ["book"])
        assert issue["id"] in refused.error["detail"]

    set_clock.forward(MINUTE)
    resolved = floor.planner.patch(f"/issues/{issue['id']}", {"status": "resolved", "cause": "worn", "action": "new"})

    assert resolved.status == 200
    answer = {"resolved_at": wire(set_clock()), "resolved_by": floor.planner.id, "cause": "worn", "action": "new"}
    assert resolved.data == issue | {"status": "resolved"} | answer
    free = stage(floor.worker)
    of_block = {"allowed": ["start", "done", "book"], "blocked_by": [], "open_issues": []}
    assert free == blocked | of_block | {"version": free["version"]}
    assert floor.worker.post(f"{FIRST}/start").status == 200


@pytest.mark.usefixtures("at_work")
def test_what_was_done_before_a_stage_was_blocked_is_still_told_and_booked_afterwards(
    floor: Plant, set_clock: SetClock
) -> None:
    began = set_clock()
    reported(floor.planner)
    set_clock.forward(HOUR)

    said = floor.worker.post(f"{FIRST}/report", {"good": 3, "at": wire(began - MINUTE)})
    paused = floor.worker.post(f"{FIRST}/pause", {"at": wire(began - MINUTE)})
    booked = [
        floor.worker.post(f"{FIRST}/sessions", {"started_at": wire(began - HOUR), "ended_at": wire(end)})
        for end in (began, began + MINUTE)
    ]

    assert (said.status, said.data["good"], paused.status) == (200, 3, 200)
    ends = {each["ended_at"] for each in floor.worker.get(f"{FIRST}/sessions").items}
    assert (ends, booked[0].status) == ({wire(began - MINUTE), wire(began)}, 201)
    assert (booked[1].status, booked[1].error["code"]) == (409, "ERR_STAGE_BLOCKED")


@pytest.mark.usefixtures("at_work")
def test_a_blocking_report_that_joins_an_open_one_makes_it_block(floor: Plant) -> None:
    first = reported(floor.planner, blocking=False, priority="low")
    assert stage(floor.worker)["status"] == "in_progress"

    joined = floor.worker.post(f"{FIRST}/issue", BROKEN | {"priority": "high"})

    raised = {"blocking": True, "priority": "high", "notes_count": 1}
    assert (joined.status, joined.data) == (200, first | raised | {"duplicate": True})
    assert floor.planner.get(f"/issues/{first['id']}").data.items() >= (first | raised).items()
    assert stage(floor.worker)["blocked_by"] == [first["id"]]


@pytest.mark.usefixtures("at_work")
def test_an_issue_is_acknowledged_given_to_somebody_and_reopened(floor: Plant, set_clock: SetClock) -> None:
    issue = reported(floor.worker)
    path = f"/stages/WO-1-01/issues/{issue['id']}"

    seen = floor.planner.patch(path, {"status": "ack", "assignee_id": floor.admin.id, "blocking": False}).data
    assert (seen["status"], seen["acknowledged_by"]) == ("ack", floor.planner.id)
    assert (seen["acknowledged_at"], seen["assignee_id"]) == (wire(set_clock()), floor.admin.id)
    assert stage(floor.worker)["blocked_by"] == []
    floor.worker.post(f"{FIRST}/start")

    floor.planner.patch(path, {"status": "resolved"})
    again = floor.planner.patch(path, {"status": "open", "blocking": True}).data

    assert (again["status"], again["reopened_count"], again["acknowledged_at"]) == ("open", 1, None)
    assert (stage(floor.worker)["status"], stage(floor.worker)["blocked_by"]) == ("paused", [issue["id"]])


@pytest.mark.usefixtures("at_work")
def test_an_answer_that_the_issue_does_not_allow_says_what_is(floor: Plant) -> None:
    issue = reported(floor.worker)
    floor.planner.patch(f"/issues/{issue['id']}", {"status": "resolved"})

    refused = floor.planner.patch(f"/issues/{issue['id']}", {"status": "ack"})
    assert (refused.status, refused.error["code"]) == (409, "ERR_ISSUE_ILLEGAL_TRANSITION")
    assert (refused.error["allowed"], refused.error["since"]) == (["reopen"], issue["created_at"])

    other = reported(floor.worker)
    refused = floor.planner.patch(f"/issues/{issue['id']}", {"status": "open"})
    assert (refused.status, refused.error["code"]) == (409, "ERR_ISSUE_TYPE_OPEN")
    assert other["id"] in refused.error["detail"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"body": "value_error"}),
        ({"status": "done"}, {"status": "enum"}),
        ({"priority": "urgent", "blocking": "yes"}, {"priority": "enum", "blocking": "bool_type"}),
        ({"status": "ack", "assignee_id": "nobody"}, {"assignee_id": "unknown"}),
        ({"cause_code": "weather"}, {"cause_code": "unknown"}),
        ({"colour": "x"}, {"colour": "extra_forbidden"}),
    ],
)
@pytest.mark.usefixtures("at_work")
def test_what_is_wrong_with_an_answer_is_told_by_its_field(
    floor: Plant, body: dict[str, Any], fields: dict[str, str]
) -> None:
    issue = reported(floor.worker)
    assert floor.planner.patch(f"/issues/{issue['id']}", body).fields() == fields


@pytest.mark.usefixtures("at_work")
def test_a_worker_withdraws_what_they_reported_also_when_the_stage_is_theirs_no_more(floor: Plant) -> None:
    issue = reported(floor.worker)
    floor.planner.put(f"{FIRST}/assignees", {"user_ids": [floor.other.id]})

    refused = floor.worker.patch(f"/issues/{issue['id']}", {"status": "resolved", "cause": "found another"})
    assert (refused.status, refused.error["code"]) == (403, "ERR_ISSUE_ONLY_WITHDRAWAL")
    assert refused.error["allowed"] == ["withdraw"]
    assert floor.other.patch(f"/issues/{issue['id']}", WITHDRAWAL).error["code"] == "ERR_ISSUE_ONLY_WITHDRAWAL"

    withdrawn = floor.worker.patch(f"/issues/{issue['id']}", WITHDRAWAL)
    assert (withdrawn.status, withdrawn.data["resolved_by"]) == (200, floor.worker.id)
    assert stage(floor.planner)["blocked_by"] == []


@pytest.mark.usefixtures("at_work")
def test_an_issue_is_looked_for_on_its_own_stage_and_by_whom_it_concerns(floor: Plant) -> None:
    issue = reported(floor.planner)["id"]
    elsewhere = floor.planner.patch(f"/stages/WO-1-02/issues/{issue}", {"status": "ack"})
    stranger = floor.other.patch(f"/issues/{issue}", WITHDRAWAL)
    nowhere = floor.planner.patch("/issues/WO-9-i1", {"status": "ack"})
    unknown = floor.planner.patch("/issues/WO-1-i9", {"status": "ack"})

    replies = (elsewhere, stranger, nowhere, unknown)
    assert [(each.status, each.error["code"]) for each in replies] == [(404, "ERR_ISSUE_NOT_FOUND")] * 4
    assert floor.worker.patch(f"/issues/{issue}", WITHDRAWAL).status == 403


@pytest.mark.usefixtures("at_work")
def test_by_either_path_an_answer_is_one_command_and_a_dry_run_none(floor: Plant) -> None:
    issue, body = reported(floor.worker)["id"], {"status": "ack"}
    before = floor.planner.get(f"/issues/{issue}").data

    tried = floor.planner.patch(f"/issues/{issue}?dry_run=1", body, key="k")
    assert (tried.data["status"], floor.planner.get(f"/issues/{issue}").data) == ("ack", before)
    first = floor.planner.patch(f"/issues/{issue}", body, key="k")
    again = floor.planner.patch(f"{FIRST}/issues/{issue}", body, key="k")

    assert (again.status, again.data, again.headers["Idempotent-Replayed"]) == (200, first.data, "true")
    assert floor.planner.patch(f"/issues/{issue}", {"priority": "low"}, If_Match='"1"').status == 412


@pytest.mark.usefixtures("at_work")
def test_the_history_of_an_order_tells_what_became_of_its_issues(floor: Plant) -> None:
    issue = reported(floor.worker)["id"]
    floor.planner.patch(f"/issues/{issue}", {"status": "resolved", "cause": "worn"})

    told = floor.planner.get("/workorders/WO-1/history").items[-2:]

    assert [(each["command"], each["target"], each["from"], each["to"]) for each in told] == [
        ("issue", "WO-1-01", "in_progress", "paused"),
        ("change_issue", issue, "open", "resolved"),
    ]
    assert told[1]["changes"] == {"status": "resolved", "cause": "worn"}


@pytest.mark.usefixtures("at_work")
def test_an_answer_costs_one_read_more_than_other_commands_and_moves_the_issue_in_the_index(floor: Plant) -> None:
    issue = reported(floor.worker)["id"]
    with watched() as called:
        floor.planner.patch(f"/issues/{issue}", {"status": "resolved"}, key="k")

    assert called == ["Query", "GetItem", "TransactWriteItems"]
    (item,) = standing("issue")
    assert item.GSI1PK.endswith("#resolved")


@pytest.mark.usefixtures("at_work")
def test_an_answer_is_decided_on_the_issue_as_it_is_whoever_was_faster(
    floor: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    issue = reported(floor.worker)["id"]
    find = issues.find

    def overtaken(*asked: Any) -> Any:
        """Another planner resolves the issue after this one has read it."""
        found = find(*asked)
        monkeypatch.setattr(issues, "find", find)
        assert floor.admin.patch(f"/issues/{issue}", {"status": "resolved"}).status == 200
        return found

    monkeypatch.setattr(issues, "find", overtaken)
    late = floor.planner.patch(f"/issues/{issue}", {"status": "ack"})

    assert (late.status, late.error["code"]) == (409, "ERR_ISSUE_ILLEGAL_TRANSITION")
