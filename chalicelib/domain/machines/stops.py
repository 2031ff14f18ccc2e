"""Stops of machines: derived from their states, and explained by intervals that are laid over them.

A stop is a time in which the state was `idle` or `unplanned_stop` without a break. It is derived whenever it is read,
so late readings may move its ends. An explanation names a machine and a time, not a stop, and never changes. Where two
overlap, the later one holds. So a stop is split by explaining a part of it, and stops are merged by explaining the time
of both.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise

from chalicelib.domain.errors import FieldError, refuse, unlisted
from chalicelib.domain.instants import CLOCK_GRACE
from chalicelib.domain.intervals import merged
from chalicelib.domain.machines.joined import MICROSECOND, held
from chalicelib.domain.machines.readings import microseconds, moment
from chalicelib.domain.machines.rollups import STOPPED, Rollup, States, Stretch
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings

LONGEST_EXPLANATION = timedelta(days=7)


@dataclass(frozen=True)
class ExplainStop:
    """The reason of the time in which a machine was stopped. A reason of None takes back what was explained."""

    started_at: datetime
    ended_at: datetime
    reason: str | None
    note: str | None = None


@dataclass(frozen=True)
class Explanation:
    """Why a machine was stopped in a time, who said so, and when."""

    id: str
    machine_id: str
    started_at: datetime
    ended_at: datetime
    reason: str | None
    note: str | None
    explained_at: datetime
    explained_by: str

    @property
    def stretch(self) -> Stretch:
        """Its time in microseconds since 1970."""
        return microseconds(self.started_at), microseconds(self.ended_at)

    @property
    def age(self) -> tuple[datetime, str]:
        """The sort key of explanations: the later one holds."""
        return self.explained_at, self.id


@dataclass(frozen=True)
class StopPart:
    """A stop, or the part of a stop that has one explanation or none.

    `ended_at` is None if it goes on at the end of what was read; `seconds` are those up to there.
    """

    machine_id: str
    started_at: datetime
    ended_at: datetime | None
    seconds: float
    explanation: Explanation | None

    @property
    def place(self) -> str:
        """Where it stands in a list by time."""
        return f"{microseconds(self.started_at):020d}/{self.machine_id}"


def explained(
    wanted: ExplainStop, machine_id: str, identity: str, user_id: str, now: datetime, settings: TenantSettings
) -> Explanation:
    """The explanation of a machine's stop. Raises InvalidFields."""
    refuse([*_wrong_times(wanted, now), *unlisted("reason", wanted.reason, settings.stop_reasons)])
    times = wanted.started_at, wanted.ended_at
    return Explanation(identity, machine_id, *times, wanted.reason, wanted.note, now, user_id)


def _wrong_times(wanted: ExplainStop, now: datetime) -> Iterator[FieldError]:
    if wanted.ended_at <= wanted.started_at:
        yield FieldError("ended_at", say("must be after started_at"), "after_start")
    if wanted.ended_at - wanted.started_at > LONGEST_EXPLANATION:
        form = "must be at most {days} days after started_at; explain one part after the other"
        message = say(form, days=LONGEST_EXPLANATION.days)
        yield FieldError("ended_at", message, "too_long")
    if wanted.ended_at > now + CLOCK_GRACE:
        yield FieldError("ended_at", say("must not be in the future; check the device's clock"), "in_future")


def stopped(pieces: Iterable[Rollup], end: datetime, max_carry: timedelta) -> list[Stretch]:
    """The times up to `end` in which the machine was stopped, in order, from the pieces of one state.

    Some that are shorter than a minute are left out.
    """
    in_order = sorted((piece for piece in pieces if piece.states), key=lambda piece: piece.first_at)
    stretches: list[Stretch] = []
    for piece, states, holds_until in held(in_order, microseconds(end), max_carry // MICROSECOND):
        stretches += _inside(piece, states)
        if states.last in STOPPED:
            stretches.append((piece.last_at, holds_until))
    return merged(stretches)


def _inside(piece: Rollup, states: States) -> Sequence[Stretch]:
    """The stretches between the first and the last reading of a piece. One of an earlier release may not know them."""
    if states.stopped is not None:
        return states.stopped
    return [(piece.first_at, piece.last_at)] if {states.first, *states.seconds} <= STOPPED else []


def parts(
    machine_id: str, stops: Iterable[Stretch], explanations: Iterable[Explanation], end: datetime, least: timedelta
) -> Iterator[StopPart]:
    """The explained and the unexplained parts of the stops of a machine that are as long as `least`, in order.

    An unexplained part that is shorter is left out: late readings moved an end of the stop, or somebody was inexact.
    """
    known, shortest = sorted(explanations, key=lambda each: each.age), least // MICROSECOND
    for begin, stop in stops:
        if stop - begin < shortest:
            continue
        for start, until, explanation in _explained(begin, stop, known):
            if explanation is None and until - start < shortest:
                continue
            ended_at = None if until >= microseconds(end) else moment(until)
            yield StopPart(machine_id, moment(start), ended_at, (until - start) / 1_000_000, explanation)


def _explained(begin: int, stop: int, known: Sequence[Explanation]) -> Iterator[tuple[int, int, Explanation | None]]:
    """A stop cut where its explanation changes. `known` is in order of age."""
    over = [each for each in known if each.stretch[0] < stop and each.stretch[1] > begin]
    cuts = sorted({begin, stop, *(cut for each in over for cut in each.stretch if begin < cut < stop)})
    cells = [(start, until, _holds(start, over)) for start, until in pairwise(cuts)]
    for explanation, group in groupby(cells, lambda cell: cell[2]):
        together = list(group)
        yield together[0][0], together[-1][1], explanation


def _holds(at: int, over: Sequence[Explanation]) -> Explanation | None:
    """The explanation that holds at an instant; None if there is none, or if it was taken back."""
    last = next((each for each in reversed(over) if each.stretch[0] <= at < each.stretch[1]), None)
    return last if last and last.reason else None
