"""Machine endpoints: registering and reading machines."""

from typing import Any

from tests.floor import Plant, pages

PRESS: dict[str, Any] = {
    "id": "M1",
    "name": "Press 1",
    "machine_type": "press",
    "location": "Hall A",
    "line": "Line 1",
    "sensors": [{"sensor": "t1", "type": "temperature", "min": -20, "max": 120.5}],
}


def test_a_machine_is_registered_and_read_by_everybody(plant: Plant) -> None:
    reply = plant.planner.post("/machines", PRESS)

    assert reply.status == 201
    assert reply.headers["Location"].endswith("/machines/M1")
    assert reply.data["status"] == "active"
    assert reply.data.items() <= plant.worker.get("/machines/M1").data.items()


def test_a_sensor_is_shown_with_its_unit_its_range_and_its_limits(plant: Plant) -> None:
    limits = {"min": 0.0, "max": 14.0, "alarm_min": 6.5, "alarm_max": 7.5, "alarm_minutes": 10}
    sensors: list[dict[str, Any]] = [
        {"sensor": "ph", "type": "custom", "unit": "pH"} | limits,
        {"sensor": "door", "type": "state"},
    ]
    shown = plant.planner.post("/machines", PRESS | {"sensors": sensors}).data["sensors"]

    assert shown == [sensors[0], {**dict.fromkeys(sensors[0]), **sensors[1]}]
    assert plant.worker.get("/machines/M1").data["sensors"] == shown
    again = plant.planner.patch("/machines/M1", {"sensors": shown}, If_Match="*")
    assert (again.status, again.data["version"]) == (200, 1)


def test_limits_that_cannot_be_are_named(plant: Plant) -> None:
    limits = {"sensor": "v", "type": "vibration", "unit": "g", "max": 9, "alarm_max": 9}
    unlike = [limits | {"alarm_minutes": minutes} for minutes in (0, 1.5, True, 44_641)]

    assert plant.planner.post("/machines", PRESS | {"sensors": [limits]}).fields() == {
        "sensors[0].unit": "other_unit",
        "sensors[0].alarm_max": "outside_range",
    }
    assert set(plant.planner.post("/machines", PRESS | {"sensors": unlike}).fields()) == {
        f"sensors[{n}].alarm_minutes" for n in range(4)
    }


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


def test_the_machines_of_a_line_are_listed(plant: Plant) -> None:
    for machine_id, line in {"M1": "Line 1", "M2": None, "M3": "LINE 1", "M4": "Line 2"}.items():
        plant.planner.post("/machines", {"id": machine_id, "name": "x", "line": line})

    assert [machine["id"] for machine in pages(plant.worker, "/machines?line=line%201&")] == ["M1", "M3"]
    cursor = plant.worker.get("/machines?line=line%201&limit=1").data["next_cursor"]
    assert plant.worker.get(f"/machines?limit=1&cursor={cursor}").error["code"] == "ERR_REQUEST_BAD_CURSOR"
