"""Product endpoints: registering, reading and changing products, and their history."""

from typing import Any

import pytest

from tests.conftest import SetClock
from tests.floor import HOUR, Plant, new_order, pages
from tests.machines import watched

CAP: dict[str, Any] = {"product_code": "KAPAK-40", "name": "Cap 40 mm", "unit": "pcs", "note": "one colour"}
AT, HISTORY = "/products/KAPAK-40", "/products/KAPAK-40/history"


@pytest.fixture
def cap(plant: Plant, set_clock: SetClock) -> Any:
    """A product that was just registered."""
    made = plant.planner.post("/products", CAP).data
    set_clock.forward(HOUR)
    return made


def test_a_product_is_registered_and_read_by_everybody(plant: Plant) -> None:
    made = plant.planner.post("/products", CAP)

    assert (made.status, made.data["version"], made.headers["ETag"][:3]) == (201, 1, '"1-')
    assert made.headers["Location"].endswith(AT)
    assert made.data.items() >= CAP.items()
    assert plant.worker.get(AT).data == made.data | {"stages": []}
    assert plant.worker.post("/products", CAP).status == 403


@pytest.mark.usefixtures("cap")
def test_a_code_is_given_once_in_any_case_of_letters(plant: Plant) -> None:
    other = plant.planner.post("/products", CAP | {"product_code": "kapak-40"})

    assert (other.status, other.error["code"]) == (409, "ERR_PRODUCT_CODE_TAKEN")
    assert plant.worker.get("/products/Kapak-40").data["product_code"] == "KAPAK-40"


@pytest.mark.usefixtures("cap")
def test_a_product_is_read_with_the_standards_of_its_own_route(plant: Plant) -> None:
    before = plant.worker.get(AT).headers["ETag"]
    plant.planner.put("/routes/default", {"stages": [{"name": "Montaj"}]})
    assert plant.worker.get(AT).data["stages"] == []
    put = plant.planner.put(
        "/routes/kapak-40", {"stages": [{"name": "Enjeksiyon", "cycle_seconds": 30, "cavities": 4}]}
    )

    with watched() as called:
        read = plant.worker.get(AT)
    assert (read.data["stages"], read.data["stages"][0]["standard_seconds_per_unit"]) == (put.data["stages"], 7.5)
    assert (read.headers["ETag"] != before, called) == (True, ["BatchGetItem"])
    assert plant.planner.patch(AT, {"unit": "kg"}, If_Match=read.headers["ETag"]).status == 200


def test_a_registration_with_a_key_is_made_once(plant: Plant) -> None:
    first, again = (plant.planner.post("/products", CAP, key="k") for _ in range(2))

    assert (again.status, again.data, again.headers["Idempotent-Replayed"]) == (201, first.data, "true")


def test_orders_of_products_that_are_not_registered_are_opened_as_before(plant: Plant) -> None:
    assert plant.planner.post("/workorders", new_order(product_code="P-77")).status == 201
    missing = plant.worker.get("/products/P-77")
    assert (missing.status, missing.error["code"]) == (404, "ERR_PRODUCT_NOT_FOUND")


def test_a_code_may_have_any_visible_characters(plant: Plant) -> None:
    code = "KAPAK/40 %41"
    made = plant.planner.post("/products", CAP | {"product_code": code})
    place = made.headers["Location"].rpartition("/products/")[2]

    assert (made.status, place) == (201, "KAPAK%2F40%20%2541")
    assert plant.worker.get(f"/products?product_code={place}").items == [made.data]
    assert plant.worker.get("/products?product_code=none").items == []
    assert plant.planner.post("/products", CAP | {"product_code": "Default"}).fields() == {
        "product_code": "value_error"
    }


def test_products_are_listed_page_by_page(plant: Plant) -> None:
    for code in ("P-3", "P-1", "P-2"):
        plant.planner.post("/products", {"product_code": code, "name": "x"})

    assert [each["product_code"] for each in pages(plant.worker, "/products?")] == ["P-1", "P-2", "P-3"]


def test_what_is_retired_is_left_out_of_the_list_and_comes_back(plant: Plant) -> None:
    for code in ("P-1", "P-2", "P-3"):
        plant.planner.post("/products", {"product_code": code, "name": "x"})
    retired = plant.planner.patch("/products/P-2", {"status": "retired"}, If_Match="*")

    def listed(query: str) -> list[str]:
        return [each["product_code"] for each in pages(plant.worker, f"/products?{query}")]

    assert (retired.status, retired.data["status"]) == (200, "retired")
    assert (listed(""), listed("status=retired&")) == (["P-1", "P-3"], ["P-2"])
    assert listed("status=retired&status=active&") == ["P-1", "P-2", "P-3"]
    assert plant.worker.get("/products?product_code=P-2").items == [retired.data]
    assert plant.planner.post("/workorders", new_order(product_code="P-2")).status == 201
    assert plant.planner.patch("/products/P-2", {"status": "active"}, If_Match="*").data["version"] == 3
    assert listed("") == ["P-1", "P-2", "P-3"]


