"""One rule at midnight: a day is half-open, and what counts at an end counts in the day that the end lies in."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.instants import milliseconds
from chalicelib.domain.numbers.day_facts import FactKey, SessionFact
from chalicelib.domain.numbers.day_sums import FinishedOrders, FinishedStages, WorkedTime
from chalicelib.domain.orders.session_records import Quantities, SessionKind
from tests.domain.builders import FIRST, HOUR, MINUTE, a_session, an_order, finished
from tests.domain.numbers.test_days import AN_HOUR, BERLIN, MIDNIGHT, MONDAY, TUESDAY, added, on


def test_what_ends_at_midnight_counts_in_the_day_that_begins_there_be_it_a_session_a_stage_or_an_order() -> None:
    session = a_session(MIDNIGHT - HOUR, MIDNIGHT, name="s", made=Quantities(Decimal(3)))
    facts = added(an_order(finished(ended_at=MIDNIGHT, good=Decimal(3))), session)
    assert facts[FactKey(MONDAY, "SESSION", "s")] == SessionFact(
        MIDNIGHT - HOUR, MIDNIGHT, SessionKind.RUN, stage_id=FIRST
    )
    assert facts[FactKey(TUESDAY, "SESSION", "s")] == SessionFact(
        MIDNIGHT, MIDNIGHT, SessionKind.RUN, Decimal(3), stage_id=FIRST
    )
    monday, tuesday = on(MONDAY, facts), on(TUESDAY, facts)
    assert (monday.time, monday.stages, monday.orders) == (
        WorkedTime(AN_HOUR, AN_HOUR),
        FinishedStages(),
        FinishedOrders(),
    )
    assert (tuesday.time, tuesday.stages.good, tuesday.orders.done) == (WorkedTime(pieces=Decimal(3)), Decimal(3), 1)


moments = st.integers(0, 4 * 24 * 60).map(lambda minutes: datetime(2026, 3, 27, tzinfo=UTC) + minutes * MINUTE)
midnights = st.integers(27, 31).map(lambda day: datetime(2026, 3, day, 22 if day > 28 else 23, tzinfo=UTC))
lengths = st.integers(0, 3 * 24 * 60).map(lambda minutes: minutes * MINUTE)


@given(moments | midnights, lengths)
def test_the_pieces_of_a_session_and_the_good_of_its_stage_are_on_one_day(end: datetime, length: timedelta) -> None:
    session = a_session(end - length, end, made=Quantities(Decimal(3)))
    facts = added(an_order(finished(ended_at=end, good=Decimal(3))), session, settings=BERLIN)
    for day in {key.day for key in facts}:
        sums = on(day, facts)
        assert sums.time.pieces == sums.stages.good
    assert sum(on(day, facts).time.labour for day in {key.day for key in facts}) == milliseconds(length)
