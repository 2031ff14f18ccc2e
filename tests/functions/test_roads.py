"""The proof through storage: hours of real readings come out as checked by every road, in whatever order and number.

`tests/domain/machines/test_roads.py` does it for all hours, without storage.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest

from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.machines.tags import Tag
from chalicelib.services.machines import readings as over_http
from chalicelib.storage import markers
from functions.aggregate_bucket import aggregate_bucket
from functions.ingest_readings import ingest_readings
from infra.replay import machine_temperature, valve_rig
from infra.replay.plan import ReadingsPlan
from infra.replay.roads import ROADS, Message
from tests.conftest import SetClock
from tests.functions.test_ingest_readings import records
from tests.lambdas import LambdaContext, handed_out
from tests.machines import install, queued, standing, standing_rollups
from tests.real_machines import Answers, assert_equal, folder, rig_answers, temperature_answers
from tests.roads import MANNERS, as_queued, sent
from tests.sampling import IS_FULL

pytestmark = pytest.mark.usefixtures("table", "set_clock")

LARGEST_BATCH = 200
PLANTS = {
    "machine_temperature": (machine_temperature.read, temperature_answers, datetime(2014, 1, 7, 0, tzinfo=UTC), 4),
    "valve_rig": (valve_rig.read, rig_answers, datetime(2020, 3, 1, 17, tzinfo=UTC), 1),
}
"""How each folder is read, what its hours must come to, and the hours of the sample: from one on, so many."""
CASES = [
    (name, road, manner)
    for name in PLANTS
    for road in ROADS
    for manner in MANNERS
    if IS_FULL or manner == "three times"
]


@cache
def plan(name: str) -> tuple[ReadingsPlan, Answers]:
    """The readings of the sample of a folder, and what they must come to."""
    read, checked, first, hours = PLANTS[name]
    whole, answers = read(folder(name)), checked()
    end = first + timedelta(hours=hours)
    chosen = tuple(each for each in whole.readings if first <= each.at < end)
    return replace(whole, readings=chosen), {at: each for at, each in answers.items() if first <= at[1] < end}


def queued_by(road: str, messages: Sequence[Message]) -> Iterator[str]:
    """The messages that reach the queue by a road. Over HTTP they are checked before."""
    for message in messages:
        if road == "http":
            over_http.send("default", json.loads(message.body)["machine_id"], json.loads(message.body))
            yield from map(json.dumps, queued())
        else:
            yield as_queued(road, message)


@pytest.mark.parametrize(("name", "road", "manner"), CASES)
def test_real_readings_come_out_as_checked_by_every_road(
    name: str, road: str, manner: str, set_clock: SetClock
) -> None:
    replayed, answers = plan(name)
    machine = replayed.machine
    sensors = tuple(Sensor(each.sensor, each.type, each.low, each.high) for each in machine.sensors)
    tags = tuple(Tag(each.sensor, each.type, each.sensor) for each in machine.sensors)
    install(machine.id, sensors=sensors, tags=tags)
    arriving = list(queued_by(road, sent(road, manner, machine, replayed.readings)))
    for start in range(0, len(arriving), LARGEST_BATCH):
        ingest_readings(records(arriving[start : start + LARGEST_BATCH]), LambdaContext())
    while standing("marker"):
        set_clock.forward(timedelta(minutes=1))
        aggregate_bucket(handed_out(*markers.BUCKETS), LambdaContext())
    made = {(sensor, hour): rollup for (_, hour, sensor, _), rollup in standing_rollups().items()}
    assert standing("quarantined") == []
    assert made.keys() == answers.keys()
    for place, rollup in made.items():
        assert_equal(rollup, answers[place])