@pytest.mark.usefixtures("cap")
def test_a_product_has_moulds_each_with_a_code_of_its_own(plant: Plant) -> None:
    twin = {"code": " K-7 ", "name": "Twin", "note": "8 cavities"}
    made = plant.planner.patch(
        AT, {"moulds": [twin, {"code": "K-8", "name": "Old", "status": "retired"}]}, If_Match="*"
    )
    twice = plant.planner.patch(AT, {"moulds": [twin, {"code": "k-7", "name": "Other"}]}, If_Match="*")
    new = {"product_code": "P-9", "name": "Lid", "moulds": [twin, twin]}

    assert made.data["moulds"] == [
        {"code": "K-7", "name": "Twin", "note": "8 cavities", "status": "active"},
        {"code": "K-8", "name": "Old", "note": None, "status": "retired"},
    ]
    assert (twice.status, twice.fields()) == (422, {"moulds[1].code": "duplicate"})
    assert plant.planner.post("/products", new).fields() == {"moulds[1].code": "duplicate"}
    assert plant.planner.get(HISTORY).items[0]["changes"] == {"moulds": {"from": [], "to": made.data["moulds"]}}


@pytest.mark.usefixtures("cap")
def test_a_product_with_all_its_moulds_in_the_longest_words_can_be_written_with_its_history(plant: Plant) -> None:
    long = "\U0001f3ed" * 200
    moulds = [{"code": f"K-{n}", "name": long, "note": long} for n in range(50)]

    assert plant.planner.patch(AT, {"moulds": moulds}, If_Match="*").status == 200
    assert plant.planner.patch(AT, {"moulds": moulds[::-1]}, If_Match="*", key="k").data["version"] == 3
    assert plant.planner.patch(AT, {"moulds": [*moulds, moulds[0]]}, If_Match="*").fields() == {"moulds": "too_long"}


def test_a_change_keeps_what_is_left_out_and_is_in_the_history(plant: Plant, cap: Any) -> None:
    changed = plant.planner.patch("/products/kapak-40", {"name": "Cap", "note": None}, If_Match='"1"')

    assert changed.data == cap | {"name": "Cap", "note": None, "version": 2}
    assert plant.worker.get(AT).data == changed.data | {"stages": []}
    assert pages(plant.planner, f"{HISTORY}?") == [
        {
            "version": 2,
            "at": "2026-01-05T09:00:00.000Z",
            "actor": plant.planner.id,
            "changes": {"name": {"from": "Cap 40 mm", "to": "Cap"}, "note": {"from": "one colour", "to": None}},
        }
    ]


@pytest.mark.usefixtures("cap")
def test_a_change_needs_the_version_it_was_decided_on(plant: Plant) -> None:
    without = plant.planner.patch(AT, {"unit": "kg"})
    first, second = (plant.planner.patch(AT, {"unit": unit}, If_Match='"1"') for unit in ("kg", "m"))
    same = plant.planner.patch(AT, {"unit": "kg"}, If_Match='"2"')

    assert (without.status, without.error["code"]) == (428, "ERR_COMMAND_VERSION_REQUIRED")
    assert (first.status, second.status, second.error["code"]) == (200, 412, "ERR_COMMAND_STALE_VERSION")
    assert (same.status, same.data["version"]) == (200, 2)


def test_a_product_that_never_changed_has_an_empty_history(plant: Plant, cap: Any) -> None:
    missing = plant.planner.get("/products/none/history")

    assert plant.planner.get(HISTORY).items == []
    assert (missing.status, missing.error["code"]) == (404, "ERR_PRODUCT_NOT_FOUND")
    assert plant.planner.patch(AT, cap | {"version": 1}, If_Match="*").status == 422


@pytest.mark.usefixtures("cap")
def test_who_was_slower_decides_again_on_what_it_is_now(plant: Plant) -> None:
    raced: list[bool] = []

    def race(operation: str, _parameters: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not raced:
            raced.append(True)
            plant.admin.patch(AT, {"unit": "kg"}, If_Match="*")

    with watched(race):
        changed = plant.planner.patch(AT, {"name": "Cap"}, If_Match="*")
    assert (changed.data["name"], changed.data["unit"], changed.data["version"]) == ("Cap", "kg", 3)
    assert [entry["actor"] for entry in plant.planner.get(HISTORY).items] == [plant.admin.id, plant.planner.id]
