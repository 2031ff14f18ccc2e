"""Screens: set up by who plans, listed, and revoked; the key is shown once and is stored nowhere."""

from typing import Any

import pytest

from chalicelib.domain.boards.screens import MOST_SCREENS, Watch, Watched
from chalicelib.storage import writes
from chalicelib.storage.boards import screens as storage
from tests.floor import Plant, pages
from tests.machines import standing, watched

HALL = {"name": "Hall A", "line": "Paketleme"}


def events(floor: Plant, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = floor.admin.get(f"/auth/events?kind={kind}").items
    return found


def test_a_screen_gets_a_key_and_a_link_with_it_once(floor: Plant) -> None:
    first, again = (floor.planner.post("/screens", HALL, key="k") for _ in range(2))
    assert (first.status, again.status, again.headers["Idempotent-Replayed"]) == (201, 201, "true")
    key = first.data["key"]
    assert key.startswith("takip-screen.default.")
    assert first.data["link"] == f"/board#{key}"
    assert again.data == {name: value for name, value in first.data.items() if name not in ("key", "link")}
    kinds = ("screen", "idempotency_key", "security_event")
    stored = [str(each.serialize()) for kind in kinds for each in standing(kind)]
    assert len(stored) == 3
    assert not [each for each in stored if key.rpartition(".")[2] in each]
    (event,) = events(floor, "screen_created")
    assert (event["actor_id"], event["detail"]) == (floor.planner.id, {"screen_id": first.data["id"]})


def test_a_dry_run_makes_no_screen(floor: Plant) -> None:
    dry = floor.planner.post("/screens?dry_run=1", HALL)
    assert (dry.status, "key" in dry.data, "link" in dry.data) == (201, False, False)
    assert pages(floor.planner, "/screens?") == []


def test_screens_are_listed_oldest_first_with_revoked_ones(floor: Plant) -> None:
    plant = floor.admin.post("/screens", {"name": "Gate"}).data
    hall = floor.planner.post("/screens", HALL).data
    floor.planner.delete(f"/screens/{plant['id']}")
    listed = pages(floor.planner, "/screens?")
    assert [(each["name"], each["line"], each["revoked_at"]) for each in listed] == [
        ("Gate", None, "2026-01-05T08:00:00.000Z"),
        ("Hall A", "Paketleme", None),
    ]
    assert listed[1] == {name: value for name, value in hall.items() if name not in ("key", "link")}
    assert listed[1]["last_seen_on"] is None


def test_a_screen_is_revoked_once(floor: Plant) -> None:
    made = floor.planner.post("/screens", HALL).data
    revoked, again = (floor.admin.delete(f"/screens/{made['id']}") for _ in range(2))
    assert (revoked.status, again.data) == (200, revoked.data)
    assert len(events(floor, "screen_revoked")) == 1
    assert storage.find_watch("default").boards == {}
    missing = floor.planner.delete("/screens/none")
    assert (missing.status, missing.error["code"]) == (404, "ERR_SCREEN_NOT_FOUND")


def test_two_screens_that_are_made_at_once_are_both_counted(floor: Plant) -> None:
    def race(operation: str, _: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not raced:
            raced.append(1)
            raced.append(floor.admin.post("/screens", HALL).status)

    raced: list[int] = []
    with watched(race):
        assert floor.planner.post("/screens", HALL).status == 201
    assert raced == [1, 201]
    assert [each.screens for each in storage.find_watch("default").boards.values()] == [2]


def test_a_tenant_has_so_many_screens_and_no_more(floor: Plant) -> None:
    writes.commit(storage.put_watch("default", Watch({"plant": Watched(None, MOST_SCREENS)}, version=1)))
    refused = floor.planner.post("/screens", HALL)
    assert (refused.status, refused.error["code"]) == (409, "ERR_SCREEN_TOO_MANY")


@pytest.mark.parametrize(("body", "field"), [({}, "name"), ({"name": ""}, "name"), ({"name": "A", "line": ""}, "line")])
def test_a_screen_needs_a_name_and_a_line_if_any(floor: Plant, body: dict[str, str], field: str) -> None:
    reply = floor.planner.post("/screens", body)
    assert (reply.status, list(reply.fields())) == (422, [field])


def test_workers_set_up_no_screens(floor: Plant) -> None:
    replies = floor.worker.post("/screens", HALL), floor.worker.get("/screens"), floor.worker.delete("/screens/S1")
    assert [reply.status for reply in replies] == [403] * 3
