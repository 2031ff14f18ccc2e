"""The sequence of the steps of one order: by stage, by time or shuffled, once or several times."""

import random
from collections.abc import Iterator, Sequence

from infra.replay.live import live_steps
from infra.replay.manner import Manner
from infra.replay.plan import Order
from infra.replay.steps import Done, Step

Placed = list[tuple[float, Step]]


def steps(order: Order, manner: Manner) -> list[Step]:
    """The steps of an order. A stage is done only after each of its sessions was sent once."""
    if manner.live:
        return live_steps(order) * manner.times
    if manner.chance is None:
        return list(_in_turn(order)) * manner.times
    once = _shuffled(order, manner.chance)
    return _repeated(once, manner.times, manner.chance)


def _in_turn(order: Order) -> Iterator[Step]:
    for stage in range(len(order.stages)):
        yield from (booking for booking in order.bookings if booking.stage == stage)
        yield Done(stage)


def _shuffled(order: Order, chance: random.Random) -> list[Step]:
    """The steps in random order. A stage is done somewhere after its last booking."""
    placed: Placed = [(chance.random(), booking) for booking in order.bookings]
    for stage in range(len(order.stages)):
        last = max(place for place, step in placed if step.stage == stage)
        placed.append((chance.uniform(last, 1.0), Done(stage)))
    return _by_place(placed)


def _repeated(once: Sequence[Step], times: int, chance: random.Random) -> list[Step]:
    """Add the repetitions of every step, anywhere after its first."""
    placed: Placed = [(float(place), step) for place, step in enumerate(once)]
    for _ in range(times - 1):
        placed += [(chance.uniform(place, len(once)), step) for place, step in enumerate(once)]
    return _by_place(placed)


def _by_place(placed: Placed) -> list[Step]:
    return [step for _, step in sorted(placed, key=lambda pair: pair[0])]
