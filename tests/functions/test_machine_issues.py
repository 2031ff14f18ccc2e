"""Issues of machines: reported, joined, answered and listed beside those of stages."""

from typing import Any

import pytest

from chalicelib.domain.instants import wire
from chalicelib.services.telling.sending import sweep
from tests.conftest import SetClock
from tests.disturbances import times
from tests.floor import MINUTE, MORNING, Plant, pages
from tests.machines import watched
from tests.topic import published

NOISE = {"type": "machine_failure", "description": "It rattles."}


@pytest.fixture
def machine(plant: Plant, set_clock: SetClock) -> str:
    """The path of a machine."""
    assert plant.planner.post("/machines", {"id": "M-1", "name": "Press"}).status == 201
    return "/machines/M-1"


def reported(plant: Plant, machine: str, **fields: Any) -> str:
    reply = plant.worker.post(f"{machine}/issue", NOISE | fields)
    assert reply.status == 201
    return str(reply.data["id"])


def test_an_issue_is_reported_on_a_machine(plant: Plant, machine: str) -> None:
    reply = plant.worker.post(f"{machine}/issue", NOISE | {"priority": "high"})

    expected = {
        "machine_id": "M-1",
        "work_order_id": None,
        "stage_id": None,
        "type": "machine_failure",
        "priority": "high",
        "blocking": False,
        "status": "open",
        "created_by": plant.worker.id,
        "reported_at": wire(MORNING),
        "duplicate": False,
    }
    assert (reply.status, reply.data.items() >= expected.items()) == (201, True)
    assert reply.headers["Location"].endswith(f"/issues/{reply.data['id']}")
    assert plant.other.get(f"/issues/{reply.data['id']}").data == reply.data | {"notes": [], "answering": []}


def test_a_second_report_of_the_same_type_joins_the_open_one_as_a_note(plant: Plant, machine: str) -> None:
    first = reported(plant, machine, priority="high")

    joined = plant.other.post(f"{machine}/issue", NOISE | {"description": "It smokes."}, key="k")
    again = plant.other.post(f"{machine}/issue", NOISE | {"description": "It smokes."}, key="k")
    raised = plant.other.post(f"{machine}/issue", NOISE | {"priority": "critical"})

    assert (joined.status, joined.data["id"], joined.data["duplicate"]) == (200, first, True)
    assert (again.data, again.headers["Idempotent-Replayed"]) == (joined.data, "true")
    assert [each.data["priority"] for each in (joined, raised)] == ["high", "critical"]
    notes = [(note["text"], note["by"]) for note in plant.planner.get(f"/issues/{first}/notes").items]
    assert notes == [("It smokes.", plant.other.id), ("It rattles.", plant.other.id)]
    assert reported(plant, machine, type="quality") != first


def test_an_issue_of_a_machine_is_answered_like_any_other(plant: Plant, machine: str, set_clock: SetClock) -> None:
    issue = reported(plant, machine)
    set_clock.forward(MINUTE)

    seen = plant.planner.patch(f"/issues/{issue}", {"status": "ack", "assignee_id": plant.admin.id, "note": "Mine."})
    over = plant.planner.patch(f"/issues/{issue}", {"status": "resolved", "cause_code": "wear", "action": "oiled it"})
    again = plant.planner.patch(f"/issues/{issue}", {"status": "resolved"})
    anew = plant.planner.patch(f"/issues/{issue}", {"status": "open"})

    assert (seen.data["status"], seen.data["acknowledged_by"], seen.data["notes_count"]) == ("ack", plant.planner.id, 1)
    assert (over.data["status"], over.data["cause_code"]) == ("resolved", "wear")
    assert (again.status, again.error["code"]) == (409, "ERR_ISSUE_ILLEGAL_TRANSITION")
    assert again.error["allowed"] == ["reopen"]
    assert (anew.data["status"], anew.data["reopened_count"]) == ("open", 1)
    assert plant.other.post(f"{machine}/issue", NOISE).data["id"] == issue


def test_one_that_is_resolved_is_not_reopened_beside_another_of_its_type(plant: Plant, machine: str) -> None:
    first = reported(plant, machine)
    plant.planner.patch(f"/issues/{first}", {"status": "resolved"})
    second = reported(plant, machine)

    refused = plant.planner.patch(f"/issues/{first}", {"status": "open"})

    assert (refused.status, refused.error["code"]) == (409, "ERR_ISSUE_TYPE_OPEN")
    assert second in refused.error["detail"]


def test_a_worker_withdraws_their_own_and_nobody_elses(plant: Plant, machine: str) -> None:
    issue = reported(plant, machine)
    withdrawal = {"status": "resolved", "cause": "withdrawn"}

    assert plant.other.patch(f"/issues/{issue}", withdrawal).status == 403
    assert plant.other.patch(f"/issues/{issue}", {"note": "I hear it too."}).status == 200
    assert plant.worker.patch(f"/issues/{issue}", withdrawal).data["status"] == "resolved"


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({"blocking": True}, "blocking", "extra_forbidden"),
        ({"type": "weather"}, "type", "enum"),
        ({"at": wire(MORNING + 60 * MINUTE)}, "at", "in_future"),
    ],
)
def test_what_is_wrong_with_a_report_is_told_by_its_field(
    plant: Plant, machine: str, body: dict[str, Any], field: str, code: str
) -> None:
    reply = plant.worker.post(f"{machine}/issue", NOISE | body)

    assert (reply.status, reply.fields()) == (422, {field: code})


