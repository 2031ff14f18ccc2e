"""An order as it happened: starts and pauses by time, overlapping sessions booked, nothing lost or sent twice."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.replay.bodies import booking_body, told_body
from infra.replay.live import live_steps
from infra.replay.plan import Booking, Order, Stage
from infra.replay.steps import Done, Step, Told

EIGHT = datetime(2012, 1, 2, 8, tzinfo=UTC)


def at(hours: int) -> datetime:
    return EIGHT + timedelta(hours=hours)


def worked(start: int, end: int, stage: int = 0, worker: str = "ID1", good: int = 0, key: str = "") -> Booking:
    return Booking(stage, worker, "press", "run", at(start), at(end), good, scrap=0, rework=0, key=key)


def order_of(bookings: Iterable[Booking]) -> Order:
    """An order with those sessions; each stage is done with the last of its own."""
    booked = tuple(bookings)
    ends = [max((b.ended_at for b in booked if b.stage == n), default=EIGHT) for n in (0, 1)]
    stages = tuple(Stage(name, EIGHT, at(9), done_at) for name, done_at in zip(("Cut", "Mill"), ends, strict=True))
    return Order("o-1", "1", "Ring", 5, EIGHT, at(9), stages, booked)


def shown(*bookings: Booking) -> list[str]:
    """Tell the first stage's steps in words, its end left out."""
    told = [step for step in live_steps(order_of(bookings)) if not isinstance(step, Done)]
    return [f"{step.command} {step.session.key}" if isinstance(step, Told) else f"book {step.key}" for step in told]


def overlap(one: Booking, other: Booking) -> bool:
    return one.started_at < other.ended_at and other.started_at < one.ended_at


def commands(steps: Iterable[Step], command: str) -> Counter[Booking]:
    return Counter(step.session for step in steps if isinstance(step, Told) and step.command == command)


# ------------------------------------------------------------------------------------------------------------- examples


def test_a_session_is_started_reported_on_and_paused() -> None:
    assert shown(worked(0, 1, good=3, key="a")) == ["start a", "report a", "pause a"]


def test_nothing_is_reported_where_nothing_was_made() -> None:
    assert shown(worked(0, 1, key="a")) == ["start a", "pause a"]


def test_sessions_of_one_worker_that_overlap_on_a_stage_are_booked() -> None:
    assert shown(worked(0, 2, key="a"), worked(1, 3, key="b")) == ["book a", "book b"]


def test_what_overlaps_through_a_third_is_one_bunch() -> None:
    assert shown(worked(0, 4, key="a"), worked(1, 2, key="b"), worked(3, 5, key="c")) == ["book b", "book a", "book c"]


def test_sessions_that_only_touch_are_told_one_after_the_other() -> None:
    assert shown(worked(1, 2, key="b"), worked(0, 1, key="a")) == ["start a", "pause a", "start b", "pause b"]


def test_a_session_of_no_length_is_told_between_those_that_it_touches() -> None:
    told = shown(worked(0, 1, key="a"), worked(1, 2, key="c"), worked(1, 1, key="b"))
    assert told == ["start a", "pause a", "start b", "pause b", "start c", "pause c"]


@pytest.mark.parametrize("elsewhere", [{"worker": "ID2"}, {"stage": 1}], ids=["by another worker", "on another stage"])
def test_sessions_that_overlap_elsewhere_are_told_as_they_interleave(elsewhere: dict[str, str | int]) -> None:
    told = shown(worked(0, 3, key="a"), worked(1, 2, key="b", **elsewhere))  # type: ignore[arg-type]
    assert told == ["start a", "start b", "pause b", "pause a"]


def test_the_bodies_of_a_session_say_all_that_its_booking_says() -> None:
    session = Booking(0, "ID1", "press", "setup", at(0), at(1), good=3, scrap=2, rework=1, key="a")
    start, report, pause = (told_body(Told(command, session), "u1") for command in ("start", "report", "pause"))
    assert start == {"worker_id": "u1", "at": "2012-01-02T08:00:00Z", "machine_id": "press", "kind": "setup"}
    assert pause == {"worker_id": "u1", "at": "2012-01-02T09:00:00Z"}
    made = {"good": 3, "scrap": 2, "rework": 1, "reason": "Replayed from a log kept elsewhere"}
    assert report == pause | made
    times = {"started_at": start.pop("at"), "ended_at": pause.pop("at")}
    assert booking_body(session, "u1") == start | pause | made | times


# ----------------------------------------------------------------------------------------------------------------- laws

hours = st.integers(0, 8)
pieces = st.integers(0, 2)


@st.composite
def logs(draw: st.DrawFn) -> Order:
    """An order whose sessions are short of stages, workers and hours: they overlap, touch and have no length."""

    def session(key: int) -> Booking:
        start, end = sorted((draw(hours), draw(hours)))
        session = worked(start, end, draw(st.integers(0, 1)), draw(st.sampled_from(["ID1", "ID2"])), key=str(key))
        return replace(session, good=draw(pieces), scrap=draw(pieces), rework=draw(pieces))

    return order_of(session(key) for key in range(draw(hours)))


@given(logs())
def test_every_session_is_told_or_booked_once_with_all_that_was_made(order: Order) -> None:
    steps = live_steps(order)
    started, booked = commands(steps, "start"), Counter(step for step in steps if isinstance(step, Booking))
    assert started + booked == Counter(order.bookings)
    assert commands(steps, "pause") == started
    made: tuple[Callable[[Booking], int], ...] = (lambda b: b.good, lambda b: b.scrap, lambda b: b.rework)
    for quantity in made:
        sent = (commands(steps, "report") + booked).elements()
        assert sum(map(quantity, sent)) == sum(map(quantity, order.bookings))


@given(logs())
def test_what_overlaps_another_of_its_worker_on_its_stage_is_booked_and_all_else_told(order: Order) -> None:
    started = commands(live_steps(order), "start")
    for session in order.bookings:
        others = [b for b in order.bookings if (b.stage, b.worker) == (session.stage, session.worker) and b != session]
        assert (session in started) is not any(overlap(session, other) for other in others)


@given(logs())
def test_a_worker_has_one_session_open_on_a_stage_and_none_once_it_is_done(order: Order) -> None:
    at_work: dict[tuple[int, str], Booking] = {}
    done: set[int] = set()
    for step in live_steps(order):
        assert step.stage not in done
        if isinstance(step, Done):
            assert all(stage != step.stage for stage, _ in at_work)
            done.add(step.stage)
        elif isinstance(step, Told):
            place = (step.stage, step.session.worker)
            if step.command == "start":
                assert place not in at_work
                at_work[place] = step.session
            assert at_work[place] == step.session
            if step.command == "pause":
                del at_work[place]
    assert done == {0, 1}


@given(logs())
def test_what_happened_later_is_never_told_earlier(order: Order) -> None:
    instants = [happened_at(step, order) for step in live_steps(order)]
    assert all(earlier <= later for earlier, later in pairwise(instants))


def happened_at(step: Step, order: Order) -> datetime:
    if isinstance(step, Done):
        return order.stages[step.stage].done_at
    if isinstance(step, Booking):
        return step.ended_at
    return step.session.started_at if step.command == "start" else step.session.ended_at
