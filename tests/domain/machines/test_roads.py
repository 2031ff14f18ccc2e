"""The proof: all hours of real readings come out as checked by every road, in file order, shuffled, three times over.

Everything but storage is as in ingest; `tests/functions/test_roads.py` does it with storage, for some hours.
"""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from chalicelib.domain.machines.births import Birth, Births, known, names_of
from chalicelib.domain.machines.edge_nodes import NOTHING, sort_out
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.messages import Message, check, decode
from chalicelib.domain.machines.readings import Reading, by_machine_hour
from chalicelib.domain.machines.rollups import roll_up
from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.machines.tags import Tag
from infra.replay import machine_temperature, valve_rig
from infra.replay.plan import ReadingsPlan
from infra.replay.roads import ROADS
from tests.real_machines import assert_equal, folder, rig_answers, temperature_answers
from tests.roads import MANNERS, as_queued, sent
from tests.sampling import sampled

NOW = datetime(2026, 1, 5, tzinfo=UTC)
PLANTS = {
    "machine_temperature": (machine_temperature.read, temperature_answers),
    "valve_rig": (valve_rig.read, rig_answers),
}


@cache
def plan(name: str) -> ReadingsPlan:
    return PLANTS[name][0](folder(name))


def named(messages: list[Message]) -> list[Message]:
    """Messages with the metrics of edge nodes as readings: births are learned from all of them, then each is read."""
    births, names = Births("M1"), {}
    for message in messages:
        if message.published and message.published.is_birth:
            said = names_of(message.published.metrics)
            names[said.digest] = known(said)
            births = births.with_births([Birth("M1", message.published.at, said.digest)])
    found = []
    for message in messages:
        if message.published is None:
            found.append(message)
            continue
        run = births.run_at(message.published.at)
        read = sort_out(message.published, names[run.names] if run else NOTHING)
        assert read.problems == ()
        found.append(replace(message, parts=read.parts, places=read.places))
    return found


CASES = [(name, road, manner) for manner in MANNERS for name in PLANTS for road in ROADS]


@pytest.mark.parametrize(("name", "road", "manner"), list(sampled(CASES, one_in=10, first=4)))
def test_all_hours_come_out_as_checked(name: str, road: str, manner: str) -> None:
    replayed = plan(name)
    machine = Machine(
        replayed.machine.id,
        "Machine",
        NOW,
        sensors=tuple(Sensor(each.sensor, each.type, each.low, each.high) for each in replayed.machine.sensors),
        tags=tuple(Tag(each.sensor, each.type, each.sensor) for each in replayed.machine.sensors),
    )
    arrived = [decode(as_queued(road, each)) for each in sent(road, manner, replayed.machine, replayed.readings)]
    readings: list[Reading] = []
    for message in named(arrived):
        checked = check(message, machine, NOW)
        assert checked.problems == ()
        readings += checked.readings
    made = {
        (rollup.sensor, touched.hour): rollup
        for touched, group in by_machine_hour(readings).items()
        for rollup in roll_up(group)
    }
    answers = PLANTS[name][1]()
    assert made.keys() == answers.keys()
    for place, rollup in made.items():
        assert_equal(rollup, answers[place])
