"""What every endpoint refuses before its own code runs: wrong bodies, parameters and headers."""

import json
from typing import Any

import pytest

from tests.floor import Plant, new_order

ORIGIN = "https://floor.example"


def test_a_body_over_256_kb_is_too_large(plant: Plant) -> None:
    fits, over = (b'{"a": "' + b"x" * (size - 9) + b'"}' for size in (256 * 1024, 256 * 1024 + 1))

    assert plant.planner.call("POST", "/workorders", fits).status == 422
    reply = plant.planner.call("POST", "/workorders", over)
    assert (reply.status, reply.error["code"]) == (413, "ERR_REQUEST_TOO_LARGE")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "application/jsonp", "json"])
def test_a_body_that_is_not_json_is_refused_by_its_type(plant: Plant, media_type: str) -> None:
    reply = plant.planner.call("POST", "/workorders", b"{}", Content_Type=media_type)

    assert (reply.status, reply.error["code"]) == (415, "ERR_REQUEST_NOT_JSON")


@pytest.mark.parametrize("media_type", ["application/json; charset=utf-8", "Application/JSON", "application/x+json"])
def test_json_is_recognised_under_all_its_names(plant: Plant, media_type: str) -> None:
    body = json.dumps(new_order()).encode()

    assert plant.planner.call("POST", "/workorders", body, Content_Type=media_type).status == 201


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[]", b"5", b'"text"', b"null", b"[" * 10_000, b'{"a": "\\ud800"}'])
def test_a_body_that_is_no_json_object_cannot_be_read(plant: Plant, body: bytes) -> None:
    reply = plant.planner.call("POST", "/workorders", body)

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_JSON")


def test_all_wrong_fields_are_told_at_once(plant: Plant) -> None:
    wrong: dict[str, Any] = {
        "quantity": 0,
        "priority": 10,
        "planned_start": "yesterday",
        "planned_end": "2026-01-05T10:00:00",
        "id": "a/b",
        "flow": "diagonal",
        "colour": "red",
        "stages": [{"name": "", "planned_end": 5, "speed": 1}],
    }

    reply = plant.planner.post("/workorders", new_order(**wrong))

    assert (reply.status, reply.error["code"]) == (422, "ERR_REQUEST_INVALID")
    assert reply.fields() == {
        "quantity": "greater_than",
        "priority": "less_than_equal",
        "planned_start": "datetime_parsing",
        "planned_end": "timezone_aware",
        "id": "string_pattern_mismatch",
        "flow": "enum",
        "colour": "extra_forbidden",
        "stages[0].name": "string_too_short",
        "stages[0].planned_end": "datetime_type",
        "stages[0].speed": "extra_forbidden",
    }


def test_what_is_not_known_is_told_with_what_is(plant: Plant) -> None:
    (error,) = plant.planner.post("/machines", {"id": "M1", "name": "Press", "colour": "red"}).error["errors"]

    assert (
        error["message"]
        == "is unknown; known fields are: id, name, machine_type, location, line, status, sensors, silent_minutes, tags"
    )


@pytest.mark.parametrize("quantity", [float("nan"), float("inf"), "many", True, None, 1.0005, -1])
def test_a_quantity_is_a_finite_number_with_three_places(plant: Plant, quantity: object) -> None:
    assert list(plant.planner.post("/workorders", new_order(quantity=quantity)).fields()) == ["quantity"]


@pytest.mark.parametrize(("field", "value"), [("priority", "1"), ("priority", 1.0), ("priority", True), ("lot_no", 5)])
def test_a_value_of_another_type_is_refused_and_not_converted(plant: Plant, field: str, value: object) -> None:
    assert list(plant.planner.post("/workorders", new_order(**{field: value})).fields()) == [field]


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 1767600000, ""])
def test_an_instant_outside_the_calendar_is_refused_by_its_field(plant: Plant, instant: object) -> None:
    reply = plant.planner.post("/workorders", new_order(planned_start=instant))

    assert list(reply.fields()) == ["planned_start"]


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ("/workorders?colour=red", {"colour": "extra_forbidden"}),
        ("/workorders?limit=0", {"limit": "greater_than_equal"}),
        ("/workorders?limit=101&number=1&number=2", {"limit": "less_than_equal", "number": "string_type"}),
        ("/workorders?status=gone&status=done", {"status[0]": "enum"}),
        ("/workorders?due_before=tomorrow", {"due_before": "datetime_from_date_parsing"}),
        ("/workorders?due_after=0001-01-01T00:00:00%2B14:00", {"due_after": "value_error"}),
        ("/stages?assignee=you", {"assignee": "literal_error"}),
        ("/auth/me?dry_run=1", {"dry_run": "extra_forbidden"}),
        ("/metrics/daily?to=0001-01-01", {"to": "greater_than_equal"}),
    ],
)
def test_parameters_that_cannot_be_are_told_at_once(plant: Plant, path: str, refused: dict[str, str]) -> None:
    reply = plant.planner.get(path)

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
    assert reply.fields() == refused


