"""Suggested standards of a product, over HTTP, from the stages that were done."""

from typing import Any

import pytest

from chalicelib.domain.instants import wire
from tests.floor import HOUR, MINUTE, MORNING, Plant, new_order
from tests.machines import watched, work

STANDARDS = "/products/P-1/standards"
ROUTE = [{"name": "Enjeksiyon", "cycle_seconds": 30, "cavities": 4}, {"name": "Montaj"}]


def finish(floor: Plant, name: str, minutes: int, good: int, **fields: Any) -> None:
    """Open an order of the product, and finish its first stage after a session of so many minutes."""
    order = floor.planner.post("/workorders", new_order(id=name, quantity=10_000, **fields))
    assert order.status == 201
    at = f"/stages/{name}-01"
    times = {"started_at": wire(MORNING - HOUR), "ended_at": wire(MORNING - HOUR + minutes * MINUTE)}
    assert floor.planner.post(f"{at}/sessions", {**times, "worker_id": floor.worker.id, "good": good}).status == 201
    assert floor.planner.post(f"{at}/done").status == 200
    work()


@pytest.fixture
def made(floor: Plant) -> Plant:
    """A plant whose product has a route, and of which the first stage was done four times."""
    assert floor.planner.put("/routes/P-1", {"stages": ROUTE}).status == 200
    for name, minutes, good in (("WO-1", 15, 100), ("WO-2", 20, 100), ("WO-3", 30, 100), ("WO-4", 10, 0)):
        finish(floor, name, minutes, good, product_code="p-1" if name == "WO-2" else "P-1")
    finish(floor, "WO-9", 50, 100, product_code="P-2")
    return floor


def test_nobody_unknown_and_no_worker_reads_standards(made: Plant) -> None:
    assert made.stranger.get(STANDARDS).status == 401
    assert made.worker.get(STANDARDS).status == 403


def test_the_last_done_stages_suggest_a_standard_beside_that_of_the_route(made: Plant) -> None:
    found = made.planner.get(STANDARDS).data
    moulding, assembly = found["stages"]
    assert (found["product_code"], found["as_of"]) == ("P-1", "2026-01-05T08:00:00.000Z")
    assert {name: metric["value"] for name, metric in moulding["metrics"].items()} == {
        "standard_lower_quartile": 9,
        "suggested_standard": 12,
        "standard_upper_quartile": 18,
    }
    assert moulding["metrics"]["suggested_standard"].items() >= {"numerator": 1200, "denominator": 100}.items()
    told = ("name", "in_route", "standard_seconds_per_unit", "cycle_seconds", "cavities", "orders")
    assert [moulding[name] for name in told] == ["Enjeksiyon", True, 7.5, 30, 4, 3]
    assert sorted(each["stage_id"] for each in moulding["used"]) == ["WO-1-01", "WO-2-01", "WO-3-01"]
    (left_out,) = moulding["left_out"]
    assert left_out.items() >= {"stage_id": "WO-4-01", "run_seconds": 600, "pieces": 0, "reason": "no_output"}.items()
    assert left_out["seconds_a_piece"] is None
    assert [assembly["name"], assembly["orders"], assembly["used"]] == ["Montaj", 0, []]
    assert assembly["metrics"]["suggested_standard"]["reason"] == "no_data"


def test_nothing_is_applied_and_a_stage_that_left_the_route_is_shown_after_it(made: Plant) -> None:
    made.planner.get(STANDARDS)
    assert made.planner.get("/routes/P-1").data["stages"][0]["standard_seconds_per_unit"] == 7.5
    made.planner.put("/routes/P-1", {"stages": [{"name": "Montaj"}]})
    assembly, moulding = made.planner.get(STANDARDS).data["stages"]
    assert [assembly["name"], moulding["name"], moulding["in_route"]] == ["Montaj", "Enjeksiyon", False]
    assert (moulding["standard_seconds_per_unit"], moulding["metrics"]["suggested_standard"]["value"]) == (None, 12)


def test_a_stage_that_is_reopened_or_corrected_tells_what_it_is_now(made: Plant) -> None:
    assert made.planner.post("/stages/WO-3-01/reopen", {"reason": "again"}).status == 200
    (session,) = made.planner.get("/stages/WO-1-01/sessions").items
    corrected = {"good": 50, "reason": "miscounted"}
    assert made.planner.post(f"/stages/WO-1-01/sessions/{session['id']}/correct", corrected).status == 200
    work()
    moulding, _ = made.planner.get(STANDARDS).data["stages"]
    assert {each["stage_id"]: each["seconds_a_piece"] for each in moulding["used"]} == {"WO-1-01": 18, "WO-2-01": 12}


def test_a_product_without_history_has_its_route_and_one_that_is_unknown_is_not_there(floor: Plant) -> None:
    missing = floor.planner.get("/products/P-9/standards")
    assert (missing.status, missing.error["code"]) == (404, "ERR_PRODUCT_NOT_FOUND")
    floor.planner.post("/products", {"product_code": "P-9", "name": "Cap"})
    assert floor.planner.get("/products/P-9/standards").data["stages"] == []
    floor.planner.put("/routes/P-9", {"stages": ROUTE})
    assert [stage["orders"] for stage in floor.planner.get("/products/P-9/standards").data["stages"]] == [0, 0]


def test_a_suggestion_costs_two_requests_whatever_was_done(made: Plant) -> None:
    with watched() as called:
        assert made.planner.get(STANDARDS).status == 200
    assert sorted(called) == ["BatchGetItem", "Query"]
