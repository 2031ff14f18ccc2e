"""Quarantine over HTTP: messages that could not be used, with the reasons, for admins."""

import json
from datetime import timedelta

from chalicelib.services.machines.ingest import ingest
from tests.floor import MORNING, Person, Plant
from tests.machines import QUARANTINE, arrived, sent


def test_quarantine_is_for_admins(floor: Plant) -> None:
    def status(person: Person) -> int:
        return person.get(QUARANTINE).status

    assert {name: status(person) for name, person in floor.everybody().items()} == {
        "stranger": 401,
        "worker": 403,
        "other": 403,
        "planner": 403,
        "admin": 200,
    }


def test_quarantine_shows_the_newest_first_with_reasons_and_the_original(floor: Plant) -> None:
    ingest(arrived("{", sent_at=MORNING))
    ingest(arrived('{"machine_id": "M1"}', sent_at=MORNING + timedelta(seconds=1)))
    newest, oldest = floor.admin.get(QUARANTINE).items
    assert newest["reasons"] == [{"field": "readings", "code": "required", "message": "is required"}]
    assert oldest == {
        "id": oldest["id"],
        "machine_id": None,
        "sent_at": "2026-01-05T08:00:00.000Z",
        "size_bytes": 1,
        "reasons_count": 1,
        "reasons": [{"field": "", "code": "unreadable", "message": "is not valid JSON"}],
        "original": "{",
        "original_whole": True,
    }
    assert oldest["id"].startswith("2026-01-05-")


def test_a_page_of_the_largest_messages_in_quarantine_is_still_small(floor: Plant) -> None:
    parts = [{"sensor": "?", "type": "?", "at": "?", "seq": "?", "pad": "x" * 50, "n": n} for n in range(1_000)]
    ingest(arrived(json.dumps(sent(*parts))))
    reply = floor.admin.get(f"{QUARANTINE}?limit=1")
    (aside,) = reply.items
    assert (aside["reasons_count"], len(aside["reasons"])) == (5_000, 20)
    assert (len(aside["original"]), aside["original_whole"]) == (2_000, False)
    assert len(json.dumps(reply.body)) < 10_000


def test_quarantine_is_read_page_by_page(floor: Plant) -> None:
    ingest(arrived("{", "[", "x"))
    first = floor.admin.get(f"{QUARANTINE}?limit=2").data
    rest = floor.admin.get(f"{QUARANTINE}?limit=2&cursor={first['next_cursor']}").data
    assert len({each["id"] for each in first["items"] + rest["items"]}) == 3
    assert floor.admin.get(f"{QUARANTINE}?cursor=x").status == 400