def test_an_issue_of_a_machine_blocks_no_stage(plant: Plant, machine: str) -> None:
    issue = reported(plant, machine)

    refused = plant.planner.patch(f"/issues/{issue}", {"blocking": True})

    assert (refused.status, refused.fields()) == (422, {"blocking": "on_machine"})
    assert plant.planner.patch(f"/issues/{issue}", {"blocking": False, "priority": "low"}).status == 200


def test_what_is_not_there_is_not_found(plant: Plant, machine: str) -> None:
    issue = reported(plant, machine)
    plant.order(id="WO-1")

    assert plant.worker.post("/machines/M-9/issue", NOISE).error["code"] == "ERR_MACHINE_NOT_FOUND"
    assert plant.worker.get("/machines/M-9/issues").error["code"] == "ERR_MACHINE_NOT_FOUND"
    for path in ("/issues/M-9-m01HZZZZZZZZZZZZZZZZZZZZZZZ", f"/stages/WO-1-01/issues/{issue}"):
        assert plant.planner.patch(path, {"note": "x"}).error["code"] == "ERR_ISSUE_NOT_FOUND"
    assert plant.planner.get("/issues/nothing").error["code"] == "ERR_ISSUE_NOT_FOUND"


def test_issues_of_stages_and_machines_are_in_one_list(plant: Plant, machine: str, set_clock: SetClock) -> None:
    plant.order({"name": "s", "assignee_ids": [plant.worker.id], "machine_id": "M-1"}, id="WO-1")
    on_stage = plant.worker.post("/stages/WO-1-01/issue", NOISE).data["id"]
    set_clock.forward(MINUTE)
    mine = reported(plant, machine)
    theirs = plant.other.post(f"{machine}/issue", NOISE | {"type": "safety"}).data["id"]

    assert [each["id"] for each in plant.planner.get("/issues?machine_id=M-1").items] == [on_stage, mine, theirs]
    assert [each["id"] for each in plant.worker.get("/issues").items] == [on_stage, mine]
    assert [each["id"] for each in pages(plant.worker, f"{machine}/issues?")] == [mine, theirs]
    assert [each["id"] for each in plant.worker.get(f"{machine}/issues?order=newest").items] == [theirs, mine]
    assert plant.planner.get("/issues/counts").data["open"] == 3


def test_two_who_answer_at_once_get_one_answer_and_one_refusal(plant: Plant, machine: str) -> None:
    issue = reported(plant, machine)
    replies = []

    def answer() -> None:
        replies.append(plant.admin.patch(f"/issues/{issue}", {"status": "ack"}))

    with watched(times(1, answer)):
        replies.append(plant.planner.patch(f"/issues/{issue}", {"status": "ack"}))

    assert sorted(reply.status for reply in replies) == [200, 409]
    (refused,) = [reply for reply in replies if reply.status == 409]
    assert refused.error["allowed"] == ["resolve"]


def test_two_reports_at_once_become_one_issue_and_a_note(plant: Plant, machine: str) -> None:
    replies = []

    def report() -> None:
        replies.append(plant.other.post(f"{machine}/issue", NOISE))

    with watched(times(1, report)):
        replies.append(plant.worker.post(f"{machine}/issue", NOISE))

    assert sorted(reply.status for reply in replies) == [200, 201]
    (issue,) = plant.planner.get("/issues").items
    assert issue["notes_count"] == 1


def test_a_report_costs_two_reads_and_a_transaction(plant: Plant, machine: str) -> None:
    reported(plant, machine, type="quality")
    with watched() as first:
        issue = reported(plant, machine)
    plant.planner.patch(f"/issues/{issue}", {"note": "x"})
    with watched() as joining:
        plant.worker.post(f"{machine}/issue", NOISE)
    with watched() as answering:
        plant.planner.patch(f"/issues/{issue}", {"status": "ack"})

    assert first == ["BatchGetItem", "GetItem", "TransactWriteItems"]
    assert joining == ["BatchGetItem", "GetItem", "GetItem", "TransactWriteItems"]
    assert answering == ["GetItem", "GetItem", "TransactWriteItems"]


def test_a_phone_notes_on_an_issue_of_a_machine_later(plant: Plant, machine: str) -> None:
    issue = reported(plant, machine)
    note = {"id": "1", "command": "note", "target": issue, "payload": {"note": "Louder."}, "at": wire(MORNING)}

    results = [plant.worker.post("/sync/commands", {"commands": [note]}).items[0]["result"] for _ in range(2)]

    assert results == ["applied", "duplicate"]
    assert plant.planner.get(f"/issues/{issue}").data["notes_count"] == 1


def test_what_happens_to_an_issue_of_a_machine_is_told(plant: Plant, machine: str, set_clock: SetClock) -> None:
    issue = reported(plant, machine)
    plant.other.post(f"{machine}/issue", NOISE)
    for status in ("ack", "resolved", "open"):
        answer = {"status": status} | ({"cause": "loose"} if status == "resolved" else {})
        assert plant.planner.patch(f"/issues/{issue}", answer).status == 200
    set_clock.forward(2 * MINUTE)

    sweep(lambda: MINUTE)

    told = {event["type"].rpartition(".")[2]: event["data"] for event in published()}
    assert sorted(told) == ["acknowledged", "reopened", "reported", "resolved"]
    assert {(data["issue_id"], data["machine_id"], data["work_order_id"]) for data in told.values()} == {
        (issue, "M-1", None)
    }
