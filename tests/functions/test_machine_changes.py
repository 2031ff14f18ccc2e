"""Changing machines: what is left out stays, nobody decides on what has changed, and the history is kept for ever."""

from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.storage import table
from chalicelib.storage.keys import machines as keys
from tests.conftest import SetClock
from tests.floor import HOUR, Plant, pages
from tests.functions.test_machines import PRESS
from tests.machines import part, standing, watched

M1, HISTORY = "/machines/M1", "/machines/M1/history"
SENSOR = {"sensor": "t1", "type": "temperature", "unit": "°C", "min": -20.0, "max": 120.5}
SENSOR |= dict.fromkeys(("alarm_min", "alarm_max", "alarm_minutes"))


@pytest.fixture
def press(plant: Plant, set_clock: SetClock) -> Any:
    """A press that was just registered."""
    made = plant.planner.post("/machines", PRESS).data
    set_clock.forward(HOUR)
    return made


def test_what_is_left_out_stays_and_the_version_rises(plant: Plant, press: Any) -> None:
    read = plant.worker.get(M1)
    changed = plant.planner.patch(M1, {"name": "Press 1a", "status": "maintenance"}, If_Match=read.headers["ETag"])

    assert (press["version"], read.headers["ETag"][:3]) == (1, '"1-')
    assert changed.data == press | {"name": "Press 1a", "status": "maintenance", "version": 2}
    assert changed.headers["ETag"].startswith('"2-')
    assert changed.data.items() <= plant.worker.get(M1).data.items()


@pytest.mark.usefixtures("press")
def test_the_history_tells_who_when_and_from_what_to_what(plant: Plant, set_clock: SetClock) -> None:
    colder = SENSOR | {"min": -40.25, "alarm_max": 90.5, "alarm_minutes": 5}
    plant.planner.patch(M1, {"location": None, "name": "Press 1"}, If_Match='"1"')
    set_clock.forward(HOUR)
    plant.admin.patch(M1, {"sensors": [colder], "status": "retired"}, If_Match='"2"')

    assert pages(plant.planner, f"{HISTORY}?") == [
        {
            "version": 2,
            "at": "2026-01-05T09:00:00.000Z",
            "actor": plant.planner.id,
            "changes": {"location": {"from": "Hall A", "to": None}},
        },
        {
            "version": 3,
            "at": "2026-01-05T10:00:00.000Z",
            "actor": plant.admin.id,
            "changes": {
                "status": {"from": "active", "to": "retired"},
                "sensors": {"from": [SENSOR], "to": [colder]},
            },
        },
    ]


@pytest.mark.usefixtures("press")
def test_a_machine_that_never_changed_has_an_empty_history(plant: Plant) -> None:
    missing = plant.planner.get("/machines/none/history")

    assert plant.planner.get(HISTORY).items == []
    assert (missing.status, missing.error["code"]) == (404, "ERR_MACHINE_NOT_FOUND")


@pytest.mark.usefixtures("press")
def test_a_change_needs_the_version_it_was_decided_on(plant: Plant) -> None:
    without = plant.planner.patch(M1, {"sensors": []})
    first, second = (plant.planner.patch(M1, {"location": hall}, If_Match='"1"') for hall in ("Hall B", "Hall C"))

    assert (without.status, without.error["code"]) == (428, "ERR_COMMAND_VERSION_REQUIRED")
    assert first.status == 200
    assert (second.status, second.error["code"]) == (412, "ERR_COMMAND_STALE_VERSION")
    assert plant.planner.patch(M1, {"location": "Hall C"}, If_Match="*").data["version"] == 3


@pytest.mark.usefixtures("press")
def test_a_change_that_changes_nothing_is_no_history(plant: Plant) -> None:
    same = [plant.planner.patch(M1, {"name": PRESS["name"]}, If_Match='"1"', key=key) for key in ("k", "k", None)]

    assert [(reply.status, reply.data["version"], reply.headers["ETag"][:3]) for reply in same] == [(200, 1, '"1-')] * 3
    assert [reply.headers.get("Idempotent-Replayed") for reply in same] == [None, "true", None]
    assert plant.planner.get(HISTORY).items == []


@pytest.mark.usefixtures("press")
def test_a_repeated_change_is_made_once(plant: Plant) -> None:
    first, again = (plant.planner.patch(M1, {"location": "Hall B"}, If_Match='"1"', key="k") for _ in range(2))
    other = plant.planner.patch(M1, {"location": "Hall C"}, If_Match='"1"', key="k")

    assert (again.status, again.data, again.headers["Idempotent-Replayed"]) == (200, first.data, "true")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert first.headers["ETag"].startswith('"2-')
    assert (other.status, other.error["code"]) == (422, "ERR_IDEMPOTENCY_KEY_REUSED")
    assert len(plant.planner.get(HISTORY).items) == 1


