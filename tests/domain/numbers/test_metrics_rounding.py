"""Metrics are computed exactly and rounded once, at the end."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.numbers.metrics import duration, minutes, ratio, rounded
from tests.domain.builders import (
    MORNING,
    a_session,
    an_order,
    paused,
)
from tests.domain.measuring import stage_measured

MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize(
    ("exact", "shown"),
    [("0.0005", "0"), ("0.0015", "0.002"), ("0.0025", "0.002"), ("2.00051", "2.001"), ("-0.0015", "-0.002")],
)
def test_numbers_are_rounded_to_three_places_half_to_even(exact: str, shown: str) -> None:
    assert rounded(Fraction(exact)) == Decimal(shown)


def test_a_half_stays_a_half_although_its_minutes_have_no_end() -> None:
    # 1 s ÷ 200,000 s is 0.0005 % exactly; as decimals, 1/60 and 10,000/3 minutes are not.
    second = timedelta(seconds=1)
    assert ratio("efficiency", minutes(second), minutes(200_000 * second), empty="no_run").value == 0
    assert ratio("efficiency", minutes(3 * second), minutes(200_000 * second), empty="no_run").value == Decimal("0.002")


@given(st.integers(1, 10**12), st.integers(1, 10**12))
def test_a_ratio_of_times_is_what_exact_arithmetic_says(part: int, whole: int) -> None:
    metric = ratio("efficiency", minutes(part * MILLISECOND), minutes(whole * MILLISECOND), empty="no_run")
    scaled, rest = divmod(100_000 * part, whole)
    up = 2 * rest > whole or (2 * rest == whole and scaled % 2 == 1)
    assert metric.value == Decimal(scaled + up) / 1000


def test_the_largest_quantities_can_still_be_measured() -> None:
    most = Decimal("999999999999.999")
    stage = paused(standard_seconds_per_unit=most, good=most)
    effectiveness = stage_measured(an_order(stage), a_session(MORNING, MORNING + MILLISECOND)).metrics["effectiveness"]
    assert isinstance(effectiveness.value, Decimal)
    assert effectiveness.value > 10**27


def test_beside_a_rounded_number_stands_what_it_was_made_of() -> None:
    shown = duration("delay", timedelta(seconds=-90, milliseconds=-1))
    assert shown.value == Decimal("-1.5")
    assert shown.numerator == Decimal(-90_001) / 60_000
    third = ratio("quality", 1, Decimal("1.5"), empty="no_output")
    assert [third.value, third.numerator, third.denominator] == [Decimal("66.667"), Decimal(1), Decimal("1.5")]
