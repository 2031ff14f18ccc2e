"""Explained metrics: the listed inputs add up to the numbers."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.numbers.explained import MOST_INPUTS, Explanation, Input, explained
from chalicelib.domain.orders.session_records import standing
from chalicelib.domain.orders.statuses import StageStatus
from tests.domain.builders import (
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    a_session,
    an_order,
    at_work,
    finished,
    in_progress,
    paused,
)
from tests.domain.measuring import THREE_SESSIONS, order_measured


def sessions_of(explanation: Explanation) -> list[Input]:
    return [each for each in explanation.inputs if each.kind == "session"]


def test_a_session_is_told_with_its_length_and_its_overlap() -> None:
    first, second = sessions_of(explained([paused()], THREE_SESSIONS, MORNING + HOUR))
    assert (first.length, first.overlap) == (20 * MINUTE, timedelta(0))
    assert (second.length, second.overlap) == (20 * MINUTE, 10 * MINUTE)
    assert (second.used, second.why, second.stage_id) == (True, None, FIRST)


def test_what_was_corrected_or_voided_is_told_and_left_out() -> None:
    first = a_session(MORNING, MORNING + HOUR)
    wrong = a_session(MORNING, MORNING + HOUR)
    voided = replace(wrong, id="void", corrects=wrong.id, voided=True)
    right = replace(first, id="right", corrects=first.id, ended_at=MORNING + MINUTE)
    told = {
        each.id: (each.used, each.why)
        for each in sessions_of(explained([paused()], [first, right, wrong, voided], MORNING))
    }
    assert told == {
        first.id: (False, "corrected"),
        "right": (True, None),
        wrong.id: (False, "corrected"),
        "void": (False, "voided"),
    }


def test_an_open_session_ends_now() -> None:
    (session,) = sessions_of(explained([in_progress(at_work())], [], MORNING + HOUR))
    assert (session.used, session.why, session.length) == (True, "open", HOUR)


def test_a_stage_that_was_given_up_is_left_out() -> None:
    skipped = finished(status=StageStatus.SKIPPED)
    (stage,) = explained([skipped], [], MORNING).inputs
    assert (stage.kind, stage.used, stage.why, stage.length) == ("stage", False, "skipped", 2 * HOUR)


def test_a_long_list_has_an_end_and_says_so() -> None:
    many = [a_session(MORNING, MORNING + MINUTE) for _ in range(MOST_INPUTS)]
    explanation = explained([paused()], many, MORNING)
    assert (len(explanation.inputs), explanation.more) == (MOST_INPUTS, True)
    assert not explained([paused()], many[1:], MORNING).more


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)).map(sorted), max_size=8), st.randoms())
def test_lengths_add_up_to_labour_and_less_the_overlaps_to_run_time_in_any_order(pairs: Any, shuffle: Any) -> None:
    sessions = [a_session(MORNING + start * MINUTE, MORNING + end * MINUTE) for start, end in pairs]
    order = an_order(paused())
    measured = order_measured(order, *standing(sessions)).metrics
    shuffled = shuffle.sample(sessions, len(sessions))
    explanation = explained(order.stages, shuffled, MORNING)
    assert explanation == explained(order.stages, sessions, MORNING)
    used = [each for each in sessions_of(explanation) if each.used]
    labour = sum((each.length for each in used), timedelta(0))
    run = sum((each.length - each.overlap for each in used), timedelta(0))
    assert [labour / MINUTE, run / MINUTE] == [measured["labour"].value, measured["actual_duration"].value]
    assert all(timedelta(0) <= each.overlap <= each.length for each in used)
