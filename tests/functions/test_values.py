"""Values at the doors: what is kept is what was sent, or the field is refused with the way out."""

import json
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.instants import wire
from chalicelib.storage.orders import work_orders
from tests.domain.test_instants import NO_INSTANTS
from tests.floor import MORNING, Plant, Reply, new_order


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
        "/stages?due_after=",
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
