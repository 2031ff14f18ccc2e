"""Timelines: which state a machine was in from when to when, from the rollups of its hours."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from chalicelib.domain.machines.joined import MICROSECOND, held
from chalicelib.domain.machines.readings import microseconds
from chalicelib.domain.machines.rollups import Rollup, States, change_of

InState = tuple[int, int, str]
"""A time from one instant (included) to another (not included), in microseconds since 1970, and the state in it."""


def vague(piece: Rollup) -> bool:
    """Whether it is not known when the state of a piece changed: so its hour must not be cut."""
    states = piece.states
    return states is not None and states.changes is None and bool({*states.seconds, states.last} - {states.first})


def timeline(pieces: Iterable[Rollup], end: datetime, max_carry: timedelta) -> list[InState]:
    """The states up to `end`, in order, without overlaps, from the pieces of one state.

    A piece that is `vague` has its states one after the other. So no instant of interest may lie inside it.
    """
    in_order = sorted((piece for piece in pieces if piece.states), key=lambda piece: piece.first_at)
    return [
        each
        for piece, states, holds_until in held(in_order, microseconds(end), max_carry // MICROSECOND)
        for each in (*_inside(piece, states), (piece.last_at, holds_until, states.last))
        if each[0] < each[1]
    ]


def _inside(piece: Rollup, states: States) -> Iterator[InState]:
    """The states between the first and the last reading of a piece."""
    if states.changes is None:
        at = piece.first_at
        for state, seconds in states.seconds.items():
            until = at + round(seconds * 1_000_000)
            yield at, until, state
            at = until
        return
    changes = [(0, states.first), *map(change_of, states.changes), (piece.last_at - piece.first_at, states.last)]
    for (after, state), (later, _) in pairwise(changes):
        yield piece.first_at + after, piece.first_at + later, state
