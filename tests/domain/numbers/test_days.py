"""What an order adds to the numbers of each day, and that a day's sums depend on nothing else."""

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.numbers.day_facts import Fact, FactKey, OrderFact, SessionFact, StageFact
from chalicelib.domain.numbers.day_sums import DaySums, FinishedOrders, FinishedStages, WorkedTime, summed
from chalicelib.domain.numbers.days import of_day
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.orders.session_records import Quantities, Session, SessionKind
from chalicelib.domain.orders.work_orders import Order, settled
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, TenantSettings
from tests.domain.builders import (
    DAY,
    FIRST,
    HOUR,
    MINUTE,
    MORNING,
    SECOND,
    a_session,
    an_order,
    clock,
    finished,
    in_progress,
    paused,
)
from tests.domain.numbers.ungrouped import all_ungrouped

MONDAY, TUESDAY, WEDNESDAY = (date(2026, 1, day) for day in (5, 6, 7))
MIDNIGHT = clock(21)  # in Istanbul
BERLIN = TenantSettings(timezone="Europe/Berlin", grace=10 * MINUTE)
AN_HOUR = 3_600_000
# The metrics that need what facts of earlier releases do not have.
NEW = ("baseline_on_time_rate", "baseline_order_on_time_rate", "effectiveness", "quality", "throughput")


def added(order: Order, *sessions: Session, settings: TenantSettings = DEFAULT_SETTINGS) -> dict[FactKey, Fact]:
    return all_ungrouped(facts_of(settled(order), sessions, settings))


def on(day: date, facts: dict[FactKey, Fact]) -> DaySums:
    return summed(fact for key, fact in facts.items() if key.day == day)


def measured(sums: DaySums, *, now_after_the_day: timedelta = DAY, late_window: timedelta = DAY) -> Measured:
    now = MIDNIGHT + now_after_the_day
    zone = "Europe/Istanbul"
    return of_day(
        MONDAY, sums, revision=3, as_of=MORNING, watermark=None, late_window=late_window, timezone=zone, now=now
    )


# --- facts ------------------------------------------------------------------------------------------------------------


def test_an_order_that_nobody_worked_on_adds_nothing() -> None:
    assert added(an_order()) == {}


def test_a_session_belongs_to_the_day_it_was_in_with_what_it_made() -> None:
    session = a_session(MORNING, MORNING + HOUR, name="s", kind=SessionKind.SETUP, made=Quantities(Decimal(3)))
    assert added(an_order(paused()), session) == {
        FactKey(MONDAY, "SESSION", "s"): SessionFact(
            MORNING, MORNING + HOUR, SessionKind.SETUP, Decimal(3), stage_id=FIRST
        )
    }


def test_a_session_through_midnight_is_cut_there_and_its_pieces_count_where_it_ended() -> None:
    session = a_session(MIDNIGHT - HOUR, MIDNIGHT + 2 * HOUR, name="s", made=Quantities(Decimal(3)))
    assert added(an_order(paused()), session) == {
        FactKey(MONDAY, "SESSION", "s"): SessionFact(MIDNIGHT - HOUR, MIDNIGHT, SessionKind.RUN, stage_id=FIRST),
        FactKey(TUESDAY, "SESSION", "s"): SessionFact(
            MIDNIGHT, MIDNIGHT + 2 * HOUR, SessionKind.RUN, Decimal(3), stage_id=FIRST
        ),
    }


