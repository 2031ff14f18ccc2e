"""A reading is written once, with the clock of whoever has one."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from docs.examples.gateway.readings import message, written
from tests.gateway.stores import NOW, reading


def test_the_time_of_a_device_without_a_clock_is_the_gateways() -> None:
    assert json.loads(reading(20).as_sent()) == {
        "type": "temperature",
        "sensor": "main",
        "value": 20,
        "at": "2026-01-05T10:00:00.000000Z",
    }


def test_beside_the_time_of_the_device_stands_the_gateways() -> None:
    sent = json.loads(replace(reading(20), at="2026-01-05T12:59:00+03:00", seq=7).as_sent())
    assert (sent["at"], sent["received_at"], sent["seq"]) == (
        "2026-01-05T12:59:00+03:00",
        "2026-01-05T10:00:00.000000Z",
        7,
    )


def test_a_device_whose_clock_is_ahead_does_not_keep_the_gateway_from_asking_for_what_it_missed() -> None:
    slow, fast = (replace(reading(20), at=written(NOW + timedelta(hours=hours))) for hours in (-1, 1))
    assert (slow.marked_at, fast.marked_at) == ("2026-01-05T09:00:00.000000Z", "2026-01-05T10:00:00.000000Z")


def test_an_instant_is_written_in_utc() -> None:
    istanbul = timezone(timedelta(hours=3))
    assert written(datetime(2026, 1, 5, 13, tzinfo=istanbul)) == written(datetime(2026, 1, 5, 10, tzinfo=UTC))


def test_a_message_holds_the_readings_as_they_were_written() -> None:
    parts = [reading(20).as_sent(), reading("hot").as_sent()]
    assert json.loads(message("acme", "M1", parts)) == {
        "tenant": "acme",
        "machine_id": "M1",
        "readings": [json.loads(part) for part in parts],
    }
