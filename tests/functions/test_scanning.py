"""Scanning: a code on a label names an order, a stage or a machine, and what the caller may do there."""

from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.services.floor import scanning
from chalicelib.storage.items import Item
from tests.floor import Person, Plant, Reply
from tests.machines import watched


def scan(person: Person, code: str) -> Reply:
    return person.get(f"/scan/{quote(code, safe='')}")


def found(person: Person, code: str) -> list[tuple[str, str]]:
    return [(each["kind"], each["id"]) for each in scan(person, code).data["found"]]


@pytest.fixture
def order(plant: Plant) -> Any:
    """An order with a stage of each worker, and a machine."""
    plant.planner.post("/machines", {"id": "press-1", "name": "Press 1"})
    stages = [{"name": name, "assignee_ids": [who.id]} for name, who in (("A", plant.worker), ("B", plant.other))]
    return plant.order(*stages, id="WO-1", number="İş 7/a", lot_no="Lot-ı")


@pytest.mark.parametrize(
    ("code", "named"),
    [
        ("WO-1", [("order", "WO-1")]),
        ("wo-1", [("order", "WO-1")]),
        ("IŞ 7/A", [("order", "WO-1")]),
        ("lot-i", [("order", "WO-1")]),
        ("https://takip.example/o/WO-1", [("order", "WO-1")]),
        ("HTTPS://TAKIP.EXAMPLE/app/O/WO-1/", [("order", "WO-1")]),
        ("WO-1-01", [("stage", "WO-1-01")]),
        ("wo-1-1", []),
        ("wo-1-01", [("stage", "WO-1-01")]),
        ("iş 7/a-01", [("stage", "WO-1-01")]),
        ("https://takip.example/s/WO-1-01", [("stage", "WO-1-01")]),
        ("press-1", [("machine", "press-1")]),
        ("PRESS-1", [("machine", "press-1")]),
        ("http://localhost:8080/m/press-1", [("machine", "press-1")]),
        ("http://localhost:8080/m/PRESS-1", []),
        ("https://takip.example/s/WO-1", []),
        ("https://takip.example/o/WO-1-01", []),
        ("https://takip.example/x/WO-1", []),
        ("WO-1-02", []),
        ("https://takip.example/s/WO-1-02", []),
        ("WO-1-41", []),
        ("nothing", []),
        ("%57O-1", []),
        ("x" * 400, []),
    ],
)
def test_a_worker_scans_what_is_theirs(plant: Plant, order: Any, code: str, named: list[tuple[str, str]]) -> None:
    reply = scan(plant.worker, code)
    if named:
        assert found(plant.worker, code) == named
    else:
        assert (reply.status, reply.error["code"]) == (404, "ERR_SCAN_NOT_FOUND")


def test_one_thing_is_shown_as_its_own_endpoint_shows_it(plant: Plant, order: Any) -> None:
    for person in (plant.worker, plant.planner):
        for kind, code, path in (
            ("order", "lot-ı", "/workorders/WO-1"),
            ("stage", "WO-1-01", "/stages/WO-1-01"),
            ("machine", "press-1", "/machines/press-1"),
        ):
            shown = scan(person, code).data
            whole = person.get(path).data
            assert shown.pop(kind).items() <= whole.items()
            assert {name: shown[name] for name in ("order", "stage", "machine") if name in shown} == dict.fromkeys(
                {"order", "stage", "machine"} - {kind}
            )


def test_it_says_what_the_caller_may_do_there(plant: Plant, order: Any) -> None:
    def allowed(person: Person, code: str) -> list[str]:
        (only,) = scan(person, code).data["found"]
        return list(only["allowed"])

    assert allowed(plant.worker, "WO-1-01") == ["start", "book", "issue"]
    assert allowed(plant.worker, "press-1") == ["issue"]
    assert allowed(plant.worker, "WO-1") == []
    assert "hold" in allowed(plant.planner, "WO-1")
    assert {"skip", "issue"} <= set(allowed(plant.planner, "WO-1-01"))


def test_nobody_learns_of_others_orders(plant: Plant, order: Any) -> None:
    plant.order({"name": "C", "assignee_ids": [plant.other.id]}, id="WO-2", lot_no="Lot-ı")
    assert found(plant.worker, "Lot-ı") == [("order", "WO-1")]
    theirs, nobodys = (scan(plant.worker, code).error | {"request_id": ""} for code in ("WO-2", "WO-3"))
    assert theirs == nobodys


def test_a_code_that_names_several_things_gives_a_short_list(
    plant: Plant, order: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant.planner.post("/machines", {"id": "WO-1-01", "name": "Named like a stage"})
    plant.order({"name": "X"}, id="OPEN", number="WO-1-01")
    plant.order({"name": "X"}, id="OVER", lot_no="WO-1-01")
    plant.planner.post("/stages/OVER-01/skip", {"reason": "gone"})
    named = [("stage", "WO-1-01"), ("machine", "WO-1-01"), ("order", "OPEN"), ("order", "OVER")]
    shown = scan(plant.planner, "WO-1-01").data
    assert found(plant.planner, "WO-1-01") == named
    assert (shown["order"], shown["stage"], shown["machine"], shown["more"]) == (None, None, None, False)
    assert found(plant.worker, "WO-1-01") == named[:2]

    monkeypatch.setattr(scanning, "MOST_FOUND", 3)
    assert found(plant.planner, "WO-1-01") == named[:3]
    assert scan(plant.planner, "WO-1-01").data["more"] is True


def test_a_worker_finds_their_order_of_a_lot_that_has_many_newer_ones(plant: Plant, order: Any) -> None:
    for _ in range(scanning.MOST_FOUND + 1):
        plant.order({"name": "C", "assignee_ids": [plant.other.id]}, lot_no="lot-I")
    assert found(plant.worker, "Lot-ı") == [("order", "WO-1")]
    assert len(found(plant.planner, "Lot-ı")) == scanning.MOST_FOUND


def test_codes_that_nothing_could_have_are_refused(plant: Plant) -> None:
    for code in (" ", "\u200b", "x" * 401, "a\tb\x00"):
        assert scan(plant.worker, code).status == 400


def test_an_order_that_does_not_tell_its_stages_is_found_all_the_same(plant: Plant, order: Any) -> None:
    stored = Item.get("T#default#ORDER#WO-1", "ORDER")
    stored.data["progress"] = []
    stored.save()
    assert found(plant.worker, "WO-1-01") == [("stage", "WO-1-01")]


@pytest.mark.parametrize(
    ("code", "requests"),
    [
        ("https://takip.example/m/press-1", 1),
        ("https://takip.example/o/WO-1", 2),
        ("https://takip.example/s/WO-1-01", 2),
        ("WO-1-01", 5),
        ("wo-1-01", 6),
        ("PRESS-2", 4),
    ],
)
def test_a_scan_costs_a_few_requests(plant: Plant, order: Any, code: str, requests: int) -> None:
    with watched() as called:
        scan(plant.worker, code)
    assert len(called) == requests
