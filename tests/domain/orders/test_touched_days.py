"""Which span of time a change touches."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders import touched_days
from chalicelib.domain.orders.changes import What, changed_stage
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order
from tests.domain.builders import DAY, HOUR, MORNING, SECOND, a_session, an_order, finished, in_progress, paused


def touched(before: Order, after: Order, sessions: Sequence[Session]) -> Interval | None:
    """The span of the change that makes the last stage of an order what it is after."""
    return changed_stage(before, after.stages[-1], What.REPORTED, sessions).touched


def test_a_change_touches_its_sessions() -> None:
    order = an_order(in_progress())
    sessions = [a_session(MORNING, MORNING + HOUR), a_session(MORNING - HOUR, MORNING)]
    assert touched(order, order, sessions) == (MORNING - HOUR, MORNING + HOUR)
    assert touched(order, order, []) is None


def test_a_session_touches_the_end_of_the_one_before_it_because_its_pause_ends() -> None:
    worked = an_order(paused(started_at=MORNING - DAY, last_session_end=MORNING))
    later = a_session(MORNING + DAY, MORNING + DAY + HOUR)
    assert touched(worked, worked, [later]) == (MORNING, MORNING + DAY + HOUR)
    booked_late = a_session(MORNING - HOUR, MORNING - HOUR)
    assert touched(worked, worked, [booked_late]) == (MORNING - DAY, MORNING - HOUR)


def test_a_correction_touches_all_that_the_corrected_one_may_have_been() -> None:
    correction = replace(a_session(MORNING + HOUR, MORNING + 2 * HOUR), corrects="s")
    worked = an_order(paused(started_at=MORNING, last_session_end=MORNING + DAY))
    assert touched(worked, worked, [correction]) == (MORNING, MORNING + DAY)


def test_an_end_that_comes_goes_or_moves_touches_its_day() -> None:
    open_, ended = an_order(paused()), an_order(finished(ended_at=MORNING + DAY))
    assert touched(open_, ended, []) == touched(ended, open_, []) == (MORNING + DAY, MORNING + DAY)
    moved = an_order(finished(ended_at=MORNING + 2 * DAY))
    assert touched(ended, moved, []) == (MORNING + DAY, MORNING + 2 * DAY)


def test_a_stage_that_ended_and_did_not_change_is_not_touched() -> None:
    first = finished(ended_at=MORNING - DAY)
    before, after = (an_order(first, paused(position=2, id=SECOND, good=good)) for good in (1, 2))
    assert touched(before, after, []) is None


def test_another_name_touches_all_work_of_the_stage() -> None:
    stage = paused(started_at=MORNING, last_session_end=MORNING + DAY)
    before, after = an_order(stage), an_order(replace(stage, name="Paket"))
    assert touched(before, after, []) == (MORNING, MORNING + DAY)


def test_another_customer_touches_all_work_of_the_order() -> None:
    stages = paused(started_at=MORNING - HOUR), paused(position=2, id=SECOND, last_session_end=MORNING + DAY)
    before = an_order(*stages)
    assert touched_days.of_order(before, replace(before, customer="Vestel")) == (MORNING - HOUR, MORNING + DAY)
    assert touched_days.of_order(before, replace(before, note="soon")) is None


def test_a_stage_that_is_skipped_touches_the_work_of_the_stage_that_is_the_last_now() -> None:
    first, last = paused(started_at=MORNING - DAY), paused(position=2, id=SECOND, last_session_end=None)
    before = an_order(first, last)
    skipped = replace(last, status=StageStatus.SKIPPED, ended_at=MORNING + DAY, started_at=None)
    for was, now in ((last, skipped), (skipped, last)):
        was_order, now_order = replace(before, stages=(first, was)), replace(before, stages=(first, now))
        assert touched(was_order, now_order, []) == (MORNING - DAY, MORNING + DAY)
