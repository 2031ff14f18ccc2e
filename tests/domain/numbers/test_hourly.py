"""Good pieces against expected ones by the hour."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers.day_facts import SessionFact
from chalicelib.domain.numbers.hourly import (
    HourRow,
    Looked,
    Times,
    WorkedStage,
    hours_of,
    rows_of,
    stages_at,
    worked_on,
)
from chalicelib.domain.numbers.metrics import Value
from chalicelib.domain.orders.session_records import OpenSession, Quantities, Session, SessionKind, SessionReport
from chalicelib.domain.orders.statuses import StageStatus
from tests.domain.builders import HOUR, MINUTE, MORNING, a_session, a_stage

END = MORNING + 4 * HOUR
WINDOW = MORNING, END
SHIFT = [(MORNING, MORNING + 90 * MINUTE), (MORNING + 2 * HOUR, END)]


def stage(stage_id: str = "A", standard: str | None = "60", **fields: Any) -> Any:
    seconds = None if standard is None else Decimal(standard)
    return a_stage(id=stage_id, standard_seconds_per_unit=seconds, **fields)


def between(start: datetime, end: datetime, good: int, machine_id: str = "M1", **fields: Any) -> Session:
    return replace(a_session(start, end, made=Quantities(Decimal(good)), **fields), machine_id=machine_id)


def session(begin: int, end: int, good: int = 0, machine_id: str = "M1", **fields: Any) -> Session:
    """A session from one minute of the morning to another."""
    return between(MORNING + begin * MINUTE, MORNING + end * MINUTE, good, machine_id, **fields)


def looked(*stages: WorkedStage, busy: Sequence[Interval] | None = SHIFT, machine_id: str | None = "M1") -> Looked:
    return Looked(stages, machine_id, busy, None, HOUR)


def rows(*stages: WorkedStage, **fields: Any) -> list[HourRow]:
    return rows_of(looked(*stages, **fields), WINDOW)[0]


def values(found: Sequence[HourRow], name: str = "expected") -> list[Value | str]:
    return [row.metrics[name].reason or row.metrics[name].value for row in found]


def test_expected_is_planned_busy_time_through_the_standard_also_while_nobody_works() -> None:
    found = rows(WorkedStage(stage(), [session(0, 20, 15), session(130, 240, 100)], []))
    assert values(found) == [60, 30, 60, 60]
    assert [row.made.good for row in found] == [15, 0, 0, 0]
    assert [row.busy for row in found] == [HOUR, HOUR / 2, HOUR, HOUR]
    assert values(found, "attainment") == [25, 0, 0, 0]
    first = found[0].metrics["expected"]
    assert [first.numerator, first.denominator] == [3600, 60]


def test_what_ends_with_the_window_counts_after_it() -> None:
    _, total = rows_of(looked(WorkedStage(stage(), [session(0, 240, 100)], [])), WINDOW)
    assert [total.window, total.made.good, total.metrics["expected"].value] == [WINDOW, 0, 210]


def test_a_report_counts_when_it_was_made_and_the_rest_when_its_session_ended() -> None:
    def report(session_id: str, at: int, good: int) -> SessionReport:
        when = MORNING + at * MINUTE
        return SessionReport(f"r{at}", "A", session_id, MORNING, when, Quantities(Decimal(good)), "veli")

    still = OpenSession("open", "oya", MORNING + 2 * HOUR, machine_id="M1")
    elsewhere = session(0, 60, 99, "M2", name="m2")
    worked = WorkedStage(
        stage(open_sessions=(still,)),
        [session(0, 70, 3, name="s1"), elsewhere],
        [report("s1", 10, 20), report("m2", 11, 50), report("corrected", 12, 70), report("open", 130, 7)],
    )
    assert [row.made.good for row in rows(worked)] == [20, 3, 7, 0]
    everywhere = rows(worked, machine_id=None)
    assert [row.made.good for row in everywhere] == [70, 102, 7, 0]


@pytest.mark.parametrize(
    ("worked", "busy", "reasons"),
    [
        (WorkedStage(stage(), [session(0, 60)], []), None, ["no_calendar"] * 4),
        (WorkedStage(stage(standard=None), [session(0, 60)], []), SHIFT, ["no_standard"] * 4),
        (WorkedStage(stage(), [], []), SHIFT, ["no_run"] * 4),
        (WorkedStage(stage(), [session(0, 60)], []), [], [0] * 4),
        (
            WorkedStage(stage(status=StageStatus.DONE), [session(0, 60)], []),
            SHIFT,
            [60, "no_run", "no_run", "no_run"],
        ),
    ],
)
def test_where_nothing_can_be_expected_the_reason_is_told(
    worked: WorkedStage, busy: list[Interval] | None, reasons: list[Any]
) -> None:
    found = rows(worked, busy=busy)
    assert values(found) == reasons
    attained = [each if isinstance(each, str) else None if each else "no_plan" for each in reasons]
    assert [row.metrics["attainment"].reason for row in found] == attained


def minutes(times: Times) -> dict[str, list[tuple[int, ...]]]:
    return {each: [tuple((at - MORNING) // MINUTE for at in span) for span in spans] for each, spans in times.items()}


def test_a_pause_belongs_to_the_stage_that_was_worked_on_last() -> None:
    first = WorkedStage(stage("A"), [session(0, 30), session(60, 90), session(180, 200)], [])
    second = WorkedStage(stage("B", "30"), [session(120, 150, stage="B")], [])
    assert minutes(worked_on([first, second], "M1", END)) == {"A": [(0, 120), (180, 240)], "B": [(120, 180)]}
    found = rows(first, second)
    assert [row.stage_ids for row in found] == [("A",), ("A",), ("B",), ("A",)]
    assert values(found) == [60, 30, 120, 60]


def test_a_pause_of_several_or_of_an_ended_stage_belongs_to_who_goes_on() -> None:
    done = WorkedStage(stage("A", status=StageStatus.DONE), [session(0, 30), session(60, 90)], [])
    other = WorkedStage(stage("B"), [session(10, 30, stage="B")], [])
    assert minutes(worked_on([done, other], "M1", END)) == {"A": [(0, 90)], "B": [(10, 60)]}


def test_a_pause_counts_for_24_hours() -> None:
    worked = [WorkedStage(stage(), [session(0, 60), session(3000, 3060)], [])]
    assert minutes(worked_on(worked, "M1", MORNING + 4000 * MINUTE)) == {"A": [(0, 1500), (3000, 4000)]}


def fact(begin: int, end: int, stage_id: str | None = "A", machine_id: str = "M1") -> SessionFact:
    begin_at, end_at = MORNING + begin * MINUTE, MORNING + end * MINUTE
    return SessionFact(begin_at, end_at, SessionKind.RUN, machine_id=machine_id, stage_id=stage_id)


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ([fact(0, 0), fact(239, 300, "B"), fact(240, 300, "C")], {"A", "B"}),
        ([fact(-90, -60), fact(-60, -30, "B"), fact(-99, -70, "C")], {"B"}),
        ([fact(-90, -30), fact(-60, -30, "B"), fact(-10, -10, "C")], {"A", "B"}),
        ([fact(-1500, -1440)], {"A"}),
        ([fact(-1500, -1441)], set()),
        ([fact(0, 60, machine_id="M2"), fact(0, 60, None)], set()),
    ],
)
def test_the_stages_of_a_window_are_those_worked_on_in_it_and_the_last_before_it(
    facts: list[SessionFact], found: set[str]
) -> None:
    assert stages_at(facts, "M1", WINDOW) == found


def test_stages_at_once_share_the_time_and_their_mean_standard_is_shown() -> None:
    both = [
        WorkedStage(stage(each, standard), [session(0, 60, stage=each)], [])
        for each, standard in (("A", "60"), ("B", "20"))
    ]
    expected = rows(*both)[0].metrics["expected"]
    assert [expected.value, expected.numerator, expected.denominator] == [120, 3600, 30]


def test_hours_are_those_of_utc_and_an_end_may_cut_one() -> None:
    window = MORNING + 30 * MINUTE, MORNING + 100 * MINUTE
    assert list(hours_of(window)) == [(window[0], MORNING + HOUR), (MORNING + HOUR, window[1])]
    assert list(hours_of((MORNING, MORNING))) == []


INSTANTS = st.integers(0, 240).map(lambda n: MORNING + n * MINUTE)
SPANS = st.lists(st.tuples(INSTANTS, INSTANTS).map(lambda pair: (min(pair), max(pair))), max_size=4)


def exact(row: HourRow) -> Fraction:
    """The expected pieces before they were rounded, nearly; none where nothing can be expected."""
    expected = row.metrics["expected"]
    return Fraction(expected.numerator or 0) / Fraction(expected.denominator or 1)


@given(spans=st.lists(SPANS, min_size=1, max_size=3), standards=st.lists(st.integers(1, 90), min_size=3, max_size=3))
def test_the_hours_add_up_to_the_whole(spans: list[list[Interval]], standards: list[int]) -> None:
    worked = [
        WorkedStage(
            stage(name, str(standards[n])),
            [between(*span, 1, stage=name) for span in own],
            [],
        )
        for n, (name, own) in enumerate(zip("ABC", spans, strict=False))
    ]
    hours, total = rows_of(looked(*worked), WINDOW)
    assert sum(row.made.good for row in hours) == total.made.good
    assert sum((row.busy or timedelta(0) for row in hours), timedelta(0)) == total.busy

    assert abs(sum(map(exact, hours)) - exact(total)) < Fraction(1, 10**9)


@given(at=INSTANTS)
def test_a_window_cut_anywhere_has_the_same_pieces(at: datetime) -> None:
    worked = looked(WorkedStage(stage(), [session(0, 100, 7), session(110, 239, 9)], []))
    cut = [rows_of(worked, window)[1].made.good for window in ((MORNING, at), (at, END))]
    assert sum(cut) == rows_of(worked, WINDOW)[1].made.good


# Longer than a pause counts, so that windows lie behind one too.
FAR = st.integers(0, 50).map(lambda n: MORNING + n * HOUR)
WORK = st.lists(st.tuples(FAR, st.integers(0, 4)), max_size=4)


@given(
    work=st.lists(WORK, min_size=1, max_size=3),
    done=st.lists(st.booleans(), min_size=3, max_size=3),
    cuts=st.lists(FAR, min_size=3, max_size=3, unique=True).map(sorted),
)
def test_the_parts_of_a_window_cut_anywhere_expect_what_the_whole_expects(
    work: list[list[tuple[datetime, int]]], done: list[bool], cuts: list[datetime]
) -> None:
    worked = [
        WorkedStage(
            stage(name, str(10 * n + 10), **({"status": StageStatus.DONE} if done[n] else {})),
            [between(at, at + hours * HOUR, 1, stage=name) for at, hours in own],
            [],
        )
        for n, (name, own) in enumerate(zip("ABC", work, strict=False))
    ]
    facts = [
        SessionFact(each.started_at, each.ended_at, each.kind, machine_id="M1", stage_id=each.stage_id)
        for one in worked
        for each in one.sessions
    ]

    def expected(window: Interval) -> Fraction:
        found = stages_at(facts, "M1", window)
        there = [one for one in worked if one.stage.id in found]
        hours, _ = rows_of(looked(*there, busy=[(MORNING, MORNING + 99 * HOUR)]), window)
        return sum(map(exact, hours), Fraction(0))

    first, middle, last = cuts
    parts = expected((first, middle)) + expected((middle, last))
    assert abs(parts - expected((first, last))) < Fraction(1, 10**6)