def test_a_session_over_three_days_is_in_all_of_them() -> None:
    session = a_session(MIDNIGHT - HOUR, MIDNIGHT + DAY + HOUR, made=Quantities(Decimal(3)))
    facts = added(an_order(paused()), session)
    sums = [on(day, facts).time for day in (MONDAY, TUESDAY, WEDNESDAY)]
    assert [(each.run, each.pieces) for each in sums] == [
        (AN_HOUR, Decimal(0)),
        (24 * AN_HOUR, Decimal(0)),
        (AN_HOUR, Decimal(3)),
    ]


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25)])
def test_a_day_on_which_clocks_change_holds_as_much_work_as_it_is_long(month: int, day: int, hours: int) -> None:
    changed = date(2026, month, day)
    noon = MORNING.replace(month=month, day=day, hour=12)
    session = a_session(noon - DAY, noon + DAY)
    facts = added(an_order(paused()), session, settings=BERLIN)
    assert on(changed, facts).time == WorkedTime(run=hours * AN_HOUR, labour=hours * AN_HOUR)
    assert sum(on(key.day, facts).time.labour for key in facts) == 48 * AN_HOUR


def test_a_session_of_no_length_still_makes_its_pieces() -> None:
    session = a_session(MIDNIGHT, MIDNIGHT, made=Quantities(Decimal(3)))
    facts = added(an_order(paused()), session)
    assert {key.day for key in facts} == {TUESDAY}
    assert on(TUESDAY, facts).time == WorkedTime(pieces=Decimal(3))


def test_a_stage_counts_in_the_local_day_it_ended_with_all_its_sessions() -> None:
    stage = finished(ended_at=MIDNIGHT + HOUR, good=Decimal(8), scrap=Decimal(1), rework=Decimal(2))
    evening = a_session(MIDNIGHT - HOUR, MIDNIGHT + HOUR)
    overlapping = a_session(MIDNIGHT, MIDNIGHT + HOUR)
    elsewhere = a_session(MIDNIGHT, MIDNIGHT + HOUR, stage=SECOND)
    facts = added(an_order(stage, paused(position=2, id=SECOND)), evening, overlapping, elsewhere)
    assert facts[FactKey(TUESDAY, "STAGE", FIRST)] == StageFact(
        planned=2 * AN_HOUR,
        run=2 * AN_HOUR,
        labour=3 * AN_HOUR,
        delay=12 * AN_HOUR,
        late=True,
        good=Decimal(8),
        scrap=Decimal(1),
        rework=Decimal(2),
    )
    assert [key for key in facts if key.subject != "SESSION"] == [FactKey(TUESDAY, "STAGE", FIRST)]


def test_an_order_counts_in_the_local_day_its_last_stage_ended() -> None:
    order = an_order(finished(), finished(position=2, id=SECOND, ended_at=MIDNIGHT))
    facts = added(order)
    assert facts[FactKey(TUESDAY, "ORDER", "order")] == OrderFact(lead=13 * AN_HOUR, late=True)
    assert {key.day for key in facts if key.subject == "STAGE"} == {MONDAY, TUESDAY}


def test_late_is_later_than_the_grace_for_stages_and_orders_alike() -> None:
    for minutes, late in ((10, False), (11, True)):
        facts = added(an_order(finished(ended_at=MORNING + 2 * HOUR + minutes * MINUTE)), settings=BERLIN)
        assert {fact.late for fact in facts.values() if isinstance(fact, StageFact | OrderFact)} == {late}


def test_the_facts_of_an_order_say_the_same_whenever_they_are_made() -> None:
    sessions = [a_session(MORNING, MORNING + HOUR), a_session(MORNING, MORNING + DAY)]
    order = an_order(finished(ended_at=MORNING + DAY))
    assert added(order, *sessions) == added(order, *reversed(sessions))


def test_a_session_that_goes_on_adds_nothing_yet() -> None:
    assert added(an_order(in_progress())) == {}


# --- sums -------------------------------------------------------------------------------------------------------------


def test_a_day_without_facts_is_all_zero() -> None:
    assert summed([]) == DaySums()


