"""OEE: the worked examples to the last digit, and the laws that hold for all sums."""

from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import oee as outside
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers.machine_time import MachineTime
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.numbers.oee import Booked, Ended, OeeSums, made_in, metrics_of, together
from tests.domain.reading_strategies import HOUR

MINUTE = timedelta(minutes=1)
A_MINUTE = 60_000_000
SHIFT: Interval = (HOUR, HOUR + 480 * MINUTE)
NAMES = ("availability", "oee_effectiveness", "oee_quality", "oee")


def booked(made: int, good: int, standard: float | None, at: datetime = HOUR) -> Ended:
    """So many pieces made, of which the others are scrap, with a standard in minutes a piece."""
    seconds = None if standard is None else Decimal(str(standard * 60))
    return at, Booked(Decimal(good), Decimal(made - good), standard=seconds)


def of_machine(planned: int, *pieces: Ended, **states: int) -> OeeSums:
    """A machine with so many planned minutes and minutes in each state; the others are unknown."""
    time = {name: each * A_MINUTE for name, each in states.items()}
    unknown = planned * A_MINUTE - sum(time.values())
    return OeeSums(MachineTime(planned=planned * A_MINUTE, unknown=unknown, **time)) + made_in(pieces, SHIFT)


def values(sums: OeeSums, unless: str | None = None) -> list[str]:
    """The value of each metric, or its reason."""
    return [str(each.reason or each.value) for each in metrics_of(sums, unless).values()]


def share(metric: Metric) -> Fraction:
    assert metric.numerator is not None
    assert metric.denominator is not None
    return Fraction(metric.numerator) / Fraction(metric.denominator)


FIRST = of_machine(450, booked(300, 288, 1.0), producing=390, setup=15, unplanned_stop=45)


def test_the_worked_example_of_a_shift() -> None:
    """480 minutes with 30 of breaks, 45 of breakdown and 15 of setup; a minute a piece, 300 made, 12 scrap."""
    assert values(FIRST) == ["86.667", "76.923", "96.000", "64.000"]
    assert share(metrics_of(FIRST)["oee"]) == Fraction("0.64")


def test_two_machines_are_summed_and_not_averaged() -> None:
    second = of_machine(120, booked(24, 24, 1.5), producing=120)
    assert values(second)[-1] == "30.000"
    assert values(FIRST + second)[-1] == "56.842"


def test_two_standards_on_one_machine() -> None:
    both = of_machine(300, booked(100, 50, 1), booked(10, 10, 10), producing=300)
    oee = metrics_of(both)["oee"]
    assert (str(oee.numerator), str(oee.denominator), str(oee.value)) == ("150", "300", "50.000")


def test_planned_stops_and_the_time_in_which_a_machine_is_off_are_not_planned_busy_time() -> None:
    paused = of_machine(550, booked(300, 288, 1.0), producing=390, setup=15, unplanned_stop=45, planned_stop=60, off=40)
    assert values(paused) == values(FIRST)


def test_unknown_time_counts_against_availability_and_is_shown_apart() -> None:
    half = of_machine(100, producing=50)
    assert (half.time.unknown, values(half)[0]) == (50 * A_MINUTE, "50.000")


def test_a_ratio_without_what_it_needs_has_a_reason() -> None:
    assert values(OeeSums()) == ["no_plan", "no_run", "no_output", "no_plan"]
    assert values(FIRST, "no_calendar") == ["no_calendar", "76.923", "96.000", "no_calendar"]
    assert values(FIRST, "no_data") == ["no_data", "no_data", "96.000", "no_data"]
    assert values(of_machine(60, off=60)) == ["no_plan", "no_run", "no_output", "no_plan"]
    assert values(of_machine(60, booked(5, 0, 1), producing=60)) == ["100.000", "8.333", "0.000", "0.000"]


def test_what_has_no_standard_is_counted_and_makes_no_number() -> None:
    mixed = FIRST + of_machine(0, booked(7, 5, None))
    assert values(mixed) == ["86.667", "no_standard", "no_standard", "no_standard"]
    assert [
        int(each) for each in (mixed.made.produced_unmeasured, mixed.made.good_unmeasured, mixed.made.produced)
    ] == [
        7,
        5,
        307,
    ]
    assert values(FIRST + of_machine(0, booked(0, 0, None))) == values(FIRST)


