"""What an admin does about quarantine: finding messages, counting them, taking them in again and deleting them."""

import json
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.domain.machines import quarantine as rules
from chalicelib.services.machines import quarantine as service
from chalicelib.services.machines.ingest import ingest
from chalicelib.storage import markers
from chalicelib.storage.machines import quarantine
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING, Plant
from tests.machines import QUARANTINE, arrived, install, message, part, sent, standing
from tests.services.replayed import counts, settle, waits


@pytest.fixture
def filled(floor: Plant) -> Plant:
    """M1 sent something not readable as a number and M9, which nobody knows, sent two readings, an hour apart."""
    ingest(arrived(json.dumps(sent(part("warm")))))
    ingest(arrived(message("M9", part(1.0)), sent_at=MORNING - HOUR))
    ingest(arrived(message("M9", part(2.0)), "{", sent_at=MORNING))
    return floor


def ids(plant: Plant, query: str = "") -> list[str]:
    return [each["id"] for each in plant.admin.get(f"{QUARANTINE}?{query}").items]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("machine_id=M9", 2),
        ("code=unknown_machine", 2),
        ("code=unreadable", 1),
        ("machine_id=M9&from=2026-01-05T08:00:00Z", 1),
        ("to=2026-01-05T08:00:00Z", 1),
        ("machine_id=M1&code=unknown_machine", 0),
    ],
)
def test_messages_are_found_by_machine_code_and_time(filled: Plant, query: str, found: int) -> None:
    assert len(ids(filled, query)) == found


@pytest.mark.parametrize("path", [QUARANTINE, f"{QUARANTINE}/counts"])
@pytest.mark.parametrize(
    "query", ["code=No+Code", "machine_id=%23", "from=2026-01-05T08:00:00Z&to=2026-01-05T08:00:00Z", "what=M1"]
)
def test_filters_that_make_no_sense_are_refused(floor: Plant, path: str, query: str) -> None:
    assert floor.admin.get(f"{path}?{query}").error["code"] == "ERR_REQUEST_BAD_PARAMETER"


def test_a_rare_reason_is_found_among_many_pages_of_another(floor: Plant) -> None:
    ingest(arrived("{", sent_at=MORNING - HOUR))
    ingest(arrived(*(message("M9", part(float(n))) for n in range(12))))
    with patch.object(service, "MOST_PAGES", 3):
        first = floor.admin.get(f"{QUARANTINE}?code=unreadable&limit=3").data
        assert first["items"] == []
        rest = floor.admin.get(f"{QUARANTINE}?code=unreadable&limit=3&cursor={first['next_cursor']}")
    assert len(rest.items) == 1
    assert len(ids(floor, "code=unreadable&limit=3")) == 1


def test_messages_are_counted_by_reason_and_machine(filled: Plant) -> None:
    assert filled.admin.get(f"{QUARANTINE}/counts").data == {
        "messages": 4,
        "by_code": [
            {"code": "unknown_machine", "count": 2},
            {"code": "not_a_number", "count": 1},
            {"code": "unreadable", "count": 1},
        ],
        "by_machine": [
            {"machine_id": "M9", "count": 2},
            {"machine_id": "M1", "count": 1},
            {"machine_id": None, "count": 1},
        ],
        "counted_from": None,
    }
    assert filled.admin.get(f"{QUARANTINE}/counts?machine_id=M9&from=2026-01-05T08:00:00Z").data["messages"] == 1
    assert filled.admin.get(f"{QUARANTINE}/counts?code=nothing_of_it").data["by_code"] == []


def test_a_count_that_is_not_of_all_says_so(filled: Plant) -> None:
    with patch.multiple(service, COUNTED_A_PAGE=1, MOST_COUNTED_PAGES=2):
        some = filled.admin.get(f"{QUARANTINE}/counts").data
    assert (some["messages"], some["counted_from"]) == (3, "2026-01-05T08:00:00.000Z")
    assert some != filled.admin.get(f"{QUARANTINE}/counts").data


def test_a_message_is_read_whole(floor: Plant) -> None:
    body = json.dumps(sent(part("x" * 5_000)))
    ingest(arrived(body))
    (listed,) = ids(floor)
    shown = floor.admin.get(f"{QUARANTINE}/{listed}").data
    assert (shown["original"], shown["original_whole"]) == (body, True)
    assert floor.admin.get(f"{QUARANTINE}/2026-01-05-none").error["code"] == "ERR_QUARANTINE_NOT_FOUND"
    assert floor.admin.get(f"{QUARANTINE}/x").status == 404


