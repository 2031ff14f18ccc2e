"""Values at the doors: what is kept is what was sent, or the field is refused with the way out."""

import json
from decimal import Decimal
from typing import Any
from urllib.parse import quote

import pytest

from chalicelib.domain.instants import wire
from chalicelib.storage import keys, table
from chalicelib.storage.items import item
from chalicelib.storage.orders import work_orders
from tests.domain.test_instants import NO_INSTANTS
from tests.floor import HOUR, MINUTE, MORNING, Plant, Reply, new_order, pages

HALF = "\ud83d"


def sent(plant: Plant, path: str, text: str) -> Reply:
    """Send a body as text, for what no client would write by itself."""
    return plant.planner.call("POST", path, text.encode())


@pytest.mark.parametrize("raw", [each for each in NO_INSTANTS if each is not None])
def test_nothing_but_rfc_3339_is_an_instant_in_any_body(plant: Plant, raw: Any) -> None:
    plant.order(id="WO-1")
    stage = "/stages/WO-1-01"

    assert list(plant.planner.post("/workorders", new_order(planned_start=raw)).fields()) == ["planned_start"]
    timed = new_order(stages=[{"name": "x", "planned_end": raw}])
    assert list(plant.planner.post("/workorders", timed).fields()) == ["stages[0].planned_end"]
    (row,) = plant.planner.post("/workorders/import", {"rows": [new_order(planned_end=raw)]}).items
    assert [each["field"] for each in row["error"]["errors"]] == ["rows[0].planned_end"]
    assert list(plant.worker.post(f"{stage}/start", {"at": raw}).fields()) == ["at"]
    booked = {"started_at": raw, "ended_at": wire(MORNING)}
    assert list(plant.worker.post(f"{stage}/sessions", booked).fields()) == ["started_at"]
    command = {"id": "c1", "command": "start", "target": "WO-1-01", "at": raw}
    (synced,) = plant.worker.post("/sync/commands", {"commands": [command]}).items
    assert [each["field"] for each in synced["error"]["errors"]] == ["commands[0].at"]


@pytest.mark.parametrize("raw", ["20260105", "2026", "0", "2026-W02-1", "2026-01-05%2010:00Z", "2026-01-05T24:00:00Z"])
@pytest.mark.parametrize(
    "path",
    [
        "/workorders?due_before=",
        "/workorders?due_after=",
        "/stages?due_before=",
        "/auth/events?since=",
        "/auth/events?before=",
        "/machines/M1/rollups?from=",
        "/machines/M1/rollups?to=",
        "/metrics/daily?from=",
        "/metrics/daily?to=",
    ],
)
def test_nothing_but_rfc_3339_is_an_instant_or_a_day_in_any_parameter(floor: Plant, path: str, raw: str) -> None:
    reply = floor.admin.get(path + raw)

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


@pytest.mark.parametrize("limit", ["\u0661\u0660", "1_0", "+5", "%205", "1e1", "5.0"])
def test_a_limit_is_written_in_digits(plant: Plant, limit: str) -> None:
    assert plant.planner.get(f"/workorders?limit={limit}").fields() == {"limit": "int_parsing"}


NO_NUMBERS = [
    '"1.500"',
    '"1_000"',
    '"\u0665\u0660"',
    '"1e3"',
    "true",
    "null",
    "[1]",
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
]
NO_QUANTITIES = [*NO_NUMBERS, "1e999999", "1e99999999999999999999", "-1", "1.0000000000000000001", "9" * 5000]


@pytest.mark.parametrize("number", NO_QUANTITIES)
def test_a_quantity_is_a_json_number_that_can_be_kept_exactly(plant: Plant, number: str) -> None:
    body = json.dumps(new_order(quantity=0)).replace('"quantity": 0', f'"quantity": {number}')

    reply = sent(plant, "/workorders", body)
    assert (reply.status, list(reply.fields())) == (422, ["quantity"])
    (row,) = sent(plant, "/workorders/import", f'{{"rows": [{body}]}}').items
    assert [each["field"] for each in row["error"]["errors"]] == ["rows[0].quantity"]