def test_a_filter_may_repeat_where_it_takes_several(plant: Plant) -> None:
    plant.order()

    assert len(plant.planner.get("/stages?status=planned&status=paused").items) == 1
    assert plant.planner.get("/stages?status=paused&status=in_progress").items == []


@pytest.mark.parametrize("asked", ["dry_run=yes", "dry_run=", "dry_run=1&dry_run=0", "dry_run=True"])
def test_a_dry_run_is_asked_for_clearly_or_not_at_all(plant: Plant, asked: str) -> None:
    reply = plant.planner.post(f"/workorders?{asked}", new_order())

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


@pytest.mark.parametrize("key", ["", "tab\there", "x" * 129, "çok"])
def test_an_idempotency_key_is_up_to_128_printable_characters(plant: Plant, key: str) -> None:
    reply = plant.planner.post("/workorders", new_order(), key=key)

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
    assert plant.planner.post("/workorders", new_order(), key="x" * 128).status == 201


@pytest.mark.parametrize("given", ["mobile-7:2026.01_a", "x" * 128])
def test_a_request_id_that_was_given_is_used(plant: Plant, given: str) -> None:
    reply = plant.stranger.get("/auth/me", X_Request_Id=given)

    assert reply.headers["X-Request-Id"] == reply.error["request_id"] == given


@pytest.mark.parametrize("given", ["", "x" * 129, "a b", "a\tb", "<script>"])
def test_a_request_id_that_cannot_be_is_replaced(plant: Plant, given: str) -> None:
    first, second = (plant.stranger.get("/health", X_Request_Id=given).headers["X-Request-Id"] for _ in range(2))

    assert first
    assert given not in (first, second)
    assert first != second


def test_old_names_are_understood_and_answered_under_new_ones(plant: Plant) -> None:
    body = new_order(qty=7, stages=[{"stage_name": "Enjeksiyon", "assignee_ids": [plant.worker.id]}])
    del body["quantity"]

    order = plant.planner.post("/workorders", body).data

    assert order["quantity"] == 7
    assert "qty" not in order
    (stage,) = order["stages"]
    assert stage["name"] == "Enjeksiyon"
    started = plant.worker.post(f"/stages/{stage['id']}/start", {"timestamp": order["created_at"]}).data
    assert started["started_at"] == started["actual_start"] == order["created_at"]
    machine = {"id": "M1", "name": "Press", "sensors": [{"sensor": "t1", "reading_type": "temperature"}]}
    assert plant.planner.post("/machines", machine).data["sensors"][0]["type"] == "temperature"
    assert plant.worker.get("/machines/M1/rollups?reading_type=temperature&reading_type=pressure").items == []


def test_a_field_may_not_come_under_both_of_its_names(plant: Plant) -> None:
    assert plant.planner.post("/workorders", new_order(qty=7)).fields() == {"qty": "extra_forbidden"}


def test_a_trailing_slash_is_the_same_resource(plant: Plant) -> None:
    order = plant.order()

    assert plant.planner.get(f"/workorders/{order['id']}/").data == plant.planner.get(f"/workorders/{order['id']}").data


@pytest.fixture
def _one_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKIP_CORS_ORIGINS", f"https://other.example, {ORIGIN}")


@pytest.mark.usefixtures("_one_origin")
def test_a_page_of_an_allowed_origin_may_call(plant: Plant) -> None:
    replies = [plant.stranger.get(path, Origin=ORIGIN) for path in ("/health", "/auth/me")]
    asked = plant.stranger.call("OPTIONS", "/workorders/{order_id}", Origin=ORIGIN)

    assert {reply.headers["Access-Control-Allow-Origin"] for reply in [*replies, asked]} == {ORIGIN}
    assert {reply.headers["Vary"] for reply in [*replies, asked]} == {"Origin", "Origin, Accept-Language"}
    assert asked.status == 204
    assert "PATCH" in asked.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in asked.headers["Access-Control-Allow-Headers"]
    assert not any(name.endswith("Allow-Credentials") for name in asked.headers)


@pytest.mark.usefixtures("_one_origin")
@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_a_page_of_no_allowed_origin_learns_nothing(plant: Plant, headers: dict[str, str]) -> None:
    asked = plant.stranger.call("OPTIONS", "/auth/me", **headers)

    assert asked.status == 204
    assert not [name for name in asked.headers if name.startswith("Access-Control")]
    assert not [n for n in plant.stranger.get("/health", **headers).headers if n.startswith("Access-Control")]
