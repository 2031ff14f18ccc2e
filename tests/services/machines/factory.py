"""A factory for tests: a queue, a clock and callers, whose processes crash and run into each other at any AWS call."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from random import Random
from typing import Any

from chalicelib import clock, remembered
from chalicelib.domain.errors import LostRace
from chalicelib.services.machines.groups import Arrived
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.storage import markers
from tests.conftest import SetClock
from tests.disturbances import Crash
from tests.floor import MINUTE
from tests.machines import watched

RUN, REQUEST = timedelta(seconds=60), timedelta(seconds=29)
"""After that long a Lambda is stopped, wherever it is."""
PAUSES = [0] * 20 + [1, 5, 15]
"""Seconds between two AWS calls of a process."""
DEEPEST = 2
Memory = list[dict[Any, Any]]


class Factory:
    """What was sent is delivered at least once. What callers ask for, they repeat until it is answered."""

    def __init__(
        self, random: Random, sent: list[Arrived], clock: SetClock, asked: Sequence[Callable[[], object]] = ()
    ) -> None:
        self._random = random
        self._queue = sent
        self._clock = clock
        self._asked = [*asked]
        self._warm: list[Memory] = []
        self._depth = 0
        self._ends = clock() + RUN
        self.crashes = 0

    def run(self) -> None:
        """Work under disturbance until the queue is empty, then in peace until no marker waits."""
        with watched(self._disturb):
            while self._queue or self._asked:
                self._something()
        while markers.pending():
            self._clock.forward(MINUTE)
            aggregate(lambda: MINUTE)

    def _something(self) -> None:
        self._random.choice([self._take, self._take, self._aggregate, self._ask])()

    def _take(self) -> None:
        """Hand a batch over; one that crashed comes again, and some come again anyway."""
        self._random.shuffle(self._queue)
        size = self._random.randint(1, 4)
        batch, self._queue[:] = self._queue[:size], self._queue[size:]
        done = self._process(RUN, lambda: ingest(batch))
        self._queue += [each for each in batch if not done or self._random.random() < 0.2]

    def _ask(self) -> None:
        """A caller asks for the next thing, and asks again until it is answered."""
        if self._asked and self._random.random() < 0.2:
            request = self._asked[0]
            if self._process(REQUEST, request):
                self._asked = [each for each in self._asked if each is not request]

    def _aggregate(self) -> None:
        """A worker works at some of the buckets. Another may be working at the same ones."""
        buckets = self._random.sample(markers.BUCKETS, self._random.choice([1, 5, len(markers.BUCKETS)]))

        def work() -> None:
            assert aggregate(lambda: self._ends - clock.now(), buckets).failed == 0

        self._process(RUN, work)

    def _process(self, most: timedelta, work: Callable[[], object]) -> bool:
        """Whether a process finishes its work. It is a new one, or one that is warm from other work and was idle."""
        memory = self._warm.pop() if self._warm and self._random.random() < 0.7 else []
        interrupted, self._ends = self._ends, clock.now() + most
        try:
            with _remembering(memory):
                work()
        except (Crash, LostRace):
            return False
        finally:
            self._ends = interrupted
        self._warm.insert(self._random.randint(0, len(self._warm)), memory)
        return True

    def _disturb(self, _operation: str, _parameters: dict[str, Any]) -> None:
        """Before any call to AWS the process may wait, crash or be stopped, or others may get in between."""
        self._clock.forward(timedelta(seconds=self._random.choice(PAUSES)))
        chance = self._random.random()
        if 0.05 <= chance < 0.3 and self._depth < DEEPEST:
            self._depth += 1
            for _ in range(self._random.randint(1, 3)):
                self._something()
            self._depth -= 1
        if chance < 0.05 or clock.now() >= self._ends:
            self.crashes += 1
            raise Crash


@contextmanager
def _remembering(memory: Memory) -> Iterator[None]:
    """Another process, with a memory of its own. What this one remembers is set aside meanwhile."""
    own = _recalled()
    _remember(memory)
    try:
        yield
    finally:
        memory[:] = _recalled()
        _remember(own)


def _recalled() -> Memory:
    return [dict(records) for records in remembered._known]


def _remember(memory: Memory) -> None:
    remembered.forget_records()
    for records, known in zip(remembered._known, memory, strict=False):
        records.update(known)
