"""For whom an order is, what is noted on it, and an order without a lot."""

from typing import Any
from urllib.parse import urlencode

import pytest

from chalicelib.schemas.work_orders import NewOrder, OrderOut, ReplanOrder
from chalicelib.storage import table
from chalicelib.storage.keys import orders as keys
from tests.conftest import SetClock
from tests.floor import Plant, new_order
from tests.functions.etags import version_in

FOR_WHOM = {"customer": "Arçelik", "note": "Kırmızı kapak, ikinci palet"}


def without_lot(**fields: Any) -> dict[str, Any]:
    """A body that opens an order and names no lot."""
    body = new_order(**fields)
    del body["lot_no"]
    return body


def test_an_order_shows_for_whom_it_is_and_what_is_noted(plant: Plant) -> None:
    opened = plant.planner.post("/workorders", new_order(id="WO-1", **FOR_WHOM)).data
    (listed,) = plant.planner.get("/workorders").items

    for shown in (opened, plant.planner.get("/workorders/WO-1").data, listed):
        assert shown.items() >= FOR_WHOM.items()


def test_who_opens_an_order_need_not_say_for_whom_and_of_which_lot(plant: Plant) -> None:
    opened = plant.planner.post("/workorders", without_lot(id="WO-1"))

    assert (opened.status, version_in(opened.headers["ETag"])) == (201, 1)
    assert [opened.data[name] for name in ("customer", "note", "lot_no")] == [None, None, None]
    assert plant.planner.get("/workorders/WO-1").data == opened.data
    assert {stage["lot_no"] for stage in plant.planner.get("/workorders/WO-1/stages").items} == {None}
    assert {stage["lot_no"] for stage in plant.planner.get("/stages").items} == {None}


def test_an_order_without_a_lot_is_of_no_lot(plant: Plant) -> None:
    plant.planner.post("/workorders", without_lot(id="WO-1"))
    plant.planner.post("/workorders", new_order(id="WO-2"))

    assert [order["id"] for order in plant.planner.get("/workorders?lot_no=L-1").items] == ["WO-2"]
    assert plant.planner.get("/workorders?lot_no=None").items == []
    assert list(table.query(keys.lot("default", "None", "").pk)) == []


def test_orders_are_found_by_customer(plant: Plant) -> None:
    for name, customer in (("A", "Arçelik"), ("B", "Bosch"), ("C", "Arçelik")):
        plant.planner.post("/workorders", new_order(id=name, customer=customer))
    plant.planner.post("/workorders", new_order(id="D"))

    found = plant.planner.get("/workorders?customer=Ar%C3%A7elik").items

    assert [order["id"] for order in found] == ["A", "C"]
    assert plant.planner.get("/workorders?customer=Vestel").items == []


@pytest.mark.parametrize("written", ["Şişecam İnşaat", "ŞİŞECAM İNŞAAT", "şişecam inşaat", "  şişecam  inşaat "])
def test_the_case_of_a_customer_does_not_matter(plant: Plant, written: str) -> None:
    plant.planner.post("/workorders", new_order(id="A", customer="Şişecam İnşaat"))
    plant.planner.post("/workorders", without_lot(id="B"))

    for order in ("", "order=newest&"):
        found = plant.planner.get(f"/workorders?{order}{urlencode({'customer': written})}").items
        assert [each["id"] for each in found] == ["A"]


def test_the_newest_orders_of_a_lot_are_found_however_it_is_written(plant: Plant) -> None:
    for name in ("A", "B"):
        plant.planner.post("/workorders", new_order(id=name, lot_no="parti-ı7"))
    plant.planner.post("/workorders", without_lot(id="C"))

    found = plant.planner.get(f"/workorders?order=newest&{urlencode({'lot_no': 'PARTİ-I7'})}").items

    assert {order["id"] for order in found} == {"A", "B"}


def test_rows_of_an_import_take_the_same(plant: Plant) -> None:
    rows = [without_lot(id="A", **FOR_WHOM), new_order(id="B", note=5)]

    first, second = plant.planner.post("/workorders/import", {"rows": rows}).items

    assert first["data"].items() >= (FOR_WHOM | {"lot_no": None}).items()
    assert [each["field"] for each in second["error"]["errors"]] == ["rows[1].note"]


def test_customer_and_note_are_changed_and_the_history_tells_it(plant: Plant, set_clock: SetClock) -> None:
    plant.planner.post("/workorders", new_order(id="WO-1", **FOR_WHOM))

    changed = plant.planner.patch("/workorders/WO-1", {"reason": "sold", "customer": "Vestel"}, If_Match='"1"').data
    cleared = plant.planner.patch("/workorders/WO-1", {"reason": "sent", "note": None}, If_Match='"2"').data

    assert (changed["customer"], changed["note"]) == ("Vestel", FOR_WHOM["note"])
    assert (cleared["customer"], cleared["note"]) == ("Vestel", None)
    (last,) = plant.planner.get("/workorders/WO-1/history?order=newest&limit=1").items
    assert last["changes"] == {"reason": "sent", "note": None}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"customer": ""}, "string_too_short"),
        ({"customer": " "}, "value_error"),
        ({"customer": "x" * 201}, "string_too_long"),
        ({"note": "x" * 1001}, "string_too_long"),
        ({"lot_no": ""}, "string_too_short"),
    ],
)
def test_what_is_given_is_a_text(plant: Plant, wrong: dict[str, str], code: str) -> None:
    reply = plant.planner.post("/workorders", new_order(**wrong))

    assert (reply.status, reply.fields()) == (422, dict.fromkeys(wrong, code))


@pytest.mark.parametrize("shape", [NewOrder, ReplanOrder, OrderOut])
def test_the_shapes_say_which_end_of_the_priority_is_urgent(shape: Any) -> None:
    assert "9 is the most urgent" in str(shape.model_json_schema()["properties"]["priority"])
