"""What hostile testers found: values with two meanings, and what no answer could hold."""

import json

import pytest

from chalicelib.domain import plain_json
from chalicelib.domain.people.names import full_name_problem, presentable, trimmed, username_problem
from tests.floor import Plant, new_order
from tests.machines import install


def test_half_an_emoji_as_the_id_of_a_command_refuses_that_command_only(plant: Plant) -> None:
    plant.planner.post("/workorders", new_order())
    sent = b'{"commands": [{"id": "a\\ud83d", "command": "start", "target": "WO-1-01"}, '
    sent += b'{"id": "b", "command": "start", "target": "WO-1-01", "payload": {}}]}'

    halved, whole = plant.planner.post("/sync/commands", sent).items

    assert (halved["id"], halved["result"]) == (None, "rejected")
    assert whole["id"] == "b"


@pytest.mark.parametrize("depth", [33, 600, 900, 50_000])
def test_what_is_nested_too_deep_is_refused(plant: Plant, depth: int) -> None:
    install("M1")
    body = b'{"readings": ' + b"[" * depth + b"]" * depth + b"}"

    assert plant.planner.post("/machines/M1/readings", body).status == 400


def test_thirty_two_levels_are_read() -> None:
    assert plain_json.decode("[" * 32 + "]" * 32, float) is not None
    with pytest.raises(ValueError, match="32 levels"):
        plain_json.decode('{"a": {"a": 1, "a": ' + "[" * 31 + "]" * 31 + "}}", float)


READING = {"type": "temperature", "value": 20, "at": "2026-01-05T07:59:00Z"}


@pytest.mark.parametrize(
    ("message", "field"),
    [
        (READING | {"reading_type": "pressure"}, "type"),
        (READING | {"timestamp": "2026-01-05T07:58:00Z"}, "at"),
        (READING | {"readings": [READING]}, "readings"),
        ({"readings": [READING | {"machine_id": "M2"}]}, "readings[0].machine_id"),
    ],
)
def test_a_reading_with_two_meanings_is_refused_by_its_field(
    plant: Plant, message: dict[str, object], field: str
) -> None:
    install("M1")
    reply = plant.planner.post("/machines/M1/readings", message)

    assert (reply.status, [error["field"] for error in reply.error["errors"]]) == (422, [field])


def test_a_command_has_one_time(plant: Plant) -> None:
    plant.planner.post("/workorders", new_order())
    at = "2026-01-05T08:00:00Z"
    command = {"id": "c", "command": "start", "target": "WO-1-01", "payload": {"at": at}, "at": at}

    (answered,) = plant.planner.post("/sync/commands", {"commands": [command]}).items

    assert [error["field"] for error in answered["error"]["errors"]] == ["commands[0].payload.at"] or [
        error["field"] for error in answered["error"]["errors"]
    ] == ["payload.at"]


def test_a_route_is_its_products_however_the_code_is_written(plant: Plant) -> None:
    stages = {"stages": [{"name": "Boya"}]}
    plant.planner.call("PUT", "/routes", stages | {"product_code": "Kapak-40\u0130"})

    order = plant.planner.post("/workorders", new_order(product_code="kapak-40i", stages=[])).data

    assert [stage["name"] for stage in order["stages"]] == ["Boya"]
    own = plant.planner.call("PUT", "/routes", stages | {"product_code": "DEFAULT"})
    refused = plant.planner.post("/workorders", new_order(product_code="Default"))
    assert own.data["product_code"] == "default"
    assert (refused.status, refused.error["errors"][0]["field"]) == (422, "product_code")


@pytest.mark.parametrize("tag", ['"a,1"', '"1,7"', '"1', '1"', '"*"', '*,"1"', '"01"'])
def test_if_match_is_a_list_of_whole_tags(plant: Plant, tag: str) -> None:
    plant.planner.post("/workorders", new_order())

    assert plant.planner.post("/workorders/WO-1/hold", {"reason": "late"}, If_Match=tag).status == 412


@pytest.mark.parametrize("text", ["\u001fab", "ab\u001c", "a\u0085", "a\ufffcb"])
def test_control_characters_are_refused_at_the_ends_too(plant: Plant, text: str) -> None:
    assert plant.planner.post("/workorders", new_order(lot_no=text)).status == 422


def test_the_names_of_people_have_one_form_at_every_door() -> None:
    assert trimmed("s\u0327imal \u00a0") == "\u015fimal"
    assert presentable("  O\u0308zg\u00fcr  Kaya ") == "\u00d6zg\u00fcr Kaya"
    for wrong in ("\ufffdzg\u00fcr", "Ali\u202eVeli", "a\u200bb", "\ud83d"):
        assert full_name_problem(wrong)
    assert username_problem("b\ufffd2")


def test_a_sensors_range_has_no_negative_zero(plant: Plant) -> None:
    body = {"id": "M9", "name": "Pres", "sensors": [{"sensor": "main", "type": "temperature", "min": -0.0}]}

    shown = plant.planner.post("/machines", json.dumps(body).encode()).data["sensors"][0]["min"]

    assert str(shown) in ("0", "0.0")
