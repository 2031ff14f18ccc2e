"""What the facts of an order name beside its times: groups, pauses, scrap, standards, and the last stage."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.intervals import union
from chalicelib.domain.numbers import order_facts
from chalicelib.domain.numbers.day_facts import FactKey, SessionFact, StageFact, line_of
from chalicelib.domain.numbers.day_sums import DaySums, summed
from chalicelib.domain.numbers.dimensions import Dimension, Group
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.numbers.pareto import of_pauses, rows_of
from chalicelib.domain.orders.session_records import Quantities, Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order, settled
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import FIRST, HOUR, MINUTE, MORNING, SECOND, a_session, an_order, clock, finished, paused

MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
MIDNIGHT = clock(21)  # in Istanbul
A_MINUTE = 60_000
ONE, TWO = Decimal(1), Decimal(2)


def on(day: date, order: Order, *sessions: Session) -> DaySums:
    facts = facts_of(settled(order), sessions, DEFAULT_SETTINGS)
    return summed(fact for key, fact in facts.items() if key.day == day)


def at(session: Session, machine_id: str, worker_id: str = "veli") -> Session:
    return replace(session, machine_id=machine_id, worker_id=worker_id)


def test_a_stage_names_everybody_and_every_machine_and_line_of_its_sessions() -> None:
    first = at(a_session(MORNING, MORNING + HOUR, name="s1"), "M1")
    second = at(a_session(MORNING, MORNING + HOUR, name="s2"), "M2", "oya")
    order = settled(an_order(finished(name="Pres"), customer="Arçelik"))

    facts = facts_of(order, [first, second], DEFAULT_SETTINGS, {"s1": "L1", "s2": "L1"})

    stage, session = facts[FactKey(MONDAY, "STAGE", FIRST)], facts[FactKey(MONDAY, "SESSION", "s2")]
    of_order = (Group(Dimension.PRODUCT, order.product_code), Group(Dimension.CUSTOMER, "Arçelik"))
    assert facts[FactKey(MONDAY, "ORDER", order.id)].groups == of_order
    assert stage.groups == (
        *of_order,
        (Dimension.STAGE, "Pres"),
        (Dimension.WORKER, "oya"),
        (Dimension.WORKER, "veli"),
        (Dimension.MACHINE, "M1"),
        (Dimension.MACHINE, "M2"),
        (Dimension.LINE, "L1"),
    )
    assert session.groups == (
        *of_order,
        (Dimension.STAGE, "Pres"),
        (Dimension.WORKER, "oya"),
        (Dimension.MACHINE, "M2"),
        (Dimension.LINE, "L1"),
    )
    assert [line_of(fact) for fact in (stage, session)] == [None, "L1"]


def test_a_session_on_a_machine_without_a_line_says_so() -> None:
    session = at(a_session(MORNING, MORNING + HOUR, name="s"), "M1")
    for lines, line in (({}, ""), ({"s": ""}, ""), ({"s": "L1"}, "L1")):
        (fact,) = facts_of(an_order(paused()), [session], DEFAULT_SETTINGS, lines).values()
        assert line_of(fact) == line
        assert [group.value for group in fact.groups or () if group.dimension is Dimension.LINE] == [line] * bool(line)
    assert line_of(SessionFact(MORNING, MORNING, session.kind, machine_id="M1")) is None


def test_of_very_many_people_the_first_ones_are_named() -> None:
    sessions = [at(a_session(MORNING, MORNING), f"M{n:02d}", f"u{n:02d}") for n in range(50)]
    facts = facts_of(an_order(finished()), sessions, DEFAULT_SETTINGS)
    named = list(facts[FactKey(MONDAY, "STAGE", FIRST)].groups or ())
    assert [each.value for each in named if each.dimension is Dimension.WORKER] == [f"u{n:02d}" for n in range(40)]
    assert sum(each.dimension is Dimension.MACHINE for each in named) == order_facts.MOST_MACHINES


def test_scrap_and_pauses_are_summed_by_reason_in_the_day_of_the_end() -> None:
    made = Quantities(scrap={"burr": ONE, "scratch": TWO})
    session = replace(a_session(MIDNIGHT - HOUR, MIDNIGHT + HOUR, made=made), pause_reason="material")
    other = replace(a_session(MIDNIGHT, MIDNIGHT + HOUR, made=Quantities(scrap={"burr": TWO})), pause_reason="break")
    monday, tuesday = (on(day, an_order(paused()), session, other).time for day in (MONDAY, TUESDAY))
    assert (monday.scrap_by_reason, monday.pauses_by_reason) == ({}, {})
    assert tuesday.scrap_by_reason == {"burr": Decimal(3), "scratch": TWO}
    assert tuesday.pauses_by_reason == {"material": 1, "break": 1}


def test_scrap_that_was_taken_back_leaves_no_reason() -> None:
    sessions = [a_session(MORNING, MORNING, made=Quantities(scrap={"burr": n})) for n in (ONE, -ONE)]
    assert on(MONDAY, an_order(paused()), *sessions).time.scrap_by_reason == {}


def test_a_pause_lasts_until_somebody_works_at_the_stage_again_and_counts_where_it_began() -> None:
    first = replace(a_session(MIDNIGHT - HOUR, MIDNIGHT - 30 * MINUTE, name="s1"), pause_reason="break")
    again = a_session(MIDNIGHT + 20 * MINUTE, MIDNIGHT + HOUR, name="s2")
    monday, tuesday = (on(day, an_order(paused()), again, first).time for day in (MONDAY, TUESDAY))
    assert (monday.pauses_by_reason, monday.paused_by_reason) == ({"break": 1}, {"break": 50 * A_MINUTE})
    assert (tuesday.pauses_by_reason, tuesday.paused_by_reason) == ({}, {})


def test_a_pause_counts_with_its_minutes_in_the_last_part_of_its_session_and_in_its_groups() -> None:
    first = replace(at(a_session(MIDNIGHT - HOUR, MIDNIGHT + HOUR, name="s1"), "M1"), pause_reason="tool")
    again = at(a_session(MIDNIGHT + 2 * HOUR, MIDNIGHT + 3 * HOUR, name="s2"), "M2", "oya")
    facts = facts_of(settled(an_order(paused())), [first, again], DEFAULT_SETTINGS).items()
    told = [(key.day, fact) for key, fact in facts if isinstance(fact, SessionFact)]
    assert {(day, fact.machine_id, fact.pause_reason, fact.paused) for day, fact in told} == {
        (MONDAY, "M1", None, 0),
        (TUESDAY, "M1", "tool", 60 * A_MINUTE),
        (TUESDAY, "M2", None, 0),
    }


def test_a_pause_while_somebody_else_works_at_the_stage_takes_no_time() -> None:
    first = replace(a_session(MORNING, MORNING + 10 * MINUTE), pause_reason="break")
    meanwhile = a_session(MORNING, MORNING + 30 * MINUTE)
    elsewhere = a_session(MORNING, MORNING + HOUR, stage=SECOND)
    again = a_session(MORNING + 50 * MINUTE, MORNING + HOUR)
    order = an_order(paused(), paused(position=2, id=SECOND))
    time = on(MONDAY, order, first, meanwhile, elsewhere, again).time
    # The last one who stopped gave no reason.
    assert (time.pauses_by_reason, time.paused_by_reason) == ({"break": 1}, {})


def test_pieces_count_once_at_each_stage_and_once_at_the_last_that_is_not_skipped() -> None:
    made = [a_session(MORNING, MORNING, stage=stage, made=Quantities(ONE)) for stage in (FIRST, SECOND)]
    both = an_order(finished(good=ONE), finished(position=2, id=SECOND, good=TWO))
    skipped = an_order(finished(good=ONE), finished(position=2, id=SECOND, good=TWO, status=StageStatus.SKIPPED))
    for order, of_order in ((both, TWO), (skipped, ONE)):
        sums = on(MONDAY, order, *made)
        assert (sums.time.pieces, sums.time.last_stage_pieces, sums.orders.good) == (TWO, ONE, of_order)


def test_effectiveness_needs_only_the_stages_with_a_standard() -> None:
    timed = finished(standard_seconds_per_unit=Decimal("1.5"), good=Decimal(3), scrap=ONE, good_from_rework=ONE)
    order = an_order(timed, finished(position=2, id=SECOND, good=Decimal(9)))
    work = [a_session(MORNING, MORNING + MINUTE), a_session(MORNING, MORNING + HOUR, stage=SECOND)]
    stages = on(MONDAY, order, *work).stages
    assert (stages.with_standard, stages.standard, stages.standard_run) == (1, Decimal(6), A_MINUTE)
    assert (stages.good_from_rework, stages.run) == (ONE, 61 * A_MINUTE)


def test_what_is_late_against_the_first_plan_only_is_counted_beside() -> None:
    moved = finished(ended_at=MORNING + 5 * HOUR, planned_end=MORNING + 6 * HOUR, baseline_end=MORNING + HOUR)
    order = an_order(moved, planned_end=MORNING + 6 * HOUR, baseline_end=MORNING + HOUR)
    sums = on(MONDAY, order)
    assert (sums.stages.late, sums.stages.baseline_late, sums.orders.late, sums.orders.baseline_late) == (0, 1, 0, 1)


def test_facts_say_when_a_stage_and_an_order_ended() -> None:
    facts = facts_of(settled(an_order(finished(ended_at=MORNING + HOUR))), [], DEFAULT_SETTINGS).values()
    assert [fact.ended_at for fact in facts] == [MORNING + HOUR] * 2
    assert [isinstance(fact, StageFact) for fact in facts] == [True, False]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40), st.sampled_from([None, "break", "tool"]))))
def test_pauses_with_and_without_a_reason_are_all_the_time_between_the_sessions_of_a_stage(
    worked: list[tuple[int, int, str | None]],
) -> None:
    sessions = [
        replace(a_session(MORNING + at * MINUTE, MORNING + (at + length) * MINUTE, name=f"s{n}"), pause_reason=reason)
        for n, (at, length, reason) in enumerate(worked)
    ]
    spans = [(session.started_at, session.ended_at) for session in sessions]
    between = (max(end for _, end in spans) - min(start for start, _ in spans) - union(spans)) if spans else 0 * MINUTE
    rows, total = rows_of(of_pauses(on(MONDAY, an_order(paused()), *sessions)))
    assert sum(row.loss.size for row in rows) == total.size == between // MINUTE
    assert sum(row.loss.count or 0 for row in rows) == total.count
