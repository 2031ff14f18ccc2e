"""What a machine produced, over HTTP: its counter and its states in a window of device time."""

from datetime import timedelta

import pytest

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import ingest
from tests.conftest import SetClock
from tests.floor import HOUR, Plant
from tests.machines import READINGS, arrived, message, part, sent, watched, work

PRODUCTION = "/machines/M1/production"
MORNING = f"{PRODUCTION}?from=2026-01-05T06:00:00Z&to=2026-01-05T08:00:00Z"


def count(value: float, at: str, **fields: object) -> dict[str, object]:
    return part(value, f"2026-01-05T{at}:00Z", type="cycle_count", **fields)


def state(value: str, at: str) -> dict[str, object]:
    return part(value, f"2026-01-05T{at}:00Z", type="state")


def test_nobody_unknown_reads_what_a_machine_produced(floor: Plant) -> None:
    assert floor.stranger.get(PRODUCTION).status == 401


def test_a_machine_that_is_not_there_is_not_found(floor: Plant) -> None:
    assert floor.worker.get("/machines/M2/production").status == 404


def test_hours_are_joined_and_unknown_time_is_shown_apart(floor: Plant, set_clock: SetClock) -> None:
    counts = [count(100, "06:10"), count(104, "06:50"), count(2, "07:10"), count(7, "07:20")]
    floor.planner.post(READINGS, sent(*counts, state("producing", "06:15"), state("idle", "07:30")))
    work()
    made = floor.worker.get(MORNING).data
    assert made == {
        "machine_id": "M1",
        "sensor": "main",
        "window": {"from": "2026-01-05T06:00:00.000Z", "to": "2026-01-05T08:00:00.000Z", "timezone": "Europe/Istanbul"},
        "produced": 11.0,
        "resets": 1,
        "gaps": 0,
        "seconds_by_state": {"idle": 1800.0, "producing": 4500.0},
        "unknown_seconds": 900.0,
        "as_of": "2026-01-05T08:00:00.000Z",
        "complete": False,
    }
    set_clock.forward(timedelta(days=1))
    assert floor.worker.get(MORNING).data["complete"]


def test_the_hour_of_now_is_read_reading_by_reading(floor: Plant, set_clock: SetClock) -> None:
    set_clock.forward(HOUR / 2)
    ingest(arrived(message("M1", count(5, "08:10"), count(9, "08:20"), state("setup", "08:00"))))
    day = floor.worker.get(PRODUCTION).data
    assert (day["produced"], day["seconds_by_state"]) == (4.0, {"setup": 1800.0})
    assert day["window"]["from"] == "2026-01-04T08:30:00.000Z"
    ahead = floor.worker.get(f"{PRODUCTION}?from=2026-01-05T08:15:00Z&to=2026-01-09T00:00:00Z").data
    assert (ahead["produced"], ahead["seconds_by_state"], ahead["unknown_seconds"]) == (4.0, {"setup": 900.0}, 0.0)
    tomorrow = floor.worker.get(f"{PRODUCTION}?from=2026-01-06T00:00:00Z").data
    assert (tomorrow["produced"], tomorrow["seconds_by_state"], tomorrow["unknown_seconds"]) == (None, {}, 0.0)


def test_each_sensor_has_a_counter_of_its_own(floor: Plant) -> None:
    spindle = [count(value, f"07:1{n}", sensor="spindle") for n, value in enumerate((1, 4))]
    floor.planner.post(READINGS, sent(*spindle, count(5, "07:10"), part(3.0)))
    work()
    assert floor.worker.get(f"{MORNING}&sensor=spindle").data["produced"] == 3.0
    assert floor.worker.get(MORNING).data["produced"] == 0.0


def test_a_value_holds_as_long_as_the_plant_decided(floor: Plant) -> None:
    floor.planner.post(READINGS, sent(state("off", "02:00"), count(5, "02:00"), count(9, "06:30")))
    work()
    assert floor.worker.get(MORNING).data["seconds_by_state"] == {"off": 7200.0}
    tenants.change(DEFAULT_TENANT, {"max_carry": 4.25 * HOUR})
    tenants.forget_settings()
    made = floor.worker.get(MORNING).data
    assert (made["seconds_by_state"], made["unknown_seconds"]) == ({"off": 900.0}, 6300.0)
    assert (made["produced"], made["gaps"]) == (0.0, 1)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2026-01-05T10:00:00Z&to=2026-01-05T10:00:00Z", "to must be after from."),
        ("from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00.001Z", "31 days apart"),
        ("from=yesterday", "RFC 3339"),
        ("sensor=", "sensor"),
        ("limit=5", "limit"),
    ],
)
def test_a_window_that_cannot_be_is_refused(floor: Plant, query: str, said: str) -> None:
    reply = floor.worker.get(f"{PRODUCTION}?{query}")
    assert reply.status == 400
    assert said in str(reply.error)


def test_a_window_costs_a_query_for_each_month_and_each_hour_that_it_cuts(floor: Plant) -> None:
    for day in ("2025-12-30", "2026-01-02", "2026-01-05"):
        ingest(arrived(message("M1", *(part(n, f"{day}T0{n}:10:00Z", type="cycle_count") for n in range(7)))))
    work()
    floor.worker.get(PRODUCTION)  # the machine and the settings are known now
    for window, queries in (
        ("from=2026-01-05T00:00:00Z&to=2026-01-05T08:00:00Z", 1),
        ("from=2026-01-03T00:00:00Z&to=2026-01-05T08:00:00Z", 1),
        ("from=2025-12-10T00:00:00Z&to=2026-01-05T08:00:00Z", 2),
        ("from=2026-01-05T06:05:00Z&to=2026-01-05T07:05:00Z", 3),
    ):
        with watched() as called:
            assert floor.worker.get(f"{PRODUCTION}?{window}").data["produced"] > 0
        assert called == ["Query"] * queries, window