@pytest.mark.usefixtures("press")
def test_a_dry_run_shows_the_change_and_writes_nothing(plant: Plant) -> None:
    shown = plant.planner.patch(f"{M1}?dry_run=1", {"location": None}, If_Match='"1"')

    assert (shown.data["location"], shown.data["version"]) == (None, 2)
    assert plant.worker.get(M1).data["version"] == 1
    assert standing("machine_change") == []


@pytest.mark.usefixtures("press")
def test_a_change_and_its_history_and_its_key_are_written_together(plant: Plant) -> None:
    sent: list[Any] = []

    def note(operation: str, parameters: dict[str, Any]) -> None:
        if operation == "TransactWriteItems":
            sent.extend(action["Put"]["Item"]["kind"]["S"] for action in parameters["TransactItems"])

    with watched(note) as called:
        plant.planner.patch(M1, {"location": "Hall B"}, If_Match='"1"', key="k")
    assert sorted(sent) == ["idempotency_key", "machine", "machine_change"]
    assert called[-2:] == ["BatchGetItem", "TransactWriteItems"]


@pytest.mark.usefixtures("press")
def test_who_was_slower_decides_again_on_what_it_is_now(plant: Plant) -> None:
    raced: list[bool] = []

    def race(operation: str, _parameters: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not raced:
            raced.append(True)
            plant.admin.patch(M1, {"location": "Hall B"}, If_Match="*")

    with watched(race):
        changed = plant.planner.patch(M1, {"name": "Press 1a"}, If_Match="*")
    assert (changed.data["name"], changed.data["location"], changed.data["version"]) == ("Press 1a", "Hall B", 3)
    assert [entry["actor"] for entry in plant.planner.get(HISTORY).items] == [plant.admin.id, plant.planner.id]


@pytest.mark.usefixtures("press")
def test_an_unchanged_machine_is_answered_as_of_now_too(plant: Plant) -> None:
    raced: list[bool] = []

    def race(operation: str, _parameters: dict[str, Any]) -> None:
        if operation == "TransactWriteItems" and not raced:
            raced.append(True)
            plant.admin.patch(M1, {"name": "Press 1a"}, If_Match="*")

    with watched(race):
        changed = plant.planner.patch(M1, {"name": PRESS["name"]}, If_Match="*")
    assert (changed.data["name"], changed.data["version"]) == (PRESS["name"], 3)


@pytest.mark.usefixtures("press")
def test_a_machine_from_before_machines_had_versions_is_read_and_changed(plant: Plant) -> None:
    old = table.get(keys.machine("default", "M1"))
    assert old is not None
    old.revision = None
    table.put(old)

    read = plant.worker.get(M1)
    assert (read.data["version"], read.headers["ETag"][:3]) == (1, '"1-')
    assert plant.planner.patch(M1, {"name": PRESS["name"]}, If_Match='"1"').data["version"] == 1
    assert plant.planner.patch(M1, {"name": "Press 1a"}, If_Match='"1"').data["version"] == 2
    assert plant.planner.patch(M1, {"name": "Press 1b"}, If_Match='"1"').status == 412
    assert [entry["changes"]["name"]["from"] for entry in plant.planner.get(HISTORY).items] == [PRESS["name"]]


@pytest.mark.usefixtures("press")
def test_sensors_are_replaced_as_a_whole_and_all_mistakes_named(plant: Plant) -> None:
    wrong = plant.planner.patch(M1, {"sensors": [SENSOR, SENSOR, {"sensor": "s", "type": "smell"}]}, If_Match="*")
    emptied = plant.planner.patch(M1, {"sensors": []}, If_Match="*")
    many = [{"sensor": f"s{n}", "type": "temperature"} for n in range(101)]

    assert wrong.fields() == {"sensors[1].sensor": "duplicate", "sensors[2].type": "unknown"}
    assert emptied.data["sensors"] == []
    assert list(plant.planner.patch(M1, {"sensors": many}, If_Match="*").fields()) == ["sensors"]


def test_a_retired_machine_is_refused_within_a_minute_and_may_be_made_active_again(
    floor: Plant, set_clock: SetClock
) -> None:
    order = floor.order(id="WO-1")
    readings, start = (f"{M1}/readings", part()), (f"/stages/{order['stages'][0]['id']}/start?dry_run=1",)

    def statuses() -> list[int]:
        sent = floor.planner.post(*readings), floor.planner.post(*start, {"machine_id": "M1"})
        return [reply.status for reply in sent]

    seen = [statuses()]
    for status in ("retired", "active"):
        floor.planner.patch(M1, {"status": status}, If_Match="*")
        set_clock.forward(remembered.REMEMBERED)
        seen.append(statuses())
    assert seen == [[202, 200], [422, 422], [202, 200]]
