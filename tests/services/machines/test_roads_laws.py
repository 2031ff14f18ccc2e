"""The law of roads: what comes by all five at once counts once, whatever crashes, repeats or runs at the same time."""

import json
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.machines import quarantine
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.readings import Reading, by_machine_hour, microseconds
from chalicelib.domain.machines.rollups import roll_up
from chalicelib.domain.machines.tags import Tag
from chalicelib.outbound import queue
from chalicelib.services.machines import readings as over_http
from chalicelib.services.machines.groups import Arrived
from infra.replay import plan
from infra.replay.roads import ROADS
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING
from tests.machines import arrived, install, standing, standing_rollups
from tests.roads import as_queued, sent
from tests.sampling import sampled
from tests.services.machines.factory import Factory

TRIALS = 3
SERIES = {"oil": "temperature", "shots": "cycle_count"}
TAGS = tuple(Tag(sensor, kind, sensor) for sensor, kind in SERIES.items())


def measured(random: Random) -> list[plan.Reading]:
    """Readings of three hours; some coincide."""

    def reading() -> plan.Reading:
        sensor, kind = random.choice(list(SERIES.items()))
        at = MORNING - random.randint(1, 3) * HOUR + timedelta(milliseconds=random.choice([0, 1, 250, 1_800_000]))
        return plan.Reading(kind, random.choice([0.1, 7.0, random.random()]), at, sensor)

    return [reading() for _ in range(40)]


def by_http(machine_id: str, message: bytes) -> None:
    """Send a message over HTTP, with something wrong in it."""
    body = json.loads(message)
    over_http.send("default", machine_id, body | {"readings": [*body["readings"], "wrong"]})


def straight(machine_id: str, measured: Sequence[plan.Reading]) -> dict[tuple[Any, ...], Any]:
    """The rollups of readings that came once and in order."""
    readings = [Reading(machine_id, each.sensor, each.type, microseconds(each.at), each.value) for each in measured]
    return {
        (machine_id, touched.hour, rollup.sensor, rollup.type): rollup
        for touched, group in by_machine_hour(readings).items()
        for rollup in roll_up(group)
    }


@pytest.mark.parametrize("seed", [*sampled(range(10), one_in=10)])
def test_what_comes_by_all_roads_at_once_counts_once(
    table: None, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    random = Random(seed)  # noqa: S311 - it must repeat, not surprise
    expected: dict[tuple[Any, ...], Any] = {}
    crashes = 0
    for trial in range(TRIALS):
        known = tuple(plan.Sensor(sensor, kind, 0, 99) for sensor, kind in SERIES.items())
        machine, readings = plan.Machine(f"M{trial}", "Press", "press", "hall", known), measured(random)
        install(machine.id, tags=TAGS)
        messages = {road: sent(road, "shuffled", machine, readings) for road in ROADS}
        requests = [partial(by_http, machine.id, each.body) for each in messages.pop("http")]
        waiting = arrived(*(as_queued(road, each) for road, those in messages.items() for each in those))
        monkeypatch.setattr(queue, "send", lambda body, waiting=waiting: waiting.append(Arrived(body, clock.now())))
        factory = Factory(random, waiting, set_clock, requests)
        factory.run()
        crashes += factory.crashes
        expected |= straight(machine.id, readings)
    assert standing_rollups() == expected
    assert crashes
    aside = [each.read(Quarantined) for each in standing("quarantined")]
    assert {(each.machine_id, *quarantine.codes(each)) for each in aside} == {
        (f"M{trial}", "not_an_object") for trial in range(TRIALS)
    }
