"""Routes: the stages of a product, for orders that name none."""

from typing import Any

import pytest

from tests.floor import Plant, new_order

STAGES: list[dict[str, Any]] = [
    {"name": "Kesim", "minutes": 20, "standard_seconds_per_unit": 6},
    {"name": "Kaynak", "machine_id": "M1"},
    {"name": "Boya", "minutes": 30},
]


def stages_of(plant: Plant, **fields: Any) -> list[str]:
    opened = plant.planner.post("/workorders", new_order(**fields))
    return [stage["name"] for stage in opened.data["stages"]]


def test_an_order_without_stages_takes_those_of_its_product(floor: Plant) -> None:
    put = floor.planner.put("/routes/P-1", {"stages": STAGES})

    assert put.status == 200
    order = floor.planner.post("/workorders", new_order(product_code="P-1")).data
    assert [stage["name"] for stage in order["stages"]] == ["Kesim", "Kaynak", "Boya"]
    assert [stage["standard_seconds_per_unit"] for stage in order["stages"]] == [6, None, None]
    assert order["stages"][1]["machine_id"] == "M1"
    assert order["stages"][0]["planned_start"] == order["planned_start"]
    ends = [stage["planned_end"] for stage in order["stages"]]
    assert ends[:2] == [stage["planned_start"] for stage in order["stages"][1:]]
    assert ends[2] == order["planned_end"]
    assert floor.worker.get("/routes/P-1").data == put.data
    assert floor.worker.get("/routes").items == [put.data]


def test_what_is_given_comes_before_the_product_before_the_plant_before_the_usual(floor: Plant) -> None:
    assert stages_of(floor) == ["Enjeksiyon", "Montaj"]
    floor.planner.put("/routes/default", {"stages": [{"name": "Plant's own"}]})
    assert stages_of(floor) == ["Plant's own"]
    floor.planner.put("/routes/P-1", {"stages": [{"name": "Product's"}]})
    assert stages_of(floor) == ["Product's"]
    assert stages_of(floor, product_code="P-2") == ["Plant's own"]
    assert stages_of(floor, stages=[{"name": "Given"}]) == ["Given"]


def test_a_cycle_of_a_mould_gives_the_standard_of_a_piece(floor: Plant) -> None:
    moulded = {"name": "Enjeksiyon", "cycle_seconds": 30, "cavities": 4}
    put = floor.planner.put("/routes/P-1", {"stages": [moulded, {"name": "Montaj", "cycle_seconds": 12.5}]})
    shown = [
        (stage["cycle_seconds"], stage["cavities"], stage["standard_seconds_per_unit"]) for stage in put.data["stages"]
    ]
    assert shown == [(30, 4, 7.5), (12.5, None, 12.5)]
    assert floor.worker.get("/routes/P-1").data == put.data
    order = floor.planner.post("/workorders", new_order(product_code="P-1")).data
    assert [stage["standard_seconds_per_unit"] for stage in order["stages"]] == [7.5, 12.5]


def test_a_changed_route_leaves_open_orders_as_they_are(floor: Plant) -> None:
    floor.planner.put("/routes/P-1", {"stages": STAGES})
    order = floor.planner.post("/workorders", new_order()).data
    floor.planner.put("/routes/P-1", {"stages": [{"name": "Other"}]})

    assert len(floor.planner.get(f"/workorders/{order['id']}").data["stages"]) == 3


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"stages": "missing"}),
        ({"stages": []}, {"stages": "too_short"}),
        ({"stages": [{"name": "x", "machine_id": "M9"}]}, {"stages[0].machine_id": "unknown"}),
        ({"stages": [{"name": "x", "cavities": 2}]}, {"stages[0].cycle_seconds": "missing"}),
        ({"stages": [{"name": "x", "cycle_seconds": 9, "cavities": 0}]}, {"stages[0].cavities": "greater_than_equal"}),
        (
            {"stages": [{"name": "x", "cycle_seconds": 9, "standard_seconds_per_unit": 8, "machine_id": "M9"}]},
            {"stages[0].machine_id": "unknown", "stages[0].standard_seconds_per_unit": "differs"},
        ),
        ({"stages": [{"name": "x", "minutes": 0}]}, {"stages[0].minutes": "greater_than"}),
        ({"stages": [{"name": "x", "planned_start": "now"}]}, {"stages[0].planned_start": "extra_forbidden"}),
    ],
)
def test_a_route_holds_only_what_an_order_could_use(floor: Plant, body: Any, fields: dict[str, str]) -> None:
    refused = floor.planner.put("/routes/P-1", body)
    assert refused.status == 422
    assert refused.fields().items() >= fields.items()
    assert floor.planner.get("/routes/P-1").error["code"] == "ERR_ROUTE_NONE"


def test_a_route_too_long_for_an_orders_window_is_told_with_the_order(floor: Plant) -> None:
    floor.planner.put("/routes/P-1", {"stages": [{"name": "x", "minutes": 500}]})
    refused = floor.planner.post("/workorders", new_order())
    assert refused.fields() == {"stages[0].planned_end": "outside_order"}


def test_workers_read_routes_and_change_none(floor: Plant) -> None:
    assert floor.stranger.get("/routes").status == 401
    assert floor.worker.put("/routes/P-1", {"stages": STAGES}).status == 403
    dry = floor.planner.put("/routes/P-1?dry_run=1", {"stages": STAGES})
    assert dry.data["product_code"] == "P-1"
    assert floor.worker.get("/routes/P-1").status == 404


def test_a_product_is_named_as_it_is_written(floor: Plant) -> None:
    floor.planner.put("/routes/KAPAK%2040", {"stages": [{"name": "Kapak"}]})
    assert stages_of(floor, product_code="KAPAK 40") == ["Kapak"]