def test_a_day_is_the_sum_of_its_facts_and_run_time_their_union() -> None:
    stage = StageFact(100, 50, 60, -5, late=False, good=Decimal(1), scrap=Decimal(2), rework=Decimal(3))
    late = StageFact(10, 20, 30, 15, late=True, good=Decimal(4), scrap=Decimal(0), rework=Decimal(0))
    setup = SessionFact(MORNING, MORNING + HOUR, SessionKind.SETUP)
    run = SessionFact(MORNING + 30 * MINUTE, MORNING + 90 * MINUTE, SessionKind.RUN, Decimal(7))
    assert summed([stage, late, OrderFact(500, late=True), OrderFact(100, late=False), setup, run]) == DaySums(
        FinishedStages(2, 1, 110, 70, 90, 10, Decimal(5), Decimal(2), Decimal(3)),
        FinishedOrders(2, 1, 600),
        WorkedTime(run=AN_HOUR * 3 // 2, labour=2 * AN_HOUR, setup=AN_HOUR, pieces=Decimal(7)),
        facts=6,
    )


numbers, amounts = st.integers(0, 10**9), st.decimals(0, 10**6, places=3)
session_facts = st.builds(
    lambda start, length, kind, good: SessionFact(
        MORNING + start * MINUTE, MORNING + (start + length) * MINUTE, kind, good
    ),
    st.integers(0, 600),
    st.integers(0, 600),
    st.sampled_from(SessionKind),
    amounts,
)
stage_facts = st.builds(
    StageFact, numbers, numbers, numbers, st.integers(-(10**9), 10**9), st.booleans(), amounts, amounts, amounts
)
order_facts = st.builds(OrderFact, numbers, st.booleans())


@given(st.lists(session_facts | stage_facts | order_facts, max_size=12), st.randoms())
def test_the_order_of_facts_does_not_matter(facts: list[Fact], random: Random) -> None:
    shuffled = list(facts)
    random.shuffle(shuffled)
    assert summed(shuffled) == summed(facts)
    assert summed(facts).time.run <= summed(facts).time.labour


# --- numbers ----------------------------------------------------------------------------------------------------------


def test_the_ratios_of_a_day_are_sums_over_sums() -> None:
    stages = FinishedStages(
        done=4, late=1, planned=120 * 60_000, run=100 * 60_000, labour=AN_HOUR, delay=-90_000, good=Decimal(1)
    )
    sums = DaySums(stages, FinishedOrders(done=3, late=2, lead=1), WorkedTime(run=AN_HOUR, labour=2 * AN_HOUR), 9)
    day = measured(sums)
    assert {name: (metric.value, metric.reason) for name, metric in day.metrics.items()} == {
        "efficiency": (120, None),
        "on_time_rate": (75, None),
        "order_on_time_rate": (Decimal("33.333"), None),
        "delay": (Decimal("-1.5"), None),
        "run": (60, None),
        "labour": (120, None),
        **dict.fromkeys(NEW, (None, "not_recorded")),
    }
    assert (day.window, day.timezone) == ((MIDNIGHT - DAY, MIDNIGHT), "Europe/Istanbul")
    assert (day.revision, day.as_of, day.inputs_count) == (3, MORNING, 9)


def test_a_day_on_which_nothing_was_finished_says_so_instead_of_inventing_numbers() -> None:
    day = measured(DaySums())
    assert {name: metric.reason for name, metric in day.metrics.items() if metric.value is None} == {
        "efficiency": "no_data",
        "on_time_rate": "no_data",
        "order_on_time_rate": "no_data",
        "delay": "no_data",
        **dict.fromkeys(set(NEW) - {"throughput"}, "no_data"),
    }


def test_stages_finished_without_any_run_time_have_no_efficiency() -> None:
    day = measured(DaySums(FinishedStages(done=1, planned=60_000)))
    assert (day.metrics["efficiency"].value, day.metrics["efficiency"].reason) == (None, "no_run")


def test_a_day_is_complete_once_it_and_the_time_for_late_words_are_over() -> None:
    just = timedelta(milliseconds=1)
    for after, complete in ((DAY - just, False), (DAY, True), (2 * DAY, True)):
        assert measured(DaySums(), now_after_the_day=after).complete is complete
