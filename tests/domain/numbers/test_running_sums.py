"""Running sums: whatever comes and goes, they are the sums of the facts that are there, or they say so."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.numbers import running_sums
from chalicelib.domain.numbers.day_facts import Fact, OrderFact, SessionFact, StageFact
from chalicelib.domain.numbers.running_sums import RunningSums, changed, of_facts
from chalicelib.domain.orders.session_records import SessionKind
from tests.domain.builders import MINUTE, MORNING

counts, pieces = st.integers(-9, 9), st.integers(0, 9).map(Decimal)
stages = st.builds(StageFact, counts, counts, counts, counts, st.booleans(), pieces, pieces, pieces)
orders = st.builds(OrderFact, counts, st.booleans())


def session(start: int, end: int, kind: SessionKind = SessionKind.RUN, good: Decimal = Decimal(0)) -> SessionFact:
    return SessionFact(MORNING + start * MINUTE, MORNING + end * MINUTE, kind, good)


sessions = st.builds(
    lambda start, length, kind, good: session(start, start + length, kind, good),
    st.integers(0, 30),
    st.integers(0, 10),
    st.sampled_from(SessionKind),
    pieces,
)
facts = st.dictionaries(st.integers(0, 9), stages | orders | sessions, max_size=10)


@given(facts, facts, st.sets(st.integers(0, 9)))
def test_the_sums_are_those_of_all_facts_or_are_not_told(
    before: dict[int, Fact], put: dict[int, Fact], taken: set[int]
) -> None:
    after = {key: fact for key, fact in (before | put).items() if key not in taken}
    gone = [fact for key, fact in before.items() if key in put or key in taken]
    new = [fact for key, fact in put.items() if key not in taken]

    told = changed(of_facts(before.values()), gone=gone, new=new)

    assert told in (None, of_facts(after.values()))
    if not any(isinstance(fact, SessionFact) for fact in gone):
        assert told is not None


def test_a_session_that_keeps_its_time_needs_no_other_fact() -> None:
    before, after = session(0, 10, good=Decimal(5)), session(0, 10, good=Decimal(3))
    day = of_facts([before, session(20, 30)])

    assert changed(day, gone=[before], new=[after]) == of_facts([after, session(20, 30)])


def test_a_session_that_went_needs_the_other_facts() -> None:
    long, short = session(0, 10), session(0, 5)

    assert changed(of_facts([long]), gone=[long], new=[short]) is None
    assert changed(of_facts([short]), gone=[short], new=[long]) == of_facts([long])


def test_sums_without_covered_times_need_all_facts() -> None:
    assert changed(RunningSums(covered=None), gone=[], new=[session(0, 1)]) is None


def test_a_day_with_too_many_gaps_keeps_no_covered_times(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running_sums, "MOST_SPANS", 2)
    two = [session(0, 1), session(2, 3)]

    assert of_facts(two).covered is not None
    for told in (of_facts([*two, session(4, 5)]), changed(of_facts(two), gone=[], new=[session(4, 5)])):
        assert told is not None
        assert told.covered is None
        assert told.sums.time.run == 3 * MINUTE // timedelta(milliseconds=1)
