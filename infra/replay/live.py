"""The steps of an order as they happened: starts, reports and pauses, by time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter, itemgetter

from infra.replay.plan import Booking, Order
from infra.replay.steps import Done, Step, Told

Timed = tuple[datetime, Step]

by_stage_and_worker = attrgetter("stage", "worker")
by_time = attrgetter("started_at", "ended_at")


def live_steps(order: Order) -> list[Step]:
    """The steps of an order, by time.

    A worker has at most one open session on a stage. Sessions that overlap there are booked when they are over.
    """
    timed = [step for bunch in bunches(order.bookings) for step in _timed(bunch)]
    timed += [(stage.done_at, Done(index)) for index, stage in enumerate(order.stages)]
    # Steps of one instant stay in order: a session ends before the next begins, and a stage is done last.
    return [step for _, step in sorted(timed, key=itemgetter(0))]


def bunches(bookings: Sequence[Booking]) -> Iterator[list[Booking]]:
    """Groups of overlapping sessions of one worker on one stage. Sessions that only touch do not overlap."""
    in_turn = sorted(sorted(bookings, key=by_time), key=by_stage_and_worker)
    for _, sessions in groupby(in_turn, key=by_stage_and_worker):
        bunch: list[Booking] = []
        for session in sessions:
            if bunch and session.started_at >= max(other.ended_at for other in bunch):
                yield bunch
                bunch = []
            bunch.append(session)
        yield bunch


def _timed(bunch: list[Booking]) -> Iterator[Timed]:
    if len(bunch) > 1:
        yield from ((session.ended_at, session) for session in bunch)
        return
    session = bunch[0]
    yield session.started_at, Told("start", session)
    if session.good or session.scrap or session.rework:
        yield session.ended_at, Told("report", session)
    yield session.ended_at, Told("pause", session)
