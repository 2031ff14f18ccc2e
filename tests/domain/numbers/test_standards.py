"""Suggested standards: median and quartiles by nearest rank, and what is left out."""

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from random import Random
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.numbers.day_facts import StageFact
from chalicelib.domain.numbers.dimensions import Dimension, Group
from chalicelib.domain.numbers.metrics import Value
from chalicelib.domain.numbers.standards import DoneStage, done_stage, nearest_rank, suggested
from tests.domain.builders import HOUR, MORNING

SECOND = 1000


def done(number: int, seconds: int, pieces: int = 1, name: str = "Montaj") -> DoneStage:
    """A stage of an order of its own, which ended so many hours after the morning."""
    return DoneStage(f"WO-{number}-01", name, MORNING + number * HOUR, seconds * SECOND, Decimal(pieces))


def numbers(stages: list[DoneStage]) -> list[Value]:
    """The lower quartile, the median and the upper quartile."""
    (one,) = suggested(stages)
    names = ("standard_lower_quartile", "suggested_standard", "standard_upper_quartile")
    return [one.metrics[name].value for name in names]


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        ([7], [7, 7, 7]),
        ([7, 9], [7, 7, 9]),
        ([4, 6, 8], [4, 6, 8]),
        ([4, 6, 8, 9], [4, 6, 8]),
        ([1, 2, 3, 4, 5], [2, 3, 4]),
    ],
)
def test_the_median_and_the_quartiles_are_those_of_a_stage(seconds: list[int], expected: list[int]) -> None:
    assert numbers([done(n, each) for n, each in enumerate(seconds)]) == expected


@given(st.lists(st.integers(100, 900), min_size=1, max_size=20))
def test_the_median_is_that_of_the_standard_library(seconds: list[int]) -> None:
    stages = [done(n, each) for n, each in enumerate(seconds)]
    assert numbers(stages)[1] == median_low(seconds)


@given(st.lists(st.integers(1, 9), min_size=1, max_size=20), st.integers(1, 3))
def test_a_rank_is_the_smallest_that_so_many_do_not_exceed(seconds: list[int], quarters: int) -> None:
    in_order = [done(n, each) for n, each in enumerate(sorted(seconds))]
    enough = ceil(Fraction(quarters * len(seconds), 4))
    wanted = min(each for each in seconds if sum(other <= each for other in seconds) >= enough)
    assert nearest_rank(in_order, quarters).pace == wanted


def test_the_median_shows_the_run_seconds_and_the_pieces_of_its_stage() -> None:
    (one,) = suggested([done(1, 100, 30), done(2, 100, 10), done(3, 100, 20)])
    shown = one.metrics["suggested_standard"]
    assert [shown.value, shown.numerator, shown.denominator, one.orders] == [5, 100, 20, 3]


def test_what_tells_nothing_is_left_out_with_its_reason() -> None:
    stages = [done(1, 10), done(2, 11), done(3, 12), done(4, 10, 0), done(5, 0, 9), done(6, 1), done(7, 1100, 10)]
    stages.append(done(8, 111))
    (one,) = suggested(stages)
    assert [(each.stage_id, reason) for each, reason in one.left_out] == [
        ("WO-8-01", "implausible"),
        ("WO-6-01", "implausible"),
        ("WO-5-01", "no_run"),
        ("WO-4-01", "no_output"),
    ]
    assert [each.stage_id for each in one.used] == ["WO-7-01", "WO-3-01", "WO-2-01", "WO-1-01"]


def test_of_two_stages_none_is_implausible_and_without_any_there_is_no_suggestion() -> None:
    (two,) = suggested([done(1, 1), done(2, 500)])
    (none,) = suggested([done(1, 5, 0)])
    assert [len(two.used), len(none.used), none.metrics["suggested_standard"].reason] == [2, 0, "no_data"]


def test_the_last_twenty_of_a_name_are_looked_at_and_names_are_compared_without_case() -> None:
    stages = [done(n, n, name="montaj" if n % 2 else "MONTAJ") for n in range(1, 26)]
    first, second = suggested(stages, ["Kesim", "Montaj", "Montaj"])
    assert [first.name, len(first.used), second.name, len(second.used)] == ["Kesim", 0, "Montaj", 20]
    assert [second.used[0].stage_id, second.used[-1].stage_id] == ["WO-25-01", "WO-6-01"]
    assert suggested(stages)[0].name == "montaj"


@given(st.lists(st.integers(0, 2000), max_size=25), st.randoms())
def test_the_order_of_stages_makes_no_difference(seconds: list[int], chance: Random) -> None:
    stages = [done(n, each, n % 4) for n, each in enumerate(seconds)]
    shuffled = sorted(stages, key=lambda _: chance.random())
    assert suggested(shuffled) == suggested(stages)
    for one in suggested(stages):
        assert len(one.used) + len(one.left_out) == min(len(stages), 20)


def test_a_fact_that_does_not_name_its_stage_is_not_used() -> None:
    fact = StageFact(1, 60_000, 1, 0, late=False, good=Decimal(5), scrap=Decimal(2), rework=Decimal(1))
    named = StageFact(**(vars(fact) | {"groups": (Group(Dimension.STAGE, "Montaj"),), "ended_at": MORNING}))
    assert done_stage("WO-1-01", fact) is None
    known = done_stage("WO-1-01", named)
    assert known == DoneStage("WO-1-01", "Montaj", MORNING, 60_000, Decimal(8))
    assert known.pace == Fraction(timedelta(minutes=1) // timedelta(seconds=1), 8)
