"""Readings of real machines, sent as messages, give the separately checked answers."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.domain.machines.chunks import pack, unpack
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.messages import check, decode
from chalicelib.domain.machines.readings import Reading, by_machine_hour
from chalicelib.domain.machines.rollups import Rollup, roll_up
from chalicelib.domain.markers import MachineHour
from tests import real_machines
from tests.domain.reading_messages import told_apart
from tests.real_machines import RIG, RIG_SENSORS, assert_equal, bodies

NOW = datetime(2026, 11, 21, tzinfo=UTC)
READINGS_A_BATCH = 3_000


def accepted(machine: Machine, parts: list[dict[str, Any]]) -> list[Reading]:
    """Readings as they come out of their messages, all of them good."""
    readings: list[Reading] = []
    for body in bodies(machine.id, parts):
        verdict = check(decode(body), machine, NOW)
        assert verdict.problems == ()
        readings += verdict.readings
    return readings


def rolled_up(readings: list[Reading]) -> dict[tuple[str, datetime], Rollup]:
    """Rollups by sensor and hour, after the readings went through chunks in batches."""
    chunks: dict[MachineHour, dict[str, bytes]] = {}
    for start in range(0, len(readings), READINGS_A_BATCH):
        for touched, group in by_machine_hour(readings[start : start + READINGS_A_BATCH]).items():
            chunks.setdefault(touched, {}).update((chunk.digest, chunk.content) for chunk in pack(group))
    return {
        (rollup.sensor, touched.hour): rollup
        for touched, contents in chunks.items()
        for rollup in roll_up(_unpacked(touched.machine_id, contents.values()))
    }


def _unpacked(machine_id: str, contents: Iterable[bytes]) -> Iterable[Reading]:
    return (reading for content in contents for reading in unpack(machine_id, content))


@pytest.fixture(scope="module")
def oven() -> list[Reading]:
    return accepted(Machine("oven", "Oven", created_at=NOW), real_machines.temperatures())


@pytest.fixture(scope="module")
def rig() -> list[Reading]:
    return accepted(Machine("rig", "Valve rig", created_at=NOW, sensors=RIG_SENSORS), real_machines.rig())


def test_every_hour_of_the_machine_temperature_is_as_checked(oven: list[Reading]) -> None:
    answers = real_machines.temperature_answers()
    hours = rolled_up(oven)
    assert len(oven) == 10_989
    assert hours.keys() == answers.keys()
    for place, rollup in hours.items():
        assert_equal(rollup, answers[place])


def test_two_values_at_one_instant_are_both_kept(oven: list[Reading]) -> None:
    rollup = rolled_up(oven)["main", datetime(2014, 1, 7, 2, tzinfo=UTC)]
    assert rollup.numbers is not None
    assert (rollup.count, rollup.numbers.min, rollup.numbers.max) == (24, 92.78472036, 95.33282414)


def test_rows_that_two_files_share_count_once(rig: list[Reading]) -> None:
    assert len(rig) == 5_284 * len(RIG)
    kept, conflicts = told_apart(rig)
    assert (len(kept), conflicts) == (5_164 * len(RIG), 0)


def test_every_hour_and_sensor_of_the_valve_rig_is_as_checked(rig: list[Reading]) -> None:
    answers = real_machines.rig_answers()
    hours = rolled_up(rig)
    assert hours.keys() == answers.keys()
    for place, rollup in hours.items():
        assert_equal(rollup, answers[place])


@pytest.mark.parametrize("machine", ["oven", "rig"])
def test_shuffled_and_sent_twice_gives_the_same_to_the_last_digit(machine: str, request: pytest.FixtureRequest) -> None:
    sent: list[Reading] = request.getfixturevalue(machine)
    again = [*sent, *sent]
    again.sort(key=lambda reading: hash((reading.at, reading.value)))
    assert rolled_up(again) == rolled_up(sent)
