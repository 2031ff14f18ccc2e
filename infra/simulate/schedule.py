"""When a simulated plant sends what: batches of looks, with the faults that were asked for. The same for a seed."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

from infra.simulate.plant import WRONG, Look, looks

FAULTS = {
    "duplicate": "a fifth of the messages is sent again",
    "late": "a fifth of the messages is held back, and the hours before come afterwards, in any order",
    "skew": "of three machines the clock of one is an hour slow, and of one an hour ahead",
    "poison": "messages that nobody can read, and values that are no numbers",
    "reset": "each counter begins again from zero",
    "silence": "every second machine says nothing for a third of the time",
}
LOOKS_A_MESSAGE = 20
SENSORS = 3
BACKLOG = 60
BACKLOG_EVERY = timedelta(seconds=90)
BACKLOG_BEFORE = timedelta(hours=3)
CLOCK_ERROR = timedelta(hours=1)
SOMETIMES, SELDOM = 0.2, 0.05
POISONS = 2


@dataclass(frozen=True)
class Wish:
    """What to simulate: so many machines, which together send so many readings a second."""

    machines: int
    rate: float
    seconds: float
    faults: frozenset[str] = frozenset()
    seed: int = 1


@dataclass(frozen=True)
class Batch:
    """Looks of one machine, to send together, `due` seconds after the start. Poison has no looks, but a number."""

    due: float
    machine: str
    looks: tuple[Look, ...] = ()
    poison: int | None = None


def machine_ids(start: datetime, wish: Wish) -> list[str]:
    """The machines of a run. Another run has others, so its readings never meet those of this one."""
    return [f"sim-{int(start.timestamp()):x}-{number:02d}" for number in range(1, wish.machines + 1)]


def schedule(start: datetime, wish: Wish) -> list[Batch]:
    """Everything that is sent, in order of time."""
    batches = []
    for index, machine in enumerate(machine_ids(start, wish)):
        chance = random.Random(f"{wish.seed}/{index}")  # noqa: S311  a sequence, not a secret
        made = [*_batches(machine, index, start, wish, chance)]
        again = SOMETIMES if "duplicate" in wish.faults else 0.0
        made += [replace(batch, due=batch.due + chance.uniform(0, 5)) for batch in made if chance.random() < again]
        batches += made
    return sorted(batches, key=lambda batch: (batch.due, batch.machine))


def _batches(machine: str, index: int, start: datetime, wish: Wish, chance: random.Random) -> Iterator[Batch]:
    """The batches of one machine, each once."""
    late = "late" in wish.faults
    before = [start - BACKLOG_BEFORE + BACKLOG_EVERY * n for n in range(BACKLOG if late else 0)]
    seen = looks(machine, before + _instants(start, index, wish), chance, resets="reset" in wish.faults)
    for held in _packed(seen[: len(before)]):
        yield _sent(chance.uniform(0, wish.seconds), machine, held, index, wish, chance)
    for due, group in groupby(seen[len(before) :], key=lambda look: int((look[0].at - start).total_seconds())):
        for held in _packed([*group]):
            delay = chance.uniform(0, wish.seconds - due) if late and chance.random() < SOMETIMES else 1.0
            yield _sent(due + delay, machine, held, index, wish, chance)
    if "poison" in wish.faults:
        yield from (Batch(chance.uniform(0, wish.seconds), machine, poison=n) for n in range(POISONS))


def _instants(start: datetime, index: int, wish: Wish) -> list[datetime]:
    """When a machine looks, in whole milliseconds. A silent one says nothing in the middle third."""
    pause = timedelta(seconds=SENSORS * wish.machines / wish.rate)
    count = int(wish.seconds / pause.total_seconds())
    silent = range(count // 3, 2 * count // 3) if "silence" in wish.faults and index % 2 == 0 else range(0)
    moments = (start + pause * n + timedelta(milliseconds=index) for n in range(count) if n not in silent)
    return [moment.replace(microsecond=moment.microsecond // 1000 * 1000) for moment in moments]


def _packed(seen: Sequence[Look]) -> Iterator[tuple[Look, ...]]:
    yield from (tuple(seen[begin : begin + LOOKS_A_MESSAGE]) for begin in range(0, len(seen), LOOKS_A_MESSAGE))


def _sent(due: float, machine: str, held: tuple[Look, ...], index: int, wish: Wish, chance: random.Random) -> Batch:
    """Looks as the machine sends them: by its own clock, and now and then with a broken temperature."""
    error = (-CLOCK_ERROR, CLOCK_ERROR, timedelta(0))[index % 3] if "skew" in wish.faults else timedelta(0)
    held = tuple(tuple(reading._replace(at=reading.at + error) for reading in look) for look in held)
    if "poison" in wish.faults and chance.random() < SELDOM:
        held = ((held[0][0]._replace(value=WRONG), *held[0][1:]), *held[1:])
    return Batch(due, machine, held)
