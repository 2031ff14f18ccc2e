"""The planned times of a route's stages in an order."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.planning.opening import NewOrder, open_order
from chalicelib.domain.planning.routes import Route, RouteStage, refuse_wrong_standards
from tests.domain.builders import HOUR, MINUTE, MORNING, PELIN


@given(st.integers(1, 60 * 24 * 400), st.lists(st.booleans(), min_size=1, max_size=40))
@example(4, [False, False, False])
def test_the_stages_of_a_route_fill_the_order_to_the_millisecond(minutes: int, timed: list[bool]) -> None:
    """Cut one by one, three thirds of four minutes end 1 ms early: the last stage was late when it was done on time."""
    untimed = len(timed) - sum(timed)
    minutes += len(timed)
    stages = tuple(RouteStage(f"s{n}", Decimal(1) if has else None) for n, has in enumerate(timed))
    end = MORNING + minutes * MINUTE
    planned = Route("P-1", stages, MORNING, "pelin").planned(end - MORNING)
    order = open_order(
        NewOrder("P-1", Decimal(10), MORNING, end, "L-1", stages=planned), PELIN, "order", MORNING - HOUR
    )
    starts = [stage.planned_start for stage in order.stages]
    ends = [stage.planned_end for stage in order.stages]
    assert starts == [MORNING, *ends[:-1]]
    assert ends[-1] == (end if untimed else MORNING + len(timed) * MINUTE)
    assert all(instant.microsecond % 1000 == 0 for instant in ends)


def stage(given: str | None = None, cycle: str | None = None, cavities: int | None = None) -> RouteStage:
    standards = [None if each is None else Decimal(each) for each in (given, cycle)]
    return RouteStage("Enjeksiyon", None, standards[0], None, standards[1], cavities)


@pytest.mark.parametrize(
    ("wanted", "standard"),
    [
        (stage(), None),
        (stage("7.5"), "7.5"),
        (stage(None, "30"), "30"),
        (stage(None, "30", 4), "7.5"),
        (stage("7.5", "30", 4), "7.5"),
        (stage(None, "40", 3), "13.333"),
        (stage(None, "0.0025", 5), "0"),
        (stage("13.333", "40", 3), "13.333"),
    ],
)
def test_a_cycle_makes_a_piece_in_each_cavity(wanted: RouteStage, standard: str | None) -> None:
    assert wanted.standard == (None if standard is None else Decimal(standard))
    (planned,) = Route("P-1", (wanted,), MORNING, "pelin").planned(HOUR)
    assert planned.standard_seconds_per_unit == wanted.standard


@pytest.mark.parametrize(
    ("wanted", "field", "code"),
    [
        (stage("7.5", None, 4), "cycle_seconds", "missing"),
        (stage(None, "0.001", 4), "cycle_seconds", "too_short"),
        (stage("8", "30", 4), "standard_seconds_per_unit", "differs"),
    ],
)
def test_a_standard_that_cannot_be_is_refused(wanted: RouteStage, field: str, code: str) -> None:
    with pytest.raises(InvalidFields) as refused:
        refuse_wrong_standards([stage("7.5", "30", 4), stage(), stage("6"), wanted])
    assert [(error.field, error.code) for error in refused.value.errors] == [(f"stages[3].{field}", code)]


def test_a_whole_standard_is_written_without_an_exponent_where_it_is_told() -> None:
    with pytest.raises(InvalidFields, match="must be 100,"):
        refuse_wrong_standards([stage("90", "100")])