def test_a_reworked_piece_is_produced_once_and_good_when_it_was_reworked() -> None:
    broken = HOUR, Booked(good=Decimal(8), rework=Decimal(2), standard=Decimal(60))
    mended = HOUR + MINUTE, Booked(good=Decimal(2), rework=Decimal(-2), standard=Decimal(60))
    both = made_in([broken, mended], SHIFT).made
    assert [int(each) for each in (both.produced, both.good, both.rework)] == [10, 10, 0]
    assert made_in([broken], SHIFT).made.produced == 10
    assert made_in([mended], SHIFT).made.produced == 0


def test_pieces_count_at_the_end_of_their_session_and_a_window_is_half_open() -> None:
    ends = [SHIFT[0] - MINUTE, SHIFT[0], SHIFT[1] - MINUTE, SHIFT[1]]
    found = made_in([booked(1, 1, 1, at) for at in ends], SHIFT)
    assert (int(found.made.good), found.inputs) == (2, 2)


amounts = st.integers(0, 500)
machines = st.builds(
    lambda planned, producing, pieces: of_machine(planned + producing, *pieces, producing=producing),
    amounts,
    amounts,
    st.lists(
        st.builds(
            lambda good, scrap, standard: booked(good + scrap, good, standard),
            amounts,
            amounts,
            st.sampled_from([0.1, 1.0, 1.5, 10.0]),
        ),
        max_size=4,
    ),
)


@given(st.lists(machines, min_size=1, max_size=4))
def test_oee_is_the_product_of_its_three_parts_exactly(parts: list[OeeSums]) -> None:
    time, made = together(parts).time, together(parts).made
    assume(time.busy and time.producing and made.standard_produced)
    availability = Fraction(time.producing, time.busy)
    effectiveness = made.standard_produced * 1_000_000 / time.producing
    quality = made.standard_good / made.standard_produced
    shown = metrics_of(together(parts))
    assert availability * effectiveness * quality == made.standard_good * 1_000_000 / time.busy
    for name, exact in zip(
        NAMES, (availability, effectiveness, quality, availability * effectiveness * quality), strict=True
    ):
        assert shown[name].value == Decimal(round(exact * 100_000)).scaleb(-3)


@given(st.lists(machines, max_size=5), st.randoms(use_true_random=False))
def test_the_order_of_parts_makes_no_difference(parts: list[OeeSums], chance: object) -> None:
    assert together(sorted(parts, key=lambda _: chance.random())) == together(parts)  # type: ignore[attr-defined]


@given(st.lists(st.integers(0, 480), max_size=8), st.integers(0, 480))
def test_pieces_of_a_window_that_is_split_add_up_to_the_whole(ends: list[int], at: int) -> None:
    pieces = [booked(3, 2, 1, HOUR + end * MINUTE) for end in ends]
    cut = HOUR + at * MINUTE
    assert made_in(pieces, (SHIFT[0], cut)) + made_in(pieces, (cut, SHIFT[1])) == made_in(pieces, SHIFT)


def outside_of(planned: int, producing: int, made: int, good: int, standard: float) -> outside.OEEResult:
    return outside.oee(planned, run_time=producing, ideal_cycle_time=standard, total_count=made, good_count=good)


@given(
    st.lists(
        st.tuples(
            st.integers(1, 480), st.integers(1, 480), st.integers(1, 400), amounts, st.sampled_from([0.25, 0.5, 1.0])
        ),
        min_size=1,
        max_size=4,
    )
)
def test_another_library_computes_the_same(shifts: list[tuple[int, int, int, int, float]]) -> None:
    """The package `oee` of PyPI. It caps performance at 100 %, so machines faster than their standard are left out."""
    ours, theirs = [], []
    for more, producing, made, scrap, standard in shifts:
        good = max(made - scrap, 0)
        assume(made * standard <= producing)
        ours.append(of_machine(producing + more, booked(made, good, standard), producing=producing))
        theirs.append(outside_of(producing + more, producing, made, good, standard))
    for mine, other in [*zip(ours, theirs, strict=True), (together(ours), outside.aggregate(theirs))]:
        shares = [float(share(metric)) for metric in metrics_of(mine).values()]
        assert shares == pytest.approx([other.availability, other.performance, other.quality, other.oee], rel=1e-12)
