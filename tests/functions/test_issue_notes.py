"""Notes on issues: who may write them, that they are kept with who and when, also from a phone that was offline."""

import pytest

from chalicelib.domain.instants import wire
from tests.conftest import SetClock
from tests.floor import MINUTE, MORNING, Plant, pages
from tests.machines import watched

STAGE = "/stages/WO-1-01"
BROKEN = {"type": "machine_failure", "description": "It smokes."}


@pytest.fixture
def issue(plant: Plant, set_clock: SetClock) -> str:
    """An issue that the worker reported on their stage."""
    plant.order({"name": "s", "assignee_ids": [plant.worker.id]}, id="WO-1")
    reported = plant.worker.post(f"{STAGE}/issue", BROKEN).data["id"]
    set_clock.forward(30 * MINUTE)
    return str(reported)


def written(plant: Plant, issue: str) -> list[tuple[str, str, str]]:
    notes = pages(plant.planner, f"/issues/{issue}/notes?")
    return [(note["text"], note["by"], note["at"]) for note in notes]


def test_a_note_is_kept_with_who_and_when(plant: Plant, issue: str, set_clock: SetClock) -> None:
    first = plant.planner.patch(f"/issues/{issue}", {"note": "Spare part ordered."})
    set_clock.forward(MINUTE)
    plant.worker.patch(f"/issues/{issue}", {"note": "It is here."})

    assert (first.status, first.data["notes_count"], "notes" in first.data) == (200, 1, False)
    assert written(plant, issue) == [
        ("Spare part ordered.", plant.planner.id, wire(MORNING + 30 * MINUTE)),
        ("It is here.", plant.worker.id, wire(MORNING + 31 * MINUTE)),
    ]
    shown = plant.worker.get(f"/issues/{issue}").data
    assert (shown["notes_count"], [note["text"] for note in shown["notes"]]) == (
        2,
        ["Spare part ordered.", "It is here."],
    )


def test_an_issue_shows_its_newest_notes_and_all_are_listed(plant: Plant, issue: str, set_clock: SetClock) -> None:
    for n in range(22):
        plant.planner.patch(f"/issues/{issue}", {"note": f"{n}"})
        set_clock.forward(MINUTE)

    shown = [note["text"] for note in plant.planner.get(f"/issues/{issue}").data["notes"]]
    assert shown == [f"{n}" for n in range(2, 22)]
    assert [text for text, _, _ in written(plant, issue)] == [f"{n}" for n in range(22)]
    backwards = pages(plant.planner, f"/issues/{issue}/notes?order=newest&")
    assert [note["text"] for note in backwards] == [f"{n}" for n in range(21, -1, -1)]


def test_a_note_may_be_written_after_the_issue_is_resolved(plant: Plant, issue: str) -> None:
    plant.planner.patch(f"/issues/{issue}", {"status": "resolved", "cause": "a fuse", "note": "Changed it."})
    plant.worker.patch(f"/issues/{issue}", {"note": "It still smells."})

    assert [text for text, _, _ in written(plant, issue)] == ["Changed it.", "It still smells."]
    assert plant.planner.get(f"/issues/{issue}").data["status"] == "resolved"


def test_a_note_is_written_once_for_a_key(plant: Plant, issue: str) -> None:
    once = plant.worker.patch(f"/issues/{issue}", {"note": "Hot."}, key="k")
    again = plant.worker.patch(f"/issues/{issue}", {"note": "Hot."}, key="k")

    assert (again.data, again.headers["Idempotent-Replayed"]) == (once.data, "true")
    assert len(written(plant, issue)) == 1


def test_the_description_of_a_report_that_joins_becomes_a_note(plant: Plant, issue: str) -> None:
    joined = plant.planner.post(f"{STAGE}/issue", BROKEN | {"description": "It burns.", "blocking": True})

    assert (joined.status, joined.data["id"], joined.data["duplicate"]) == (200, issue, True)
    assert (joined.data["description"], joined.data["blocking"]) == ("It smokes.", True)
    assert [text for text, _, _ in written(plant, issue)] == ["It burns."]


def test_who_may_not_see_an_issue_may_not_write_on_it_nor_read_its_notes(plant: Plant, issue: str) -> None:
    for reply in (
        plant.other.patch(f"/issues/{issue}", {"note": "Hello."}),
        plant.other.get(f"/issues/{issue}/notes"),
    ):
        assert (reply.status, reply.error["code"]) == (404, "ERR_ISSUE_NOT_FOUND")
    assert written(plant, issue) == []


@pytest.mark.parametrize(
    ("note", "code"), [(None, "string_type"), ("", "string_too_short"), ("x" * 1001, "string_too_long")]
)
def test_a_note_is_a_text_of_at_most_a_thousand_characters(
    plant: Plant, issue: str, note: str | None, code: str
) -> None:
    reply = plant.worker.patch(f"/issues/{issue}", {"note": note})

    assert (reply.status, reply.fields()) == (422, {"note": code})


def test_a_phone_sends_a_note_when_it_is_online_again(plant: Plant, issue: str) -> None:
    at = wire(MORNING + 10 * MINUTE)
    command = {"id": "n1", "command": "note", "target": issue, "payload": {"note": "It is loud."}, "at": at}
    for result in ("applied", "duplicate"):
        (synced,) = plant.worker.post("/sync/commands", {"commands": [command]}).items
        assert (synced["result"], synced["data"]["notes_count"]) == (result, 1)

    assert written(plant, issue) == [("It is loud.", plant.worker.id, at)]


def test_a_note_after_a_failed_command_of_the_order_waits(plant: Plant, issue: str) -> None:
    failing = {"id": "1", "command": "pause", "target": "WO-1-01", "payload": {}}
    note = {"id": "2", "command": "note", "target": issue, "payload": {"note": "x"}}
    first, second = plant.worker.post("/sync/commands", {"commands": [failing, note]}).items

    assert (first["result"], second["error"]["code"]) == ("conflict", "ERR_SYNC_EARLIER_FAILED")


def test_a_note_of_the_future_is_refused(plant: Plant, issue: str) -> None:
    note = {"id": "2", "command": "note", "target": issue, "payload": {"note": "x", "at": wire(MORNING + 60 * MINUTE)}}
    (synced,) = plant.worker.post("/sync/commands", {"commands": [note]}).items

    assert (synced["result"], synced["error"]["code"]) == ("rejected", "ERR_REQUEST_INVALID")


def test_reading_notes_is_one_request_more_only_if_there_are_any(plant: Plant, issue: str) -> None:
    plant.planner.get(f"/issues/{issue}")
    with watched() as without:
        plant.planner.get(f"/issues/{issue}")
    plant.planner.patch(f"/issues/{issue}", {"note": "x"})
    with watched() as with_notes:
        plant.planner.get(f"/issues/{issue}")

    assert (without, with_notes) == (["BatchGetItem"], ["BatchGetItem", "Query"])