def test_a_message_is_taken_in_once_nothing_is_wrong_with_it(filled: Plant) -> None:
    (newest, _) = ids(filled, "machine_id=M9")
    path = f"{QUARANTINE}/{newest}/replay"
    still = filled.admin.post(path)
    why = {"field": "machine_id", "code": "unknown_machine", "message": "is not a registered machine"}
    assert (still.status, still.data) == (
        200,
        {"id": newest, "taken_in": False, "reasons_count": 1, "reasons": [why]},
    )
    install("M9")
    taken = {"id": newest, "taken_in": True, "reasons_count": 0, "reasons": []}
    assert filled.admin.post(f"{path}?dry_run=1").data == taken
    assert len(waits()) == 4
    assert filled.admin.post(path, key="once").data == taken
    assert filled.admin.post(path, key="once").data == taken
    assert filled.admin.post(path).status == 404
    assert counts() == {"M9": 1}


def test_a_message_that_was_cut_cannot_be_taken_in(floor: Plant) -> None:
    with patch.object(rules, "MAX_BYTES", 20):
        ingest(arrived(message("M9", part(1.0))))
    (cut,) = ids(floor)
    reply = floor.admin.post(f"{QUARANTINE}/{cut}/replay")
    assert (reply.status, reply.error["code"]) == (409, "ERR_QUARANTINE_MESSAGE_CUT")


def test_chosen_messages_are_taken_in_soon(filled: Plant, set_clock: SetClock) -> None:
    install("M9")
    body = {"machine_id": "M9", "from": "2026-01-05T07:30:00Z"}
    reply = filled.admin.post(f"{QUARANTINE}/replay", body, key="k")
    chosen = {"machine_id": "M9", "code": None, "from": "2026-01-05T07:30:00.000Z", "to": None}
    assert (reply.status, reply.data) == (202, chosen)
    assert filled.admin.post(f"{QUARANTINE}/replay", body, key="k").data == chosen
    assert len(markers.pending()) == 1 + len(markers.pending(markers.MACHINE_BUCKETS))
    settle(set_clock)
    assert (counts(), len(waits())) == ({"M9": 1}, 3)


def deletions(plant: Plant) -> list[dict[str, Any]]:
    events = plant.admin.get("/auth/events").items
    return [each["detail"] for each in events if each["kind"] == "quarantine_deleted"]


def test_a_message_is_deleted_and_an_event_tells_who_did_it(filled: Plant) -> None:
    (newest, _) = ids(filled, "machine_id=M9")
    reply = filled.admin.delete(f"{QUARANTINE}/{newest}")
    assert (reply.status, reply.data["id"]) == (200, newest)
    assert filled.admin.delete(f"{QUARANTINE}/{newest}").status == 404
    assert len(ids(filled)) == 3
    assert deletions(filled) == [{"message_id": newest, "machine_id": "M9"}]


def test_chosen_messages_are_deleted_soon_but_none_that_was_sent_since(filled: Plant, set_clock: SetClock) -> None:
    set_clock.forward(timedelta(minutes=1))
    reply = filled.admin.delete(f"{QUARANTINE}?code=unknown_machine")
    assert (reply.status, reply.data["code"]) == (202, "unknown_machine")
    ingest(arrived(message("M9", part(3.0)), sent_at=MORNING + HOUR))
    settle(set_clock)
    assert sorted(map(sorted, waits())) == [["not_a_number"], ["unknown_machine"], ["unreadable"]]
    assert deletions(filled) == [{"code": "unknown_machine"}]


def test_a_machine_that_floods_quarantine_does_not_bury_the_others(floor: Plant) -> None:
    ingest(arrived(message("M8", part(1.0)), sent_at=MORNING - HOUR))
    ingest(arrived(*(message("M9", part(float(n))) for n in range(300)), json.dumps(sent(part(5.0)))))
    assert counts() == {"M1": 1}
    assert len(ids(floor, "machine_id=M8")) == 1
    top = floor.admin.get(f"{QUARANTINE}/counts").data["by_machine"]
    assert top == [{"machine_id": "M9", "count": 300}, {"machine_id": "M8", "count": 1}]
    assert quarantine.MOST_A_PAGE < 300
    floor.admin.delete(f"{QUARANTINE}?machine_id=M9&to=2026-01-06T00:00:00Z")
    assert len(standing("quarantined")) == 301
