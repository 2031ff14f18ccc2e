"""Parts of a window add up to the whole, the order of inputs never matters, and nothing gets a negative length."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.intervals import Interval, gaps, merged, shared, total, union
from chalicelib.domain.orders.work_orders import Order
from tests.domain.builders import HOUR, MORNING, SECOND, a_session, an_order, finished
from tests.domain.measuring import order_measured

MILLISECOND = timedelta(milliseconds=1)
WHOLE: Interval = (MORNING, MORNING + 1_000 * MILLISECOND)

spans = st.lists(st.tuples(st.integers(-100, 1_100), st.integers(-100, 1_100)).map(sorted), max_size=8).map(
    lambda pairs: [(MORNING + start * MILLISECOND, MORNING + end * MILLISECOND) for start, end in pairs]
)


def clipped(intervals: list[Interval], window: Interval) -> list[Interval]:
    return [(max(start, window[0]), min(end, window[1])) for start, end in intervals]


def two_stages() -> Order:
    return an_order(finished(), finished(position=2, id=SECOND), planned_end=MORNING + 3 * HOUR)


@given(spans, spans, st.integers(0, 1_000))
def test_a_window_that_is_split_anywhere_has_the_sum_of_its_parts(ones: Any, others: Any, cut: int) -> None:
    middle = MORNING + cut * MILLISECOND
    parts = [(WHOLE[0], middle), (middle, WHOLE[1])]
    measures: list[Callable[[Interval], timedelta]] = [
        lambda window: union(clipped(ones, window)),
        lambda window: total(gaps(window, ones)),
        lambda window: shared(clipped(ones, window), others),
        lambda window: shared(gaps(window, ones), others),
    ]
    for measure in measures:
        assert sum(map(measure, parts), timedelta(0)) == measure(WHOLE)


@given(spans, spans)
def test_what_is_covered_and_what_is_not_are_the_whole_and_never_negative(ones: Any, others: Any) -> None:
    assert total(gaps(WHOLE, ones)) + union(clipped(ones, WHOLE)) == WHOLE[1] - WHOLE[0]
    assert all(start < end for start, end in gaps(WHOLE, ones))
    assert timedelta(0) <= shared(ones, others) <= min(union(ones), union(others))
    assert shared(ones, others) == shared(others, ones) == shared(merged(ones), merged(others))


@given(spans, st.randoms())
def test_the_order_of_sessions_never_matters(worked: Any, shuffle: Any) -> None:
    sessions = [a_session(*each, stage=two_stages().stages[place % 2].id) for place, each in enumerate(worked)]
    shuffled = shuffle.sample(sessions, len(sessions))
    assert order_measured(two_stages(), *sessions) == order_measured(two_stages(), *shuffled)
