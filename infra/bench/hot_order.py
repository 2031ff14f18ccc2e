"""The number of commands per second on one order. Its commands are written one after another."""

import statistics
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from unittest.mock import patch

from chalicelib import clock, ids, remembered
from chalicelib.domain.errors import LostRace
from chalicelib.domain.floor.stages import Report, Start
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.work_orders import Order, stage_id
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.planning.opening import NewOrder, NewStage
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import retries
from chalicelib.services.floor import stage_commands
from chalicelib.services.idempotency import Request
from chalicelib.services.orders import work_orders
from chalicelib.services.planning import opening
from infra.bench.memory_table import MemoryTable
from infra.bench.virtual_time import VirtualTime

# Assumed for DynamoDB from a Lambda in the same region. AWS promises single-digit milliseconds for a read. A
# transaction prepares and then commits, so it takes two to three times as long:
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html
READ_SECONDS, WRITE_SECONDS = 0.005, 0.015
# Assumed for a Lambda with a part of a core: reading the items, deciding, and making the items and the answer.
COMPUTE_SECONDS = 0.02
SECONDS = 20
STAGES = 10
ORDER = "hot"
BEGAN = datetime(2026, 1, 5, 8, tzinfo=UTC)


@dataclass(frozen=True)
class Measured:
    """The results of one run: the time until each answer, in seconds, and the number of refused commands."""

    people: int
    waits: tuple[float, ...]
    refused: int
    seconds: float

    @property
    def per_second(self) -> float:
        """The number of successful commands per second."""
        return len(self.waits) / self.seconds

    @property
    def median(self) -> float:
        """The median time of a successful command, in seconds."""
        return statistics.median(self.waits)

    @property
    def longest(self) -> float:
        """The longest time of a successful command, in seconds."""
        return max(self.waits)


@dataclass(frozen=True)
class Assumed:
    """Assumed times, in seconds: of a query, of deciding, and of a transaction."""

    read: float = READ_SECONDS
    compute: float = COMPUTE_SECONDS
    write: float = WRITE_SECONDS


def measure(people: Iterable[int], assumed: Assumed, seconds: int = SECONDS) -> Iterator[Measured]:
    """Measure one order with each number of people. Each person reports once a second, or as fast as they can."""
    for number in people:
        yield HotOrder(number, assumed, seconds).measured()


class HotOrder:
    """One order, and people who work on its stages."""

    def __init__(self, people: int, assumed: Assumed, seconds: int) -> None:
        self._people = [Actor(DEFAULT_TENANT, f"p{n}", Role.PLANNER) for n in range(people)]
        self._seconds = seconds
        self._time = VirtualTime()
        self._table = MemoryTable(self._time.sleep, assumed.read, assumed.write)
        self._compute = assumed.compute
        self._began = 0.0
        self._waits: list[float] = []
        self._refused = 0

    def measured(self) -> Measured:
        """Open the order, start a session for each person, and let them report."""
        chance = Random(1)  # noqa: S311  the same waits each time
        with ExitStack() as patched:
            patched.enter_context(self._table.in_place())
            patched.enter_context(patch.object(clock, "now", self._now))
            patched.enter_context(patch.object(ids, "jitter", lambda longest: chance.uniform(0, longest)))
            patched.enter_context(patch.object(retries, "time", self._time))
            remembered.forget_records()
            patched.callback(remembered.forget_records)
            self._time.run(self._prepare)
            self._began = self._time.seconds
            self._time.run(*(lambda actor=actor: self._work(actor) for actor in self._people))
        return Measured(len(self._people), tuple(self._waits), self._refused, self._time.seconds - self._began)

    @property
    def good(self) -> Decimal:
        """The good pieces of the order so far."""
        found: list[Order] = []
        with self._table.in_place():
            self._time.run(lambda: found.append(work_orders.read(self._people[0], ORDER)))
        return sum((stage.good for stage in found[0].stages), Decimal(0))

    def _now(self) -> datetime:
        return BEGAN + timedelta(milliseconds=int(1000 * self._time.seconds))

    def _prepare(self) -> None:
        stages = tuple(NewStage(f"stage {n}") for n in range(STAGES))
        window = (BEGAN, BEGAN + timedelta(hours=8))
        new = NewOrder("P", Decimal(10**9), *window, id=ORDER, stages=stages)
        opening.open_work_order(self._people[0], new, Request(), lambda _: None)
        for actor in self._people:
            self._give(actor, "start", Start())

    def _work(self, actor: Actor) -> None:
        for second in range(self._seconds):
            self._time.sleep(max(0.0, self._began + second - self._time.seconds))
            sent = self._time.seconds
            try:
                self._give(actor, "report", Report(good=Decimal(1)))
            except LostRace:
                self._refused += 1
            else:
                self._waits.append(self._time.seconds - sent)

    def _give(self, actor: Actor, name: str, payload: Start | Report) -> None:
        position = self._people.index(actor) % STAGES + 1
        command = Command(ids.new(), name, stage_id(ORDER, position), payload, clock.now())
        stage_commands.run(actor, command, Request(key=command.id), lambda *_: self._time.sleep(self._compute))
