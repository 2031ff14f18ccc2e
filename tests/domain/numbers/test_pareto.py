"""Losses by reason: the largest first, with shares that end at 100."""

from datetime import datetime, timedelta
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.stops import Explanation, StopPart
from chalicelib.domain.numbers.pareto import Loss, of_stops, rows_of
from tests.domain.builders import HOUR, MINUTE, MORNING

LOSSES = st.builds(
    Loss,
    st.none() | st.sampled_from(["material", "tooling", "setup"]),
    st.fractions(0, 1000, max_denominator=60_000),
    st.integers(1, 5),
)


def test_the_largest_reason_comes_first_and_equal_ones_by_their_code() -> None:
    losses = [
        Loss(None, Fraction(20)),
        Loss("tooling", Fraction(20)),
        Loss("setup", Fraction(20)),
        Loss("a", Fraction()),
    ]
    rows, total = rows_of([*losses, Loss("material", Fraction(25)), Loss("material", Fraction(15))])
    assert [(row.loss.reason, row.loss.count) for row in rows] == [
        ("material", 2),
        ("setup", 1),
        ("tooling", 1),
        (None, 1),
    ]
    assert [row.metrics["share"].value for row in rows] == [40, 20, 20, 20]
    assert [row.metrics["cumulative_share"].value for row in rows] == [40, 60, 80, 100]
    assert total == Loss(None, Fraction(100), 5)


@given(st.lists(LOSSES))
def test_shares_add_up_and_the_last_cumulative_one_is_all(losses: list[Loss]) -> None:
    rows, total = rows_of(losses)
    assert [row.loss.size for row in rows] == sorted((row.loss.size for row in rows), reverse=True)
    assert sum(row.loss.size for row in rows) == total.size == sum(loss.size for loss in losses)
    assert sum(row.loss.count for row in rows) == total.count
    if rows:
        assert rows[-1].metrics["cumulative_share"].value == 100
        assert rows[0].metrics["share"].value == rows[0].metrics["cumulative_share"].value


@given(st.lists(LOSSES), st.randoms())
def test_the_order_of_losses_makes_no_difference(losses: list[Loss], chance: Random) -> None:
    shuffled = sorted(losses, key=lambda _: chance.random())
    assert rows_of(shuffled) == rows_of(losses)


def stop(begin: int, end: int | None, reason: str | None = None) -> StopPart:
    """A stop from one minute of the morning to another."""
    times = MORNING + begin * MINUTE, None if end is None else MORNING + end * MINUTE
    said = Explanation("e", "M1", times[0], MORNING + HOUR, reason, None, MORNING, "veli") if reason else None
    return StopPart("M1", *times, 0.0, said)


def test_a_stop_counts_as_long_as_it_lies_in_the_window() -> None:
    stops = [stop(-10, 5, "material"), stop(10, 20), stop(50, None, "tooling")]
    assert of_stops(stops, (MORNING, MORNING + HOUR)) == [
        Loss("material", Fraction(5)),
        Loss(None, Fraction(10)),
        Loss("tooling", Fraction(10)),
    ]


@given(st.integers(0, 60), st.integers(1, 59))
def test_the_parts_of_a_window_that_is_cut_have_the_same_minutes(at: int, length: int) -> None:
    cut: datetime = MORNING + at * MINUTE
    stops = [stop(0, length)]

    def lost(start: datetime, end: datetime) -> Fraction:
        touching = [each for each in stops if each.started_at < end and (each.ended_at or end) > start]
        return sum((loss.size for loss in of_stops(touching, (start, end))), Fraction(0))

    assert lost(MORNING, cut) + lost(cut, MORNING + HOUR) == Fraction(timedelta(minutes=length) // MINUTE)
