"""The old app registers, changes, deletes and restores products and moulds: they are products, routes and moulds."""

from typing import Any

import pytest

from tests.conftest import SetClock
from tests.floor import HOUR, Plant
from tests.old_app import OldPhone, detail, let_in, number_of

CAP: dict[str, Any] = {
    "code": "KPK-40",
    "name": "Kapak 40 mm",
    "description": None,
    "material": "PP",
    "part_weight_g": 6,
    "injection_temp_c": 215,
    "mold_temp_c": 40,
    "cycle_time_sec": 24,
    "cavity_count": 8,
}


@pytest.fixture
def phone(plant: Plant) -> OldPhone:
    """The old app in the hands of a planner."""
    let_in()
    return OldPhone(plant.planner)


@pytest.fixture
def cap(phone: OldPhone, set_clock: SetClock) -> dict[str, Any]:
    """A product that was registered with the old app."""
    made: dict[str, Any] = phone.post("/products", CAP).body
    set_clock.forward(HOUR)
    return made


def stages(plant: Plant) -> list[tuple[Any, ...]]:
    found = plant.worker.get("/products/KPK-40").data["stages"]
    return [
        tuple(each[name] for name in ("name", "cycle_seconds", "cavities", "standard_seconds_per_unit"))
        for each in found
    ]


@pytest.mark.usefixtures("set_clock")
def test_a_product_is_one_of_takips_and_its_cycle_is_the_standard_of_its_route(plant: Plant, phone: OldPhone) -> None:
    made = phone.post("/products", CAP)
    again = phone.post("/products", CAP)

    expected = CAP | {"hourly_production": 1200, "created_at": "2026-01-05T08:00:00"}
    assert made.body == expected | {"id": number_of("product", "KPK-40")}
    assert (again.body, again.headers["Idempotent-Replayed"]) == (made.body, "true")
    assert OldPhone(plant.worker).get("/products").body == [made.body]
    assert stages(plant) == [("Enjeksiyon", 24, 8, 3), ("Montaj", None, None, None)]
    own = plant.worker.get("/products/KPK-40").data
    assert (own["injection_temperature_c"], own["mould_temperature_c"], own["version"]) == (215, 40, 1)


def test_the_pace_of_a_product_stands_in_the_stages_that_the_plant_has(plant: Plant, phone: OldPhone) -> None:
    plant.planner.put("/routes/default", {"stages": [{"name": "Pres"}, {"name": "Boya"}]})
    made = phone.post("/products", {"code": "KPK-40", "name": "Kapak", "hourly_production": "450,5"})

    assert stages(plant) == [("Pres", None, None, 7.991), ("Boya", None, None, None)]
    assert (made.body["hourly_production"], made.body["cycle_time_sec"]) == (451, None)
    assert phone.post("/products", {"code": "KPK-41", "name": "Kapak"}).body["hourly_production"] is None


def test_a_change_keeps_what_is_left_out_and_the_code(plant: Plant, phone: OldPhone, cap: dict[str, Any]) -> None:
    path = f"/products/{cap['id']}"
    changed = phone.send("PATCH", path, {"code": "kpk-40", "name": "", "material": "", "part_weight_g": "6,5"})
    assert changed.body == cap | {"material": None, "part_weight_g": 6.5}
    slower = phone.send("PATCH", path, {"cycle_time_sec": 30})
    assert (slower.body["cavity_count"], slower.body["hourly_production"]) == (8, 960)
    without = phone.send("PATCH", path, {"cycle_time_sec": None, "cavity_count": None})
    assert (without.body["cycle_time_sec"], without.body["hourly_production"]) == (None, None)
    assert "code" in detail(phone.send("PATCH", path, {"code": "KPK-41"}))
    alone = phone.send("PATCH", path, {"cavity_count": 4})
    assert detail(alone) == "Bazı alanlar hatalı. cycle_time_sec: cavity_count ile birlikte verilmeli"
    assert "hourly_production" in detail(phone.send("PATCH", path, {"hourly_production": 3_600_001}))
    assert stages(plant)[0] == ("Enjeksiyon", None, None, None)
    assert [each["version"] for each in plant.planner.get("/products/KPK-40/history").items] == [2]


def test_what_is_deleted_is_retired_and_comes_back(plant: Plant, phone: OldPhone, cap: dict[str, Any]) -> None:
    path = f"/products/{cap['id']}"
    assert [phone.send("DELETE", path).body for _ in range(2)] == [{"ok": True}] * 2
    assert phone.get("/products").body == []
    assert plant.worker.get("/products/KPK-40").data["status"] == "retired"
    assert phone.post("/products", CAP).status == 409
    assert phone.post(f"{path}/restore").body == cap
    assert phone.get("/products").body == [cap]
    phone.send("DELETE", path)
    assert [phone.post(f"{path}/restore").body for _ in range(2)] == [cap] * 2
    assert phone.get("/products").body == [cap]


def test_moulds_are_those_of_a_product(plant: Plant, phone: OldPhone, cap: dict[str, Any], set_clock: SetClock) -> None:
    body = {"code": "KLP-1", "name": "Kalıp 1", "product_id": cap["id"], "description": ""}
    made = phone.post("/molds", body)
    again = phone.post("/molds", body)
    path = f"/molds/{made.body['id']}"

    assert made.body == body | {"id": made.body["id"], "description": None, "status": "active"}
    assert (again.body, again.headers["Idempotent-Replayed"]) == (made.body, "true")
    changed = phone.send("PATCH", path, {"code": "klp-1", "product_id": cap["id"], "status": "inactive"})
    assert changed.body == made.body | {"status": "maintenance"}
    (own,) = plant.worker.get("/products/KPK-40").data["moulds"]
    assert own == {"code": "KLP-1", "name": "Kalıp 1", "note": None, "status": "maintenance"}
    renamed = {"name": "Eski", "description": "8 göz", "status": "", "product_id": ""}
    assert phone.send("PATCH", path, renamed).body == changed.body | {"name": "Eski", "description": "8 göz"}
    assert [phone.send("DELETE", path).body for _ in range(2)] == [{"ok": True}] * 2
    assert phone.get("/molds").body == []
    assert phone.post(f"{path}/restore").body["status"] == "active"
    phone.send("DELETE", path)
    assert phone.post(f"{path}/restore").body["status"] == "active"
    assert [each["id"] for each in phone.get("/molds").body] == [made.body["id"]]
    set_clock.forward(HOUR)
    assert "iki kez" in detail(phone.post("/molds", body))


def test_a_mould_stays_where_it_is(plant: Plant, phone: OldPhone, cap: dict[str, Any]) -> None:
    mould = phone.post("/molds", {"code": "KLP-1", "name": "Kalıp 1", "product_id": cap["id"]}).body
    other = phone.post("/products", {"code": "GVD-1", "name": "Gövde"}).body
    path = f"/molds/{mould['id']}"

    assert "code" in detail(phone.send("PATCH", path, {"code": "KLP-2"}))
    assert "product_id" in detail(phone.send("PATCH", path, {"product_id": other["id"]}))
    assert phone.post("/molds", {"code": "KLP-2", "name": "x", "product_id": 404}).status == 404
    plant.planner.patch("/products/KPK-40", {"moulds": []}, If_Match="*")
    assert phone.send("DELETE", path).status == 404
    assert phone.get("/molds").body == []
