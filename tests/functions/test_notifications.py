"""The inbox: who is told what by the API, how far they have read, and how long it stays."""

from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest

from chalicelib.domain.people.users import Role
from chalicelib.services.telling import inboxes, sending
from chalicelib.storage import table
from tests.conftest import SetClock
from tests.disturbances import at_commit
from tests.floor import MINUTE, Person, Plant, pages
from tests.machines import standing, watched

INBOX, COUNTS, READ = "/notifications", "/notifications/counts", "/notifications/read"
SCRATCHES = {"type": "quality", "description": "Scratches."}
Tell = Callable[[], None]


@pytest.fixture
def tell(set_clock: SetClock) -> Tell:
    """Send what happened until now."""

    def send() -> None:
        set_clock.forward(2 * MINUTE)
        assert sending.sweep(lambda: MINUTE).failed == 0

    return send


@pytest.fixture
def stage(plant: Plant, tell: Tell) -> str:
    """A stage of the worker. They have been told that its order was opened."""
    path = f"/stages/{plant.order(id='WO-1')['stages'][0]['id']}"
    tell()
    return path


def types(person: Person, asked: str = "") -> list[str]:
    return [each["type"] for each in person.get(f"{INBOX}?{asked}").items]


def report(person: Person, stage: str, **fields: str) -> str:
    return str(person.post(f"{stage}/issue", SCRATCHES | fields).data["id"])


def test_an_issue_and_its_answers_reach_those_whom_they_concern(plant: Plant, stage: str, tell: Tell) -> None:
    issue = report(plant.worker, stage)
    tell()
    plant.planner.patch(f"/issues/{issue}", {"assignee_id": plant.other.id})
    tell()
    plant.planner.patch(f"/issues/{issue}", {"status": "resolved", "cause": "chips"})
    tell()

    assert types(plant.planner) == ["issue.reported"]
    assert types(plant.worker) == ["issue.resolved", "issue.assigned", "order.opened"]
    assert types(plant.other) == ["issue.resolved", "issue.assigned"]
    assert types(plant.admin) == []


def test_a_notification_says_what_where_who_and_whether_it_was_read(plant: Plant, stage: str, tell: Tell) -> None:
    issue = report(plant.worker, stage, priority="critical")
    tell()

    (told,) = plant.admin.get(INBOX).items

    number = plant.planner.get("/workorders/WO-1").data["number"]
    assert told.pop("id") == plant.planner.get(INBOX).items[0]["id"]
    assert told == {
        "type": "issue.reported",
        "title": {"tr": f"Sorun bildirildi: {number}, Montaj", "en": f"Issue reported: {number}, Montaj"},
        "text": "Scratches.",
        "at": "2026-01-05T08:02:00.000Z",
        "by": plant.worker.id,
        "read": False,
        "work_order_id": "WO-1",
        "number": number,
        "stage_id": "WO-1-01",
        "stage_name": "Montaj",
        "machine_id": None,
        "issue_id": issue,
        "issue_type": "quality",
        "priority": "critical",
    }


def test_nobody_is_told_what_they_did_themselves(plant: Plant, stage: str, tell: Tell) -> None:
    colleague = plant.hire("second planner", Role.PLANNER)
    report(plant.planner, stage)
    tell()

    assert (types(plant.planner), plant.planner.get(COUNTS).data) == ([], {"unread": 0, "more": False})
    assert types(colleague) == ["issue.reported"]


def test_who_hears_by_role_and_as_a_person_is_told_once(plant: Plant, stage: str, tell: Tell) -> None:
    colleague = plant.hire("second planner", Role.PLANNER)
    issue = report(colleague, stage)
    plant.planner.patch(f"/issues/{issue}", {"status": "resolved"})
    plant.planner.patch(f"/issues/{issue}", {"status": "open"})
    tell()

    assert sorted(types(colleague)) == ["issue.reopened", "issue.resolved"]
    assert colleague.get(COUNTS).data["unread"] == 2


def test_only_who_is_newly_assigned_to_a_stage_is_told(plant: Plant, stage: str, tell: Tell) -> None:
    plant.planner.put(f"{stage}/assignees", {"user_ids": [plant.worker.id, plant.other.id]})
    tell()
    assert types(plant.other) == ["stage.assigned"]
    assert types(plant.worker) == ["order.opened"]


def test_the_people_of_an_order_are_told_that_it_is_held_and_cancelled(plant: Plant, stage: str, tell: Tell) -> None:
    for verb in ("hold", "release", "cancel"):
        plant.planner.post(f"/workorders/WO-1/{verb}", {"reason": "no drawing"})
        tell()
    assert types(plant.worker) == ["order.cancelled", "order.released", "order.held", "order.opened"]
    assert plant.worker.get(INBOX).items[0]["text"] == "no drawing"
    assert types(plant.other) == []


