"""Explained metrics: the listed inputs add up to the numbers, and say why they count in part or not at all."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.numbers import catalogue, catalogue_of_inputs
from chalicelib.domain.numbers.explained import Recorded, explained
from chalicelib.domain.numbers.inputs import Input, Kind, Use
from chalicelib.domain.orders.session_records import Quantities, Session, SessionKind, SessionReport, standing
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    SECOND,
    a_session,
    a_stage,
    an_order,
    at_work,
    finished,
    in_progress,
    paused,
)
from tests.domain.measuring import THREE_SESSIONS, order_measured

LATER = MORNING + HOUR


def told(order: Order, *sessions: Session, kind: Kind, reports: Sequence[SessionReport] = ()) -> list[Input]:
    """The inputs of a kind. Whatever they say is explained in the catalogue."""
    inputs = explained(order.stages, Recorded(order, sessions, reports), LATER, DEFAULT_SETTINGS)
    for each in inputs:
        assert each.kind in catalogue_of_inputs.KINDS
        assert {*filter(None, [each.why]), *each.left_out_of.values()} <= {
            *catalogue_of_inputs.REASONS,
            *catalogue.REASONS,
        }
        assert {*each.left_out_of} <= {*catalogue.BY_NAME}
        assert {*each.amounts, *each.times, *each.facts} <= {*catalogue_of_inputs.NAMES}
    return [each for each in inputs if each.kind is kind]


def a_report(session_id: str, good: int) -> SessionReport:
    return SessionReport("r", FIRST, session_id, MORNING, MORNING, Quantities(Decimal(good)), "veli")


def uses(inputs: list[Input]) -> list[tuple[Use, str | None]]:
    return [(each.use, each.why) for each in inputs]


def test_a_session_is_told_with_its_length_and_its_overlap() -> None:
    first, second, _ = told(an_order(paused(), a_stage(2)), *THREE_SESSIONS, kind=Kind.SESSION)
    assert (first.length, first.overlap) == (20 * MINUTE, timedelta(0))
    assert (second.length, second.overlap) == (20 * MINUTE, 10 * MINUTE)
    assert (second.use, second.why, second.stage_id) == (Use.USED, None, FIRST)


def test_only_the_sessions_of_the_stages_that_are_asked_for_are_told() -> None:
    order = an_order(paused(), a_stage(2))
    inputs = explained(order.stages[1:], Recorded(order, THREE_SESSIONS, ()), LATER, DEFAULT_SETTINGS)
    assert {each.stage_id for each in inputs if each.kind is Kind.SESSION} == {SECOND}


def test_what_was_corrected_or_voided_is_told_and_left_out() -> None:
    first = a_session(MORNING, MORNING + HOUR)
    wrong = a_session(MORNING, MORNING + HOUR)
    voided = replace(wrong, id="void", corrects=wrong.id, voided=True)
    right = replace(first, id="right", corrects=first.id, ended_at=MORNING + MINUTE)
    sessions = told(an_order(paused()), first, right, wrong, voided, kind=Kind.SESSION)
    assert {each.id: (each.use, each.why) for each in sessions} == {
        first.id: (Use.LEFT_OUT, "corrected"),
        "right": (Use.USED, None),
        wrong.id: (Use.LEFT_OUT, "corrected"),
        "void": (Use.LEFT_OUT, "voided"),
    }


def test_an_open_session_ends_now_and_has_the_pieces_of_its_reports() -> None:
    order = an_order(in_progress(at_work()))
    reports = [a_report("of-veli", 3), a_report("of-veli", 4)]
    (session,) = told(order, kind=Kind.SESSION, reports=reports)
    assert (session.use, session.why, session.length, session.good) == (Use.CLIPPED, "open", HOUR, Decimal(7))
    assert session.left_out_of == {"throughput": "open"}
    setup = an_order(in_progress(at_work(kind=SessionKind.SETUP)))
    (session,) = told(setup, kind=Kind.SESSION)
    assert session.left_out_of["projected_end"] == "makes_no_pieces"


def test_a_report_counts_as_its_session_does() -> None:
    session = a_session(MORNING, MORNING + HOUR)
    void = replace(session, id="void", corrects=session.id, voided=True)
    reports = [a_report(session.id, 3)]
    assert uses(told(an_order(paused()), session, kind=Kind.REPORT, reports=reports)) == [(Use.USED, None)]
    after = told(an_order(paused()), session, void, kind=Kind.REPORT, reports=reports)
    assert uses(after) == [(Use.LEFT_OUT, "corrected")]
    assert told(an_order(paused()), kind=Kind.REPORT, reports=reports) == [], "one of a stage that is not asked for"


def test_pieces_of_other_stages_than_the_last_are_left_out_of_throughput() -> None:
    order = an_order(paused(), a_stage(2))
    of_first, _, of_last = told(order, *THREE_SESSIONS, kind=Kind.SESSION)
    assert (of_first.left_out_of, of_last.left_out_of) == ({"throughput": "not_last_stage"}, {})


def test_a_stage_that_was_given_up_is_left_out_of_what_compares_it_with_its_plan() -> None:
    (stage,) = told(an_order(finished(status=StageStatus.SKIPPED)), kind=Kind.STAGE)
    assert (stage.use, stage.why, stage.length) == (Use.LEFT_OUT, "skipped", 2 * HOUR)
    assert {"delay": "skipped", "efficiency": "skipped", "effectiveness": "no_standard"}.items() <= (
        stage.left_out_of.items()
    )


def test_a_stage_that_is_not_done_is_left_out_of_the_numbers_of_done_ones() -> None:
    open_stage, done = told(an_order(paused(), finished(id=SECOND, position=2)), kind=Kind.STAGE)
    assert (open_stage.use, open_stage.left_out_of["efficiency"]) == (Use.USED, "not_done")
    assert "efficiency" not in done.left_out_of


def test_a_pause_is_told_with_its_reason_and_its_causes() -> None:
    first = replace(a_session(MORNING, MORNING + 10 * MINUTE), pause_reason="material")
    later = a_session(MORNING + 40 * MINUTE, LATER)
    blocks = ((MORNING - HOUR, MORNING + 20 * MINUTE),)
    order = an_order(finished(blocks=blocks), holds=((MORNING, MORNING + 30 * MINUTE),))
    (pause,) = told(order, first, later, kind=Kind.PAUSE)
    assert (pause.use, pause.length, pause.facts) == (Use.USED, 30 * MINUTE, {"pause_reason": "material"})
    assert pause.amounts == {"blocked_seconds": 600, "held_seconds": 600}
    assert uses(told(order, first, later, kind=Kind.BLOCK)) == [(Use.CLIPPED, "outside_of_its_time")]
    (hold,) = told(order, first, later, kind=Kind.HOLD)
    assert (hold.use, hold.length) == (Use.USED, 30 * MINUTE)


def test_a_block_before_the_start_is_left_out() -> None:
    order = an_order(finished(blocks=((MORNING - HOUR, MORNING),)), holds=())
    assert uses(told(order, kind=Kind.BLOCK)) == [(Use.LEFT_OUT, "outside_of_its_time")]


def test_pauses_do_not_count_before_a_stage_is_done() -> None:
    session = a_session(MORNING, MORNING + 10 * MINUTE)
    assert uses(told(an_order(paused()), session, kind=Kind.PAUSE)) == [(Use.LEFT_OUT, "not_done")]
    skipped = an_order(finished(status=StageStatus.SKIPPED))
    assert uses(told(skipped, session, kind=Kind.PAUSE)) == [(Use.LEFT_OUT, "skipped")]
    assert told(an_order(a_stage()), kind=Kind.PAUSE) == []


def test_what_an_earlier_release_did_not_record_is_said() -> None:
    order = an_order(finished())
    assert uses(told(order, kind=Kind.BLOCK)) == uses(told(order, kind=Kind.HOLD)) == [(Use.LEFT_OUT, "not_recorded")]


def test_a_standard_and_the_grace_are_inputs() -> None:
    (stage,) = told(an_order(paused(standard_seconds_per_unit=Decimal(7))), kind=Kind.STAGE)
    assert stage.amounts["standard_seconds_per_unit"] == 7
    assert "effectiveness" not in stage.left_out_of
    (setting,) = told(an_order(), kind=Kind.SETTING)
    assert (setting.id, setting.amounts) == ("grace", {"seconds": Decimal(0)})


@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 999)).map(sorted), max_size=8), st.randoms())
def test_lengths_add_up_to_labour_and_less_the_overlaps_to_run_time_in_any_order(pairs: Any, shuffle: Any) -> None:
    sessions = [a_session(MORNING + start * MINUTE, MORNING + end * MINUTE) for start, end in pairs]
    order = an_order(paused())
    measured = order_measured(order, *standing(sessions)).metrics
    shuffled = shuffle.sample(sessions, len(sessions))
    inputs = told(order, *shuffled, kind=Kind.SESSION)
    assert inputs == told(order, *sessions, kind=Kind.SESSION)
    labour = sum((each.length for each in inputs), timedelta(0))
    run = sum((each.length - each.overlap for each in inputs), timedelta(0))
    assert [labour / MINUTE, run / MINUTE] == [measured["labour"].value, measured["actual_duration"].value]
    assert all(timedelta(0) <= each.overlap <= each.length for each in inputs)
