"""The old app registers machines, sends and reads readings, and reads the metrics of today."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import LostRace
from chalicelib.domain.sentences import say
from tests.conftest import SetClock
from tests.floor import HOUR, Plant
from tests.machines import queued, watched, work
from tests.old_app import OldPhone, detail, let_in, number_of

PRESS = {"name": "Enjeksiyon 1", "machine_type": "injection_molding", "location": "", "status": "active"}


@pytest.fixture
def phone(plant: Plant) -> OldPhone:
    """The old app in the hands of a planner."""
    let_in()
    return OldPhone(plant.planner)


@pytest.fixture
def press(phone: OldPhone) -> str:
    """The path of a machine."""
    return f"/machines/{phone.post('/machines', PRESS).body['id']}"


def test_a_machine_gets_an_id_of_its_name_and_a_name_is_given_once(
    plant: Plant, phone: OldPhone, set_clock: SetClock
) -> None:
    made = phone.post("/machines", PRESS)
    again = phone.post("/machines", PRESS)
    set_clock.forward(HOUR)

    assert made.body == PRESS | {"id": number_of("machine", "enjeksiyon-1"), "location": None}
    assert (again.body, again.headers["Idempotent-Replayed"]) == (made.body, "true")
    other = phone.post("/machines", PRESS | {"location": "Hat A"})
    assert (other.status, detail(other)) == (409, "Bu ad başka bir makinede kullanılıyor. Başka bir ad seçin.")
    assert phone.post("/machines", {"name": "机器"}).status == 200
    assert [each["id"] for each in plant.worker.get("/machines").items] == ["enjeksiyon-1", "machine"]
    assert OldPhone(plant.worker).get("/machines").body[0] == made.body


def test_a_machine_that_is_not_used_is_in_maintenance_and_a_retired_one_is_not_used(
    plant: Plant, phone: OldPhone, press: str
) -> None:
    assert phone.post("/machines", {"name": "Montaj masası", "status": "inactive"}).body["status"] == "maintenance"
    assert plant.planner.get("/machines/montaj-masasi").data["status"] == "maintenance"
    plant.planner.patch("/machines/enjeksiyon-1", {"status": "retired"}, If_Match="*")
    assert phone.get("/machines").body[0]["status"] == "inactive"
    assert "status" in detail(phone.post("/machines", {"name": "x", "status": "gone"}))
    unsaid = [phone.post("/machines", {"name": f"Pres {n}", "status": n}).body for n in ("", None)]
    assert [each["status"] for each in unsaid] == ["active", "active"]


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (LostRace(say("Send the request again with the same Idempotency-Key.")), 409, "Başkaları şu anda aynı"),
        (RuntimeError("broken"), 500, "Takip'te bir şey ters gitti. Yeniden"),
    ],
)
def test_what_the_app_cannot_help_is_told_without_headers_and_ids(
    phone: OldPhone, monkeypatch: pytest.MonkeyPatch, error: Exception, status: int, told: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr("functions.old_machines.machines.register", fail)
    reply = phone.post("/machines", PRESS)
    assert (reply.status, detail(reply)[: len(told)]) == (status, told)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"reading_type": "temperature", "value": "181,5"}, ("temperature", "main", 181.5)),
        ({"reading_type": "Temperature", "value": 20}, ("temperature", "main", 20.0)),
        ({"reading_type": "state", "value": "producing"}, ("state", "main", "producing")),
        ({"reading_type": "Nem oranı", "value": " 41.0 "}, ("custom", "nem-orani", 41.0)),
        ({"reading_type": "机器", "value": "1"}, ("custom", "unknown", 1.0)),
    ],
)
def test_a_reading_is_sent_as_a_machine_sends_it(
    phone: OldPhone, press: str, given: dict[str, Any], expected: tuple[Any, ...]
) -> None:
    assert phone.post(f"{press}/readings", given).body == {"ok": True}
    (message,) = queued()
    (reading,) = message["readings"]

    assert (reading["type"], reading.get("sensor", "main"), reading["value"]) == expected


def test_a_time_without_a_zone_is_what_the_clock_on_the_wall_shows(phone: OldPhone, press: str) -> None:
    body = {"reading_type": "temperature", "value": "20.50", "timestamp": "2026-01-05T10:30:00"}
    assert phone.post(f"{press}/readings", body).status == 200
    work()
    (read,) = phone.get(f"{press}/readings").body

    assert isinstance(read.pop("id"), int)
    assert read == {
        "machine_id": int(press.rpartition("/")[2]),
        "reading_type": "temperature",
        "value": "20.5",
        "timestamp": "2026-01-05T07:30:00",
    }
    assert detail(phone.post(f"{press}/readings", body | {"value": "nan"}))
    assert "timestamp: " in detail(phone.post(f"{press}/readings", body | {"timestamp": "2098-01-05T10:30:00"}))
    assert phone.post(f"{press}/readings", body | {"timestamp": ""}).status == 200


def test_a_second_tap_is_the_same_reading(phone: OldPhone, press: str, set_clock: SetClock) -> None:
    for _ in range(2):
        set_clock.forward(timedelta(seconds=2))
        phone.post(f"{press}/readings", {"reading_type": "speed", "value": "100"})
    work()

    assert [each["timestamp"] for each in phone.get(f"{press}/readings").body] == ["2026-01-05T08:00:00"]


def test_the_newest_readings_come_first_with_numbers_that_stay(
    phone: OldPhone, press: str, set_clock: SetClock
) -> None:
    for n in range(3):
        phone.post(f"{press}/readings", {"reading_type": "speed", "value": str(100 + n)})
        set_clock.forward(HOUR)
    work()
    every = phone.get(f"{press}/readings").body

    assert [each["value"] for each in every] == ["102", "101", "100"]
    assert len({each["id"] for each in every}) == 3
    assert max(each["id"] for each in every) < 2**53
    assert phone.get(f"{press}/readings?limit=2").body == every[:2]
    set_clock.forward(timedelta(days=9))
    assert phone.get(f"{press}/readings?limit=9999").body == every
    with watched() as called:
        phone.get(f"{press}/readings?limit=1")
    assert called.count("Query") == 1
    assert detail(phone.get(f"{press}/readings?limit=0"))


def test_metrics_are_those_of_today(plant: Plant, phone: OldPhone, set_clock: SetClock) -> None:
    order = plant.order(
        {"name": "Enjeksiyon", "assignee_ids": [plant.worker.id]}, {"name": "Montaj", "assignee_ids": [plant.other.id]}
    )
    first, second = (each["id"] for each in order["stages"])
    plant.worker.post(f"/stages/{first}/start")
    set_clock.forward(HOUR)
    plant.worker.post(f"/stages/{first}/done", {"good": 1})
    names = ("planned_duration", "actual_duration", "delay_minutes", "efficiency_percent")

    def today(path: str, more: tuple[str, ...] = ()) -> dict[str, Any]:
        numbers = plant.planner.get(path).data
        return {name: numbers[name] for name in (*names, *more)}

    of_order = phone.get(f"/metrics/workorders/{number_of('order', order['id'])}").body
    of_stage = phone.get(f"/metrics/stages/{number_of('stage', first)}").body
    stages = of_order.pop("stages")
    assert of_order == today(f"/workorders/{order['id']}/metrics", ("on_time_percent",))
    assert of_stage == today(f"/stages/{first}/metrics") | {"on_time_percent": None, "stages": []}
    assert stages == [
        today(f"/stages/{id_}/metrics") | {"id": number_of("stage", id_), "stage_name": name, "status": status}
        for id_, name, status in ((first, "Enjeksiyon", "done"), (second, "Montaj", "planned"))
    ]
    assert of_stage["actual_duration"] == 60
    plant.planner.post(f"/stages/{second}/skip", {"reason": "customer"})
    seen = OldPhone(plant.other).get(f"/metrics/workorders/{number_of('order', order['id'])}").body
    assert [(each["stage_name"], each["status"]) for each in seen["stages"]] == [("Montaj", "done")]
