"""The latest values of a machine, as they are read: by device time, and since when there are no more."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.storage.machines import rollups
from tests.conftest import SetClock
from tests.floor import Plant, Reply
from tests.machines import READINGS, part, sent, standing, watched, work

M1 = "/machines/M1"
MINUTE = timedelta(minutes=1)


def send(floor: Plant, *parts: object) -> Reply:
    """Send readings, and let them be rolled up."""
    reply = floor.planner.post(READINGS, sent(*parts))
    work()
    return reply


def values(floor: Plant) -> list[tuple[Any, ...]]:
    found = floor.worker.get(M1).data["latest"]
    return [(each["sensor"], each["value"], each["unit"], each["at"][11:19]) for each in found]


def test_a_machine_that_never_sent_has_no_values(floor: Plant) -> None:
    data = floor.worker.get(M1).data
    nothing: dict[str, Any] = {"latest": [], "last_reading_at": None, "silent_since": None, "as_of": None}
    assert nothing.items() <= data.items()


def test_the_latest_value_of_each_sensor_is_shown_by_device_time(floor: Plant, set_clock: SetClock) -> None:
    sensors = [{"sensor": "ph", "type": "custom", "unit": "pH"}]
    floor.planner.patch(M1, {"sensors": sensors}, If_Match="*")
    acid = part(7.1, "2026-01-05T07:20:00Z", type="custom", sensor="ph")
    send(floor, part(20.0, "2026-01-05T07:10:00Z"), acid, part("idle", "2026-01-05T07:30:00Z", type="state"))
    seen = set_clock.instant
    late = part(99.0, "2026-01-05T06:59:59Z"), part(98.0, "2026-01-05T07:09:59Z")
    set_clock.forward(MINUTE)
    for again in (late[:1], late, late[1:]):
        send(floor, *again)

    assert values(floor) == [
        ("main", "idle", None, "07:30:00"),
        ("main", 20.0, "°C", "07:10:00"),
        ("ph", 7.1, "pH", "07:20:00"),
    ]
    data = floor.worker.get(M1).data
    assert data["last_reading_at"] == "2026-01-05T07:30:00.000Z"
    assert data["as_of"] == seen.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    assert len(standing("latest")) == 1


def test_what_is_not_rolled_up_yet_is_not_shown_yet(floor: Plant) -> None:
    send(floor, part(20.0))
    floor.planner.post(READINGS, sent(part(21.0, "2026-01-05T07:11:00Z")))
    assert values(floor) == [("main", 20.0, "°C", "07:10:00")]
    work()
    assert values(floor) == [("main", 21.0, "°C", "07:11:00")]


def test_a_run_that_ended_before_the_rollups_were_written_is_made_up_for(
    floor: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> None:
        raise RuntimeError

    floor.planner.post(READINGS, sent(part(20.0)))
    with monkeypatch.context() as broken:
        broken.setattr(rollups, "put", crash)
        work()
    assert (values(floor), standing("rollup")) == ([("main", 20.0, "°C", "07:10:00")], [])
    work()
    assert (len(standing("rollup")), len(standing("latest"))) == (1, 1)


def test_a_machine_is_silent_after_its_minutes_and_speaks_again(floor: Plant, set_clock: SetClock) -> None:
    at = set_clock.instant
    send(floor, part(20.0, at.isoformat()))
    shown = floor.worker.get(M1)
    set_clock.forward(15 * MINUTE)
    assert floor.worker.get(M1, If_None_Match=shown.headers["ETag"]).status == 304
    set_clock.forward(MINUTE)
    silent = floor.worker.get(M1, If_None_Match=shown.headers["ETag"])
    assert (silent.status, silent.data["silent_since"]) == (200, silent.data["last_reading_at"])
    changed = floor.planner.patch(M1, {"silent_minutes": 60}, If_Match=silent.headers["ETag"])
    assert (changed.status, changed.data["silent_minutes"]) == (200, 60)
    assert floor.worker.get(M1).data["silent_since"] is None
    floor.planner.patch(M1, {"silent_minutes": 15}, If_Match="*")
    send(floor, part(20.0, set_clock.instant.isoformat()))
    assert floor.worker.get(M1).data["silent_since"] is None


@pytest.mark.parametrize("minutes", [0, 44_641, 1.5, None, "15", True])
def test_the_minutes_of_silence_are_a_whole_number_in_a_month(floor: Plant, minutes: object) -> None:
    assert list(floor.planner.patch(M1, {"silent_minutes": minutes}, If_Match="*").fields()) == ["silent_minutes"]


def test_a_machine_is_read_in_one_request_however_much_it_sent(floor: Plant) -> None:
    send(floor, *(part(20.0, sensor=f"s{n}") for n in range(20)))
    floor.worker.get(M1)  # the settings of the tenant are known now
    with watched() as called:
        assert len(floor.worker.get(M1).data["latest"]) == 20
    assert called == ["BatchGetItem"]
