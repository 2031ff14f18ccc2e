"""The numbers of a day at its exact bounds."""

from datetime import date
from decimal import Decimal

from chalicelib.domain.numbers.day_facts import FactKey, SessionFact
from chalicelib.domain.numbers.order_facts import facts_of
from chalicelib.domain.orders.session_records import Quantities, SessionKind
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import DAY, FIRST, HOUR, a_session, an_order, clock, paused
from tests.domain.numbers.ungrouped import all_ungrouped

MONDAY, TUESDAY, WEDNESDAY = date(2026, 1, 5), date(2026, 1, 6), date(2026, 1, 7)
MIDNIGHT = clock(21)  # in Istanbul
THREE = Quantities(Decimal(3))


def test_a_session_that_ends_at_midnight_counts_its_time_before_and_its_pieces_in_the_day_that_begins() -> None:
    session = a_session(MIDNIGHT - HOUR, MIDNIGHT, name="s", made=THREE)
    assert all_ungrouped(facts_of(an_order(paused()), [session], DEFAULT_SETTINGS)) == {
        FactKey(MONDAY, "SESSION", "s"): SessionFact(MIDNIGHT - HOUR, MIDNIGHT, SessionKind.RUN, stage_id=FIRST),
        FactKey(TUESDAY, "SESSION", "s"): SessionFact(MIDNIGHT, MIDNIGHT, SessionKind.RUN, Decimal(3), stage_id=FIRST),
    }


def test_a_session_from_midnight_to_midnight_counts_its_time_in_that_day_alone() -> None:
    session = a_session(MIDNIGHT, MIDNIGHT + DAY, name="s", made=THREE)
    assert all_ungrouped(facts_of(an_order(paused()), [session], DEFAULT_SETTINGS)) == {
        FactKey(TUESDAY, "SESSION", "s"): SessionFact(MIDNIGHT, MIDNIGHT + DAY, SessionKind.RUN, stage_id=FIRST),
        FactKey(WEDNESDAY, "SESSION", "s"): SessionFact(
            MIDNIGHT + DAY, MIDNIGHT + DAY, SessionKind.RUN, Decimal(3), stage_id=FIRST
        ),
    }
