"""The law of readings: shuffled, repeated, crashed or at once, they give the same rollups and latest values."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any

import pytest

from chalicelib.domain.machines import quarantine as rules_of_quarantine
from chalicelib.domain.machines import rollups as rules
from chalicelib.domain.machines.machines import ChangeMachine, NewMachine
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.readings import STATES, Reading, by_machine_hour
from chalicelib.domain.machines.rollups import Rollup, roll_up
from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.machines.tags import Tag
from chalicelib.domain.people.users import Actor, Role
from chalicelib.services.idempotency import Request
from chalicelib.services.machines import machines, rollups
from chalicelib.services.machines.groups import Arrived
from tests.conftest import SetClock
from tests.domain.reading_strategies import HOUR, HOUR_BEGINS, SECOND
from tests.machines import arrived, install, message, standing, standing_latest, standing_rollups, written
from tests.sampling import sampled
from tests.services.machines.factory import Factory

SEEDS, TRIALS = 40, 5
SERIES = [("main", "temperature"), ("main", "cycle_count"), ("door", "state")]
PLANNER = Actor("default", "pelin", Role.PLANNER)
TAGS = tuple(Tag(f"{sensor}/{kind}", kind, sensor) for sensor, kind in SERIES)
NARROW = (Sensor("main", "temperature", min=0.15), Sensor("main", "cycle_count", max=0.15))


def measured(random: Random, machine_ids: Sequence[str]) -> list[Reading]:
    """Readings of these machines in three hours; many coincide in instant, counter or value."""

    def reading() -> Reading:
        sensor, kind = random.choice(SERIES)
        at = HOUR_BEGINS + random.choice([-3600, -1, 0, 1, 2, 1800, 3599, 3600]) * SECOND
        value = random.choice(STATES) if kind == "state" else random.choice([0.0, 0.1, 0.2, 1e-9, random.random()])
        return Reading(random.choice(machine_ids), sensor, kind, at, value, random.choice([None, None, 1, 2]))

    return [reading() for _ in range(random.choice([5, 10, 40]))]


def put_right(trial: int, how: str) -> Callable[[], object]:
    """Install a machine whose readings cannot all be used. Returns what a planner does about it later."""
    machine_id, request = f"M{trial}b", Request(f"{how}-{trial}")
    if how == "register":
        return partial(machines.register, PLANNER, NewMachine(machine_id, "Late"), request, _shown)
    install(machine_id, **({"sensors": NARROW} if how == "widen" else {}))
    wanted = ChangeMachine(sensors=()) if how == "widen" else ChangeMachine(tags=TAGS)
    return partial(machines.change, PLANNER, machine_id, wanted, request, _shown)


def _shown(_: object) -> None:
    """Nobody looks at the answer."""


def tagged(part: dict[str, object]) -> dict[str, object]:
    """A reading as a machine writes it that knows only its own names."""
    tag = f"{part['sensor']}/{part['type']}"
    return {name: value for name, value in part.items() if name not in ("sensor", "type")} | {"tag": tag}


def messages(random: Random, readings: list[Reading], in_tags: str) -> list[Arrived]:
    """The readings in messages of a few, each reading in one or more of them, some beside something wrong."""
    bodies = []
    for machine_id in sorted({each.machine_id for each in readings}):  # a set has another order in each process
        own = written(each for each in readings if each.machine_id == machine_id)
        parts: list[object] = [*map(tagged, own)] if machine_id == in_tags else [*own]
        parts += random.sample(parts, len(parts) // 5)
        random.shuffle(parts)
        while parts:
            size = random.randint(1, 6)
            bodies.append(message(machine_id, *parts[:size], *random.choice([[], [], ["wrong"]])))
            parts = parts[size:]
    return arrived(*bodies)


def straight(readings: list[Reading]) -> dict[tuple[Any, ...], Rollup]:
    """The rollups of readings that came once and in order."""
    return {
        (touched.machine_id, touched.hour, rollup.sensor, rollup.type): rollup
        for touched, group in by_machine_hour(readings).items()
        for rollup in roll_up(group)
    }


def newest(readings: list[Reading]) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    """The instant, counter and value of the newest reading of each machine, sensor and type."""
    found: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for each in readings:
        found[each[:3]] = max(each.order, found.get(each[:3], each.order))
    return found


@pytest.mark.parametrize("seed", [*sampled(range(SEEDS), SEEDS)])
def test_crashes_repetitions_and_workers_at_once_change_no_rollup_and_no_latest_value(
    table: None, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    for module in (rollups, rules):  # so that hours of a few readings wait for minutes
        monkeypatch.setattr(module, "READINGS_A_MINUTE", 3)
    set_clock.set(HOUR + timedelta(hours=3))
    random = Random(seed)  # noqa: S311 - it must repeat, not surprise
    crashes = 0
    expected: dict[tuple[Any, ...], Rollup] = {}
    last: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for trial in range(TRIALS):
        install(f"M{trial}a")
        readings = measured(random, [f"M{trial}a", f"M{trial}b"])
        how = random.choice(["register", "widen", "map"])
        sent = messages(random, readings, f"M{trial}b" if how == "map" else "")
        factory = Factory(random, sent, set_clock, [put_right(trial, how)])
        factory.run()
        crashes += factory.crashes
        expected |= straight(readings)
        last |= newest(readings)
    assert standing_rollups() == expected
    latest = standing_latest().items()
    assert {(machine, each.sensor, each.type): each.order for machine, own in latest for each in own} == last
    assert crashes
    codes = {code for each in standing("quarantined") for code in rules_of_quarantine.codes(each.read(Quarantined))}
    assert codes <= {"not_an_object"}