@pytest.mark.parametrize("number", NO_NUMBERS)
def test_minutes_standards_and_priorities_are_json_numbers_too(floor: Plant, number: str) -> None:
    for field in ("minutes", "standard_seconds_per_unit"):
        body = f'{{"stages": [{{"name": "x", "{field}": {number}}}]}}'
        reply = floor.planner.call("PUT", "/routes/P-1", body.encode())
        assert number == "null" or list(reply.fields()) == [f"stages[0].{field}"]
    order = json.dumps(new_order(priority=0)).replace('"priority": 0', f'"priority": {number}')
    assert list(sent(floor, "/workorders", order).fields()) == ["priority"]
    machine = f'{{"id": "M7", "name": "x", "sensors": [{{"sensor": "t", "type": "temperature", "min": {number}}}]}}'
    assert number == "null" or list(sent(floor, "/machines", machine).fields()) == ["sensors[0].min"]


@pytest.mark.parametrize(
    ("written", "kept"), [("1.50", "1.5"), ("1e3", "1000"), ("999999999999.999", "999999999999.999"), ("15e-1", "1.5")]
)
def test_a_quantity_is_kept_as_it_was_written(plant: Plant, written: str, kept: str) -> None:
    body = json.dumps(new_order(quantity=0, id="WO-1")).replace('"quantity": 0', f'"quantity": {written}')

    assert sent(plant, "/workorders", body).status == 201
    assert str(work_orders.load("default", "WO-1").quantity) == str(Decimal(kept))


def test_a_zero_behind_a_sign_is_zero(plant: Plant) -> None:
    plant.order(id="WO-1")
    plant.worker.post("/stages/WO-1-01/start")

    reply = plant.worker.call("POST", "/stages/WO-1-01/report", b'{"good": 1, "scrap": -0.0, "rework": 0e999}')

    assert (reply.status, reply.data["scrap"]) == (200, 0)


def test_a_name_that_stands_twice_in_an_object_is_refused_at_every_depth(plant: Plant) -> None:
    plant.order(id="WO-1")
    twice = '{"good": 1, "good": 500}'
    assert sent(plant, "/stages/WO-1-01/report", twice).error["code"] == "ERR_REQUEST_BAD_JSON"
    order = json.dumps(new_order(stages=["?"])).replace('"?"', '{"name": "a", "name": "b"}')
    reply = sent(plant, "/workorders", order)
    assert reply.fields() == {"stages[0]": "model_type"}
    assert "twice" in reply.error["detail"]
    good = json.dumps(new_order())
    rows = sent(plant, "/workorders/import", f'{{"rows": [{good}, {order}, {{"a": 1, "a": 2}}]}}').items
    assert [each["result"] for each in rows] == ["created", "rejected", "rejected"]
    command = f'{{"id": "c1", "command": "report", "target": "WO-1-01", "payload": {twice}}}'
    (synced,) = sent(plant, "/sync/commands", f'{{"commands": [{command}]}}').items
    assert [each["field"] for each in synced["error"]["errors"]] == ["commands[0].payload"]


def test_a_reading_that_names_something_twice_or_holds_half_a_letter_is_set_aside_alone(floor: Plant) -> None:
    at = wire(MORNING)
    good, twice, half = (
        f'{{"type": "temperature", "value": 20.5, "at": "{at}"}}',
        f'{{"type": "temperature", "value": 1, "value": 2, "at": "{at}"}}',
        f'{{"type": "temperature", "sensor": "\\ud83d", "value": 20, "at": "{at}"}}',
    )

    reply = sent(floor, "/machines/M1/readings", f'{{"readings": [{good}, {twice}, {half}, {good}]}}')

    assert (reply.status, reply.data["accepted"], reply.data["quarantined"]) == (202, 2, 2)
    assert [each["field"] for each in reply.data["errors"]] == ["readings[1]", "readings[2].sensor"]


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


@pytest.mark.parametrize(("path", "body"), [("/machines", {"id": "quarantine", "name": "Press"})])
def test_no_machine_is_called_as_a_path_is(plant: Plant, path: str, body: dict[str, Any]) -> None:
    assert plant.planner.post(path, body).fields() == {"id": "value_error"}