def test_a_mark_reads_up_to_a_notification_and_never_moves_back(plant: Plant, stage: str, tell: Tell) -> None:
    for kind in ("quality", "safety", "tooling"):
        report(plant.worker, stage, type=kind)
        tell()
    newest, middle, oldest = (each["id"] for each in plant.planner.get(INBOX).items)
    assert plant.planner.get(COUNTS).data == {"unread": 3, "more": False}

    for up_to, stands in ((middle, middle), (oldest, middle), (middle, middle)):
        assert plant.planner.put(READ, {"up_to": up_to}).data == {"up_to": stands}

    assert [each["read"] for each in plant.planner.get(INBOX).items] == [False, True, True]
    assert [each["id"] for each in plant.planner.get(f"{INBOX}?unread=true").items] == [newest]
    assert plant.planner.get(COUNTS).data["unread"] == 1
    assert plant.admin.get(COUNTS).data["unread"] == 0


def test_a_mark_that_two_devices_move_at_once_stays_at_the_newer(plant: Plant, stage: str, tell: Tell) -> None:
    for kind in ("quality", "safety"):
        report(plant.worker, stage, type=kind)
        tell()
    newer, older = (each["id"] for each in plant.planner.get(INBOX).items)
    with at_commit(before=lambda: plant.planner.put(READ, {"up_to": newer})):
        assert plant.planner.put(READ, {"up_to": older}).data == {"up_to": newer}


@pytest.mark.parametrize("up_to", ["01KE6P3S00AYQ1D2GEX6ZTN0JW-1", "~", "x" * 200])
def test_a_mark_must_be_one_of_ones_own(plant: Plant, up_to: str) -> None:
    refused = plant.worker.put(READ, {"up_to": up_to})
    assert (refused.status, refused.fields()) == (422, {"up_to": "unknown"})


def test_a_notification_of_somebody_else_is_no_mark_of_ones_own(plant: Plant, stage: str) -> None:
    (theirs,) = plant.worker.get(INBOX).items
    assert plant.other.put(READ, {"up_to": theirs["id"]}).status == 422
    assert plant.worker.put(f"{READ}?dry_run=1", {"up_to": theirs["id"]}).data == {"up_to": theirs["id"]}
    assert standing("read_mark") == []


def test_pages_hold_everything_once_newest_first(plant: Plant, stage: str, tell: Tell) -> None:
    for kind in ("quality", "safety", "tooling"):
        issue = report(plant.worker, stage, type=kind)
        plant.admin.patch(f"/issues/{issue}", {"assignee_id": plant.planner.id})
        tell()
    whole = plant.planner.get(INBOX).items
    assert len(whole) == 6
    assert [each["id"] for each in whole] == sorted((each["id"] for each in whole), reverse=True)
    assert pages(plant.planner, f"{INBOX}?") == whole
    assigned = [each for each in whole if each["type"] == "issue.assigned"]
    assert pages(plant.planner, f"{INBOX}?type=issue.assigned&") == assigned
    assert plant.planner.get(f"{INBOX}?limit=6").data.get("next_cursor") is None


def test_a_count_ends_at_a_hundred(plant: Plant, stage: str, tell: Tell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inboxes, "MOST_COUNTED", 2)
    for kind in ("quality", "safety", "tooling"):
        report(plant.worker, stage, type=kind)
    tell()
    assert plant.planner.get(COUNTS).data == {"unread": 2, "more": True}


def test_a_repeated_event_is_told_once(plant: Plant, stage: str, set_clock: SetClock, tell: Tell) -> None:
    report(plant.worker, stage)
    set_clock.forward(2 * MINUTE)
    with patch.object(table, "batch_delete", side_effect=TimeoutError), pytest.raises(TimeoutError):
        sending.sweep(lambda: MINUTE)
    tell()
    assert types(plant.planner) == ["issue.reported"]


def test_a_notification_stays_for_thirty_days(plant: Plant, stage: str, set_clock: SetClock) -> None:
    set_clock.forward(timedelta(days=30) - MINUTE)
    assert types(plant.worker) == ["order.opened"]
    set_clock.forward(MINUTE)
    assert types(plant.worker) == []
    assert plant.worker.get(COUNTS).data == {"unread": 0, "more": False}


def test_an_inbox_costs_a_read_and_a_query_for_each_audience(plant: Plant, stage: str) -> None:
    for path in (INBOX, COUNTS):
        with watched() as called:
            plant.worker.get(path)
        assert called == ["GetItem", "Query", "Query"]
    (newest,) = plant.worker.get(INBOX).items
    with watched() as called:
        plant.worker.put(READ, {"up_to": newest["id"]})
    assert called == ["BatchGetItem", "TransactWriteItems"]


def test_labels_of_types_are_in_meta(plant: Plant) -> None:
    meta = plant.worker.get("/meta").data
    labels = meta["labels"]["notification_type"]
    assert list(labels) == meta["values"]["notification_type"]
    assert labels["issue.reported"] == {"tr": "Sorun bildirildi", "en": "Issue reported"}


@pytest.mark.parametrize("asked", ["type=issue.unknown", "unread=maybe", "limit=0", "cursor=x"])
def test_what_cannot_be_asked_is_refused(plant: Plant, asked: str) -> None:
    assert plant.worker.get(f"{INBOX}?{asked}").status == 400
