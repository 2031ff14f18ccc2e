"""Importing orders: each row opens a work order and has a result of its own."""

from typing import Any

import pytest

from chalicelib import settings
from chalicelib.domain.errors import StorageUnavailable
from functions._rules import RULES, words_of_paths
from tests.disturbances import after, raising
from tests.floor import Plant, new_order
from tests.machines import standing, watched

LIVE, DRY = "/workorders/import", "/workorders/import?dry_run=1"
MONTAJ = [{"name": "Montaj"}]


def imported(plant: Plant, *rows: Any, path: str = LIVE, key: str | None = None) -> list[Any]:
    reply = plant.planner.post(path, {"rows": list(rows)}, key=key)
    assert reply.status == 200, reply.body
    items: list[Any] = reply.items
    assert [each["row"] for each in items] == list(range(len(rows)))
    return items


def results(items: list[Any]) -> list[str]:
    return [each["result"] for each in items]


def codes(items: list[Any]) -> list[str | None]:
    return [each["error"]["code"] if "error" in each else None for each in items]


def test_each_row_opens_an_order_and_is_told_its_head(plant: Plant) -> None:
    first, second = imported(plant, new_order(number="N-1"), new_order(id="WO-2", stages=MONTAJ))

    assert (first["result"], first["data"]["number"], second["data"]["id"]) == ("created", "N-1", "WO-2")
    opened = plant.planner.get(f"/workorders/{first['data']['id']}").data
    assert [stage["name"] for stage in opened["stages"]] == ["Enjeksiyon", "Montaj"]
    assert first["data"] == {name: value for name, value in opened.items() if name not in ("stages", "allowed")}


@pytest.mark.parametrize("path", [LIVE, DRY])
@pytest.mark.parametrize(
    ("row", "field"),
    [
        (5, "rows[1]"),
        (None, "rows[1]"),
        ([], "rows[1]"),
        ({"god": 1}, "rows[1].god"),
        ({"id": "import"}, "rows[1].id"),
        ({"quantity": 0}, "rows[1].quantity"),
        ({"planned_end": "2026-01-01T00:00:00Z"}, "rows[1].planned_end"),
        ({"stages": [{"name": "Montaj", "assignee_ids": ["nobody"]}]}, "rows[1].stages[0].assignee_ids[0]"),
    ],
)
def test_a_row_that_is_wrong_stops_no_other_and_names_its_field(plant: Plant, row: Any, field: str, path: str) -> None:
    wrong = new_order(**row) if isinstance(row, dict) else row

    items = imported(plant, new_order(), wrong, new_order(), path=path)

    assert results(items) == ["created", "rejected", "created"]
    assert codes(items)[1] == "ERR_REQUEST_INVALID"
    assert [each["field"] for each in items[1]["error"]["errors"]] == [field]


def test_no_order_is_called_as_a_path_is(plant: Plant) -> None:
    names_of_paths = words_of_paths()["/workorders/{}"]
    beside_orders = {rule.path.split("/")[2] for rule in RULES if rule.path.startswith("/workorders/")}

    assert beside_orders == {"{order_id}", *names_of_paths}
    assert [plant.planner.post("/workorders", new_order(id=name)).fields() for name in names_of_paths] == [
        {"id": "value_error"}
    ]


@pytest.mark.parametrize("path", [LIVE, DRY])
def test_an_id_and_a_number_are_given_once_in_the_plant_and_in_the_file(plant: Plant, path: str) -> None:
    plant.order(id="WO-1", number="N-1")
    rows = [{"id": "WO-1"}, {"number": "N-1"}, {"id": "WO-2"}, {"id": "WO-2"}, {"number": "WO-2"}, {"number": "N-2"}]

    items = imported(plant, *(new_order(**row) for row in rows), path=path)

    assert results(items) == ["conflict", "conflict", "created", "conflict", "conflict", "created"]
    id_taken, number_taken = "ERR_ORDER_ID_TAKEN", "ERR_ORDER_NUMBER_TAKEN"
    assert codes(items) == [id_taken, number_taken, None, id_taken, number_taken, None]


def test_a_dry_run_writes_nothing_and_keeps_no_key(plant: Plant) -> None:
    body = new_order(id="WO-1")

    tried = imported(plant, body, path=DRY, key="k")

    assert standing("order") == standing("idempotency_key") == []
    assert results(tried) == results(imported(plant, body, key="k")) == ["created"]


@pytest.mark.parametrize("key", ["k", "k" * 128])
def test_a_file_that_is_sent_again_is_imported_once(plant: Plant, key: str) -> None:
    wrong, right = new_order(quantity=0), new_order(quantity=1)
    first = imported(plant, right, right, wrong, key=key)

    again = imported(plant, right, right, right, key=key)

    assert results(first) == ["created", "created", "rejected"]
    assert results(again) == ["duplicate", "duplicate", "created"]
    assert [each["data"] for each in again[:2]] == [each["data"] for each in first[:2]]
    assert len(standing("order")) == 3


def test_a_row_that_became_another_under_its_key_is_rejected(plant: Plant) -> None:
    imported(plant, new_order(quantity=1), key="k")

    assert codes(imported(plant, new_order(quantity=2), key="k")) == ["ERR_IDEMPOTENCY_KEY_REUSED"]


def test_while_storage_is_away_the_whole_is_to_be_sent_again(plant: Plant) -> None:
    rows = [new_order(stages=MONTAJ) for _ in range(3)]
    away = raising(StorageUnavailable("Away.", retry_after=2))
    settings.signing_keys()

    with watched(after(1, away)):
        reply = plant.planner.post(LIVE, {"rows": rows}, key="k")

    assert (reply.status, reply.headers["Retry-After"]) == (503, "2")
    assert results(imported(plant, *rows, key="k")) == ["duplicate", "created", "created"]
    assert len(standing("order")) == 3


@pytest.mark.parametrize(("count", "code"), [(0, "too_short"), (201, "too_long")])
def test_a_file_is_of_one_to_two_hundred_rows(plant: Plant, count: int, code: str) -> None:
    reply = plant.planner.post(LIVE, {"rows": [{}] * count})

    assert reply.fields() == {"rows": code}
    assert count == 0 or "200" in reply.error["detail"]
    assert results(imported(plant, *[{}] * 200)) == ["rejected"] * 200


def test_a_row_costs_what_opening_an_order_costs(plant: Plant) -> None:
    given = new_order(stages=MONTAJ)
    imported(plant, given)

    with watched() as called:
        imported(plant, given, new_order(), key="k")

    assert called == ["TransactWriteItems", "BatchGetItem", "TransactWriteItems"]
