"""Losses by reason: the largest first, with shares that end at 100."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.machines.stops import Explanation, StopPart
from chalicelib.domain.numbers.day_sums import DaySums, WorkedTime
from chalicelib.domain.numbers.pareto import Loss, of_pauses, of_scrap, of_stops, rows_of
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
        Loss("a", Fraction(), 0),
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
    assert sum(row.loss.count or 0 for row in rows) == total.count
    if total.size:
        assert rows[-1].metrics["cumulative_share"].value == 100
        assert rows[0].metrics["share"].value == rows[0].metrics["cumulative_share"].value


@given(st.lists(LOSSES), st.randoms())
def test_the_order_of_losses_makes_no_difference(losses: list[Loss], chance: Random) -> None:
    shuffled = sorted(losses, key=lambda _: chance.random())
    assert rows_of(shuffled) == rows_of(losses)


def test_a_reason_that_came_and_cost_nothing_has_no_share() -> None:
    losses = [Loss("break", Fraction(0), 2), Loss("material", Fraction(0), 0)]
    (row,), total = rows_of(losses)
    assert (row.loss, total) == (Loss("break", Fraction(0), 2), Loss(None, Fraction(0), 2))
    assert [metric.reason for metric in row.metrics.values()] == ["no_data"] * 2
    assert rows_of([]) == ([], Loss(None, Fraction(0), 0))


def test_the_pauses_and_the_scrap_of_days_are_losses() -> None:
    time = WorkedTime(
        pauses_by_reason={"break": 2, "material": 1},
        paused_by_reason={"break": 90_000, "tooling": 60_000},
        pauses_without_reason=3,
        paused_without_reason=30_000,
        scrap_by_reason={"surface": Decimal("2.5"), "setup": Decimal(1)},
    )
    assert of_pauses(DaySums(time=time)) == [
        Loss("break", Fraction(3, 2), 2),
        Loss("material", Fraction(0), 1),
        Loss("tooling", Fraction(1), 0),
        Loss(None, Fraction(1, 2), 3),
    ]
    rows, total = rows_of(of_scrap(DaySums(time=time)) * 2)
    assert [row.loss for row in rows] == [Loss("surface", Fraction(5), None), Loss("setup", Fraction(2), None)]
    assert total == Loss(None, Fraction(7), None)


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
