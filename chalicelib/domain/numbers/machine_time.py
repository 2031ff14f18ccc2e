"""Machine time: how long a machine was in each state inside and outside of what was planned for it.

Times are in microseconds, as device time is: so windows side by side add up to the whole.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import islice, pairwise, takewhile

from chalicelib.domain.intervals import Interval
from chalicelib.domain.machines.readings import microseconds
from chalicelib.domain.machines.timelines import InState
from chalicelib.domain.orders.session_records import SessionKind

Worked = tuple[Interval, SessionKind]
"""The time of a session, and its kind."""

_BY_KIND = {
    SessionKind.BREAKDOWN: "unplanned_stop",
    SessionKind.SETUP: "setup",
    SessionKind.RUN: "producing",
    SessionKind.REWORK: "producing",
}
"""The state of a machine in a session. Where sessions overlap, the first of these kinds counts."""


@dataclass(frozen=True, slots=True)
class MachineTime:
    """The time of a machine in a window, or of many together, in microseconds.

    `planned` is the time of the shifts without their breaks. The states and `unknown` are its parts. `unplanned` is
    producing time outside of it.
    """

    planned: int = 0
    producing: int = 0
    setup: int = 0
    idle: int = 0
    unplanned_stop: int = 0
    planned_stop: int = 0
    off: int = 0
    unknown: int = 0
    unplanned: int = 0

    @property
    def busy(self) -> int:
        """The planned busy time: what was planned without planned stops and without the time in which it was off."""
        return self.planned - self.planned_stop - self.off

    def __add__(self, other: "MachineTime") -> "MachineTime":
        """Both together."""
        return MachineTime(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(MachineTime)))


def time_in(states: Sequence[InState], planned: Sequence[Interval], window: Interval) -> MachineTime:
    """The time of a machine in a window, from its states, which are in order and do not overlap.

    `planned` are the shifts without breaks, as intervals in the window that do not touch each other.
    """
    spent: dict[str, int] = {}
    for span in planned:
        for state, each in within(states, span):
            spent[state] = spent.get(state, 0) + each
    whole = sum(microseconds(end) - microseconds(start) for start, end in planned)
    producing = sum(each for state, each in within(states, window) if state == "producing")
    return MachineTime(
        planned=whole,
        unknown=whole - sum(spent.values()),
        unplanned=producing - spent.get("producing", 0),
        **spent,
    )


def within(states: Sequence[InState], span: Interval) -> list[tuple[str, int]]:
    """The states in a time, in order, and how long each lasts there."""
    begin, end = microseconds(span[0]), microseconds(span[1])
    first = bisect_right(states, begin, key=lambda each: each[1])
    inside = takewhile(lambda each: each[0] < end, islice(states, first, None))
    parts = ((state, min(until, end) - max(start, begin)) for start, until, state in inside)
    return [(state, spent) for state, spent in parts if spent > 0]


def states_of_sessions(worked: Sequence[Worked], within: Interval) -> list[InState]:
    """The states of a machine as its sessions tell them, in order, without overlaps. Where there is none it was idle.

    A breakdown counts before setup, and setup before production.
    """
    begin, end = microseconds(within[0]), microseconds(within[1])
    changes: dict[int, list[tuple[SessionKind, int]]] = {begin: [], end: []}
    for (started_at, ended_at), kind in worked:
        start, until = max(microseconds(started_at), begin), min(microseconds(ended_at), end)
        if start < until:
            changes.setdefault(start, []).append((kind, 1))
            changes.setdefault(until, []).append((kind, -1))
    going_on = dict.fromkeys(_BY_KIND, 0)
    states = []
    for at, later in pairwise(sorted(changes)):
        for kind, more in changes[at]:
            going_on[kind] += more
        states.append((at, later, next((_BY_KIND[kind] for kind, count in going_on.items() if count), "idle")))
    return states
