"""The law of readings: shuffled, repeated, crashed or at once, they give the same rollups and latest values."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random
from typing import Any

import pytest

from chalicelib.domain.machines import quarantine as rules_of_quarantine
from chalicelib.domain.machines import rollups as rules
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.machines.readings import STATES, Reading, by_machine_hour
from chalicelib.domain.machines.rollups import Rollup, roll_up
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.machines import rollups, waiting
from chalicelib.services.machines.groups import Arrived
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.storage import markers
from tests.conftest import SetClock
from tests.domain.reading_strategies import HOUR, HOUR_BEGINS, SECOND
from tests.machines import arrived, install, message, standing, standing_latest, standing_rollups, watched, written
from tests.sampling import sampled

SEEDS, TRIALS = 4, 10
DEEPEST = 2


class Crash(BaseException):
    """The process is gone, wherever it was."""


class Factory:
    """A queue that delivers at least once, and processes that crash and run into each other at any AWS call."""

    def __init__(self, random: Random, sent: list[Arrived], clock: SetClock, late: Sequence[str] = ()) -> None:
        self._random = random
        self._late = [*late]
        self._clock = clock
        self._queue = sent
        self._depth = 0
        self.crashes = 0

    def run(self) -> None:
        """Work under disturbance until the queue is empty, then in peace until no marker waits."""
        with watched(self._disturb):
            while self._queue or self._late:
                self._something()
        while markers.pending():
            self._clock.forward(timedelta(minutes=1))
            self._aggregate()

    def _something(self) -> None:
        self._random.choice([self._take, self._take, self._aggregate, self._register])()

    def _take(self) -> None:
        """Hand a batch over; one that crashed comes again, and some come again anyway."""
        self._random.shuffle(self._queue)
        size = self._random.randint(1, 4)
        batch, self._queue[:] = self._queue[:size], self._queue[size:]
        try:
            ingest(batch)
        except Crash:
            self._queue += batch
        else:
            self._queue += [each for each in batch if self._random.random() < 0.2]

    def _register(self) -> None:
        """Register a machine, though it may have sent already."""
        if self._late and self._random.random() < 0.2:
            machine_id = self._late[-1]
            try:
                install(machine_id)
                waiting.take_in_of(DEFAULT_TENANT, [machine_id])
            except Crash:  # the caller sends it again
                return
            self._late = [each for each in self._late if each != machine_id]

    def _aggregate(self) -> None:
        """A worker works at some of the buckets. Another may be working at the same ones."""
        buckets = self._random.sample(markers.BUCKETS, self._random.choice([1, 5, len(markers.BUCKETS)]))
        try:
            outcome = aggregate(lambda: timedelta(minutes=1), buckets)
        except Crash:
            return
        assert outcome.failed == 0

    def _disturb(self, _operation: str, _parameters: dict[str, Any]) -> None:
        """Before any call to AWS the process may crash, or another may get in between."""
        chance = self._random.random()
        if chance < 0.05:
            self.crashes += 1
            raise Crash
        if chance < 0.3 and self._depth < DEEPEST:
            self._depth += 1
            for _ in range(self._random.randint(1, 3)):
                self._something()
            self._depth -= 1


def measured(random: Random, machine_ids: Sequence[str]) -> list[Reading]:
    """Readings of these machines in three hours; many coincide in instant, counter or value."""

    def reading() -> Reading:
        sensor, kind = random.choice([("main", "temperature"), ("main", "cycle_count"), ("door", "state")])
        at = HOUR_BEGINS + random.choice([-3600, -1, 0, 1, 2, 1800, 3599, 3600]) * SECOND
        value = random.choice(STATES) if kind == "state" else random.choice([0.0, 0.1, 0.2, 1e-9, random.random()])
        return Reading(random.choice(machine_ids), sensor, kind, at, value, random.choice([None, None, 1, 2]))

    return [reading() for _ in range(random.choice([5, 10, 40]))]


def messages(random: Random, readings: list[Reading]) -> list[Arrived]:
    """The readings in messages of a few, each reading in one or more of them, some beside something wrong."""
    bodies = []
    for machine_id in sorted({each.machine_id for each in readings}):  # a set has another order in each process
        parts: list[object] = [*written(each for each in readings if each.machine_id == machine_id)]
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


@pytest.mark.parametrize("seed", [*sampled(range(SEEDS), 2)])
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
        machine_ids = [f"M{trial}{which}" for which in "ab"]
        install(machine_ids[0])
        readings = measured(random, machine_ids)
        factory = Factory(random, messages(random, readings), set_clock, machine_ids[1:])
        factory.run()
        crashes += factory.crashes
        expected |= straight(readings)
        last |= newest(readings)
    assert standing_rollups() == expected
    latest = standing_latest().items()
    assert {(machine, each.sensor, each.type): each.order for machine, own in latest for each in own} == last
    assert crashes
    codes = {code for each in standing("quarantined") for code in rules_of_quarantine.codes(each.read(Quarantined))}
    assert codes == {"not_an_object"}