def test_a_row_tells_its_line_and_all_that_is_wrong_with_it(plant: Plant) -> None:
    wrong = new_order(
        quantity="5",
        colour="red",
        stages=[
            {"name": "", "machine_id": "M9"},
            {"name": "b", "assignee_ids": ["nobody"], "planned_end": wire(MORNING + 24 * HOUR)},
        ],
    )

    first, second = plant.planner.post("/workorders/import", {"rows": [wrong, new_order()]}).items

    assert (first["row"], first["line"], second["row"], second["line"]) == (0, 2, 1, 3)
    assert {each["field"].removeprefix("rows[0].") for each in first["error"]["errors"]} == {
        "quantity",
        "colour",
        "stages[0].name",
        "stages[0].machine_id",
        "stages[1].assignee_ids[0]",
        "stages[1].planned_end",
    }


def test_a_row_whose_times_are_wrong_is_told_of_the_people_it_names_too(plant: Plant) -> None:
    plant.order(id="WO-1")
    wrong = new_order(
        id="WO-1", planned_start="soon", planned_end=5, stages=[{"stage_name": "a", "assignee_ids": ["nobody"], "x": 1}]
    )
    both = new_order(qty=5, lot_no="")
    rows = plant.planner.post("/workorders/import", {"rows": [wrong, both, new_order(id="WO-1", lot_no="")]}).items

    fields = [[each["field"].partition(".")[2] for each in row["error"]["errors"]] for row in rows]
    assert fields == [
        ["planned_start", "planned_end", "stages[0].x", "stages[0].assignee_ids[0]"],
        ["lot_no", "qty"],
        ["lot_no"],
    ]


@pytest.mark.usefixtures("set_clock")
@pytest.mark.parametrize("command", ["book", "assign", "replan", "skip", "reopen"])
def test_every_command_on_a_stage_takes_at_by_either_road(plant: Plant, command: str) -> None:
    plant.order(id="WO-1")
    times = {"started_at": wire(MORNING), "ended_at": wire(MORNING)}
    bodies: dict[str, Any] = {
        "book": times,
        "assign": {"user_ids": [plant.worker.id]},
        "replan": {"reason": "r", "name": "new"},
        "skip": {"reason": "r"},
        "reopen": {"reason": "r"},
    }
    if command == "reopen":
        plant.planner.post("/stages/WO-1-01/skip", {"reason": "r"})
    at, late = wire(MORNING - MINUTE), wire(MORNING + HOUR)
    sync = {"id": "c1", "command": command, "target": "WO-1-01", "payload": bodies[command], "at": late}

    (refused,) = plant.planner.post("/sync/commands", {"commands": [sync]}).items
    (applied,) = plant.planner.post("/sync/commands", {"commands": [sync | {"id": "c2", "at": at}]}).items

    assert [each["field"] for each in refused["error"]["errors"]] == ["at"]
    assert applied["result"] == "applied"
    assert plant.planner.get("/workorders/WO-1/history").items[-1]["at"] == at


@pytest.mark.usefixtures("set_clock")
def test_a_phone_that_is_thirty_seconds_slow_is_believed_and_told(plant: Plant) -> None:
    order = plant.order(id="WO-1")
    slow = "2026-01-05T07:59:30.000Z"
    assert order["created_at"] == wire(MORNING)

    started = plant.worker.post("/stages/WO-1-01/start", {"at": slow}, key="k")
    again = plant.worker.post("/stages/WO-1-01/start", {"at": slow}, key="k")
    command = {"id": "c1", "command": "pause", "target": "WO-1-01", "payload": {}, "at": slow}
    (paused,) = plant.worker.post("/sync/commands", {"commands": [command]}).items
    issue = plant.worker.post("/stages/WO-1-01/issue", {"type": "other", "description": "x", "at": slow})
    booked = plant.worker.post("/stages/WO-1-01/sessions", {"started_at": slow, "ended_at": slow})

    assert started.data["adjusted"] == again.data["adjusted"] == {"at": wire(MORNING)}
    assert started.data["started_at"] == wire(MORNING)
    assert paused["data"]["adjusted"] == issue.data["adjusted"] == {"at": wire(MORNING)}
    assert booked.data["adjusted"] == {"started_at": wire(MORNING), "ended_at": wire(MORNING)}
    assert plant.planner.get("/workorders/WO-1/history").items[1]["at"] == slow
    assert "adjusted" not in plant.worker.get("/stages/WO-1-01").data


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
