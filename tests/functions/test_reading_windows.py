"""Readings as they were sent: a window of device time, page by page, each reading once."""

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.machines.readings import LIMIT, Reading
from chalicelib.schemas.readings import MOST_READINGS, reading_out
from chalicelib.services.machines.ingest import ingest
from tests.conftest import SetClock
from tests.domain.reading_strategies import HOUR_BEGINS
from tests.floor import Plant, pages
from tests.machines import READINGS, arrived, install, message, part, sent, watched, work

DAY = f"{READINGS}?from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00Z"


def shown(floor: Plant, path: str = DAY) -> list[tuple[Any, ...]]:
    return [(each["at"][11:], each["sensor"], each["value"], each["seq"]) for each in floor.worker.get(path).items]


def test_readings_are_listed_once_and_in_order_without_being_rolled_up(floor: Plant) -> None:
    first = part(21.0, "2026-01-05T07:10:00.000002Z", seq=4), part(20.0, "2026-01-05T07:10:00.000001Z")
    second = part("idle", "2026-01-05T06:00:00+00:00", type="state", sensor="door"), first[0]
    for parts in (first, second, first):
        ingest(arrived(message("M1", *parts)))

    assert shown(floor) == [
        ("06:00:00.000000Z", "door", "idle", None),
        ("07:10:00.000001Z", "main", 20.0, None),
        ("07:10:00.000002Z", "main", 21.0, 4),
    ]
    whole = floor.worker.get(f"{DAY}&limit=1").items
    named = {"machine_id": "M1", "sensor": "door", "type": "state", "value": "idle", "seq": None}
    assert whole == [named | {"at": "2026-01-05T06:00:00.000000Z"}]


def test_sensors_and_types_are_filters(floor: Plant) -> None:
    ingest(arrived(message("M1", part(1.0), part(2.0, sensor="b"), part(3.0, sensor="b", type="custom"))))
    chosen = {"sensor=b": [3.0, 2.0], "type=temperature": [2.0, 1.0], "sensor=b&sensor=main&type=custom": [3.0]}
    found = {each: [row[2] for row in shown(floor, f"{DAY}&{each}")] for each in chosen}
    assert {each: sorted(values) for each, values in found.items()} == {k: sorted(v) for k, v in chosen.items()}


def test_pages_go_on_across_hours_and_keep_the_window_of_the_first(floor: Plant, set_clock: SetClock) -> None:
    minutes = [f"2026-01-05T0{hour}:{minute:02d}:00Z" for hour in (6, 7) for minute in range(0, 60, 20)]
    ingest(arrived(message("M1", *(part(float(n), at) for n, at in enumerate(minutes)))))
    assert [each["value"] for each in pages(floor.worker, f"{DAY}&")] == [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]

    last_hour = floor.worker.get(f"{READINGS}?limit=2")
    set_clock.forward(timedelta(hours=5))
    rest = floor.worker.get(f"{READINGS}?limit=2&cursor={last_hour.data['next_cursor']}")
    assert [each["value"] for each in (*last_hour.items, *rest.items)] == [3.0, 4.0, 5.0]
    assert floor.worker.get(READINGS).items == []


def test_a_cursor_belongs_to_its_window_and_filters(floor: Plant) -> None:
    ingest(arrived(message("M1", part(1.0), part(2.0))))
    cursor = floor.worker.get(f"{DAY}&limit=1").data["next_cursor"]
    for other in (f"{READINGS}?", f"{DAY}&sensor=main&", f"{READINGS}?from=2026-01-05T00:00:00Z&"):
        reply = floor.worker.get(f"{other}cursor={cursor}")
        assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_CURSOR")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ("from=2026-01-05T00:00:00Z&to=2026-01-06T00:00:00.001Z", "24 hours"),
        ("from=2026-01-05T00:00:00Z&to=2026-01-05T00:00:00Z", "after from"),
        ("limit=10001", "10000"),
        ("limit=0", "1"),
        ("from=yesterday", "from"),
    ],
)
def test_a_window_or_a_page_that_is_too_large_is_refused(floor: Plant, asked: str, why: str) -> None:
    reply = floor.worker.get(f"{READINGS}?{asked}")
    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
    assert why in reply.error["detail"]


def test_readings_of_a_machine_that_is_not_there_are_not_found(floor: Plant) -> None:
    reply = floor.worker.get("/machines/none/readings")
    assert (reply.status, reply.error["code"]) == (404, "ERR_MACHINE_NOT_FOUND")


def test_only_the_machines_own_readings_are_listed(floor: Plant) -> None:
    install("M2")
    ingest(arrived(message("M2", part(1.0))))
    assert (floor.worker.get(DAY).items, len(floor.worker.get(DAY.replace("M1", "M2")).items)) == ([], 1)


def test_each_hour_costs_one_query_until_the_page_is_full(floor: Plant) -> None:
    floor.planner.post(READINGS, sent(part(1.0, "2026-01-05T02:00:00Z"), part(2.0, "2026-01-05T07:00:00Z")))
    work()
    asked = {"&limit=1": 8, "": 24, "&to=2026-01-05T03:00:00Z": 3}
    for more, queries in asked.items():
        path = DAY.replace("&to=2026-01-06T00:00:00Z", more) if "to=" in more else DAY + more
        with watched() as called:
            floor.worker.get(path)
        assert called == ["Query"] * queries, more


def test_the_largest_page_fits_an_answer() -> None:
    longest = Reading("m" * 64, "s" * 64, "temperature", HOUR_BEGINS, -LIMIT / 7, 2**63 - 1)
    assert len(json.dumps([reading_out(longest).plain()])) * MOST_READINGS < 5_000_000
