"""Texts at the doors: those that look the same are the same, and what cannot be read is refused by its field."""

from urllib.parse import quote

import pytest

from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.orders import work_orders
from tests.floor import Plant, new_order, pages

HALF = "\ud83d"


def test_bytes_that_were_replaced_on_the_way_are_refused_with_the_way_out(plant: Plant) -> None:
    plant.order(id="WO-1")
    lost = [
        plant.planner.post("/workorders", new_order(product_code="�ARJ-�")),
        plant.planner.post("/workorders", new_order(stages=[{"name": "Döküm�"}])),
        plant.planner.post("/workorders/WO-1/hold", {"reason": "�"}),
        plant.worker.post("/stages/WO-1-01/issue", {"type": "other", "description": "kal�p"}),
        plant.admin.post("/auth/register", {"username": "g�l", "password": "long enough for all"}),
        plant.admin.post("/auth/register", {"username": "gul", "password": "long en�ugh for all"}),
        plant.admin.post("/auth/register", {"username": "gul", "password": "long enough", "full_name": "G�l"}),
    ]

    assert [reply.status for reply in lost] == [422] * len(lost)
    assert all("charset=utf-8" in reply.error["detail"] for reply in lost)
    assert plant.planner.get("/workorders?number=%EF%BF%BD").status == 400


def test_half_an_emoji_refuses_only_the_command_or_row_that_has_it(plant: Plant) -> None:
    plant.order({"name": "a", "assignee_ids": [plant.worker.id]}, id="WO-1")
    plant.order({"name": "a", "assignee_ids": [plant.worker.id]}, id="WO-2")
    commands = [
        {"id": "c1", "command": "start", "target": "WO-1-01", "payload": {}},
        {"id": "c2", "command": "pause", "target": "WO-1-01", "payload": {"note": HALF}},
        {"id": "c3", "command": "start", "target": "WO-2-01", "payload": {}},
        {"id": "c4", "command": "start", "target": "WO-2-01", "payload": {HALF: 1}},
    ]

    synced = plant.worker.post("/sync/commands", {"commands": commands}).items
    rows = [new_order(lot_no=HALF), new_order(), new_order(**{HALF: 1}), new_order(stages=[{"name": f"a{HALF}"}])]
    imported = plant.planner.post("/workorders/import", {"rows": rows}).items

    assert [each["result"] for each in synced] == ["applied", "rejected", "applied", "rejected"]
    assert [each["field"] for each in synced[1]["error"]["errors"]] == ["payload.note"]
    assert [each["result"] for each in imported] == ["rejected", "created", "rejected", "rejected"]
    assert [each["field"] for each in imported[0]["error"]["errors"]] == ["rows[0].lot_no"]
    assert plant.planner.post("/workorders", new_order(lot_no=HALF)).fields() == {"lot_no": "value_error"}


LOOKS_LIKE_4711 = ["4711 ", "\u00a04711", "4711\n", "\uff14\uff17\uff11\uff11", "4711"]


@pytest.mark.parametrize("number", LOOKS_LIKE_4711)
def test_a_number_that_looks_the_same_is_the_same(plant: Plant, number: str) -> None:
    plant.order(number="4711")

    assert plant.planner.post("/workorders", new_order(number=number)).error["code"] == "ERR_ORDER_NUMBER_TAKEN"
    assert plant.planner.post("/workorders", new_order(number="47\u200b11")).fields() == {"number": "value_error"}


@pytest.mark.parametrize("asked", ["kapak-40İ", "KAPAK-40I", "%20Kapak-40%C4%B1%20", "KAPAK-40i"])
def test_number_lot_and_product_are_found_however_they_are_written(plant: Plant, asked: str) -> None:
    plant.order(number="KAPAK-40I", lot_no="KAPAK-40I", product_code="KAPAK-40I")

    for name in ("number", "lot_no", "product_code"):
        assert len(plant.planner.get(f"/workorders?{name}={asked}").items) == 1
        assert plant.planner.get(f"/workorders?{name}=KAPAK-41").items == []


def test_numbers_and_lots_of_earlier_releases_are_still_found_and_still_taken(plant: Plant) -> None:
    for n in range(3):
        order = plant.order(id=f"WO-{n}", number=f"N-{n}", lot_no="Lot-a" if n < 2 else "other")
        assert order["lot_no"] in ("Lot-a", "other")
    table.put(item(keys.order_number("default", "Old-1"), "order_number", {"order_id": "WO-2"}))
    table.put(item(keys.lot("default", "Lot-a", "WO-2"), "lot", {"order_id": "WO-2"}))

    assert plant.planner.post("/workorders", new_order(number="Old-1")).error["code"] == "ERR_ORDER_NUMBER_TAKEN"
    assert work_orders.find_by_number("default", "Old-1") == "WO-2"
    found = work_orders.by_lot("default", "Lot-a", limit=100, cursor=None, filters=None)
    assert [each.data["order_id"] for each in found.items] == ["WO-0", "WO-1", "WO-2"]
    assert len(pages(plant.planner, "/workorders?lot_no=Lot-a&")) == 2  # the third order says another lot itself
    assert plant.planner.get("/workorders?lot_no=Lot-a&cursor=x").status == 400
    assert plant.planner.get("/workorders?lot_no=OTHER&cursor=x").status == 400


def test_a_text_whose_compared_form_is_endless_is_no_number(plant: Plant) -> None:
    assert plant.planner.post("/workorders", new_order(number="ﷺ" * 12)).fields() == {"number": "value_error"}


@pytest.mark.parametrize("code", ["KAPAK/40", "%41-1", "A#1", "A?b=c", "Çarş 5", "x" * 200, "..", "100%"])
def test_what_an_order_may_carry_a_route_may_have(plant: Plant, code: str) -> None:
    put = plant.planner.put("/routes", {"product_code": code, "stages": [{"name": "Own"}]})
    assert (put.status, put.data["product_code"]) == (200, code)
    order = plant.planner.post("/workorders", new_order(product_code=code)).data
    assert [stage["name"] for stage in order["stages"]] == ["Own"]
    assert plant.worker.get(f"/routes?product_code={quote(code, safe='')}").items == [put.data]
    assert plant.worker.get(f"/routes/{quote(code, safe='')}").data == put.data
    assert plant.planner.put(f"/routes/{quote(code, safe='')}", {"stages": [{"name": "New"}]}).status == 200
    assert [route["product_code"] for route in plant.worker.get("/routes").items] == [code]


@pytest.mark.parametrize("place", ["%0A", "a%0Ab", "%20", "a%E2%80%8Bb", "%FF", "x" * 201])
def test_what_no_order_could_carry_has_no_route(plant: Plant, place: str) -> None:
    assert plant.planner.put(f"/routes/{place}", {"stages": [{"name": "x"}]}).status == 400
    assert plant.planner.get(f"/routes/{place}").status == 400
    assert plant.worker.get("/routes").items == []
    assert plant.worker.get("/routes?product_code=none").items == []
    assert plant.planner.post("/workorders", new_order(product_code="default")).fields() == {
        "product_code": "value_error"
    }
