"""Machine endpoints: registering and reading machines."""

from typing import Any

from tests.floor import Plant, pages

PRESS: dict[str, Any] = {
    "id": "M1",
    "name": "Press 1",
    "machine_type": "press",
    "location": "Hall A",
    "sensors": [{"sensor": "t1", "type": "temperature", "min": -20, "max": 120.5}],
}


def test_a_machine_is_registered_and_read_by_everybody(plant: Plant) -> None:
    reply = plant.planner.post("/machines", PRESS)

    assert reply.status == 201
    assert reply.headers["Location"].endswith("/machines/M1")
    assert reply.data["status"] == "active"
    assert plant.worker.get("/machines/M1").data == reply.data


def test_a_machine_needs_no_sensors(plant: Plant) -> None:
    assert plant.planner.post("/machines", {"id": "M2", "name": "Saw"}).data["sensors"] == []


def test_the_id_of_a_machine_is_given_once(plant: Plant) -> None:
    first = plant.planner.post("/machines", PRESS, key="k")

    again, other = plant.planner.post("/machines", PRESS, key="k"), plant.planner.post("/machines", PRESS)

    assert (again.status, again.data, again.headers["Idempotent-Replayed"]) == (201, first.data, "true")
    assert (other.status, other.error["code"]) == (409, "ERR_MACHINE_ID_TAKEN")
    reused = plant.planner.post("/machines", PRESS | {"id": "M2"}, key="k")
    assert (reused.status, reused.error["code"]) == (422, "ERR_IDEMPOTENCY_KEY_REUSED")


def test_sensors_that_cannot_be_are_all_named(plant: Plant) -> None:
    sensors = [
        {"sensor": "t1", "type": "temperature"},
        {"sensor": "t1", "type": "temperature"},
        {"sensor": "s", "type": "smell"},
        {"sensor": "p", "type": "pressure", "min": 2, "max": 1},
    ]

    assert plant.planner.post("/machines", PRESS | {"sensors": sensors}).fields() == {
        "sensors[1].sensor": "duplicate",
        "sensors[2].type": "unknown",
        "sensors[3].max": "below_min",
    }


def test_a_machine_that_is_not_there_is_not_found(plant: Plant) -> None:
    reply = plant.worker.get("/machines/none")

    assert (reply.status, reply.error["code"]) == (404, "ERR_MACHINE_NOT_FOUND")


def test_machines_are_listed_page_by_page(plant: Plant) -> None:
    for machine_id in ("M3", "M1", "M2"):
        plant.planner.post("/machines", {"id": machine_id, "name": "x"})

    assert [machine["id"] for machine in pages(plant.worker, "/machines?")] == ["M1", "M2", "M3"]
