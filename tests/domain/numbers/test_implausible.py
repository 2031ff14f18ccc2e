"""A metric whose plan or standard makes no sense is computed all the same, and says so."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.domain.builders import MINUTE, MORNING, a_session, an_order, finished
from tests.domain.measuring import stage_measured

SECOND = timedelta(seconds=1)


def doubts(planned: timedelta, run: timedelta, standard: int | None = None) -> dict[str, str | None]:
    fields = {} if standard is None else {"standard_seconds_per_unit": Decimal(standard), "good": Decimal(1)}
    order = an_order(finished(planned_end=MORNING + planned, **fields))
    metrics = stage_measured(order, a_session(MORNING, MORNING + run)).metrics
    assert {name for name, metric in metrics.items() if metric.implausible} == {
        name for name, metric in metrics.items() if metric.doubt
    }
    return {name: metric.doubt for name, metric in metrics.items() if metric.doubt}


def test_719280_percent_is_what_the_formula_says_and_is_implausible() -> None:
    order = an_order(finished(planned_end=MORNING + timedelta(minutes=1198, seconds=48)))
    efficiency = stage_measured(order, a_session(MORNING, MORNING + 10 * SECOND)).metrics["efficiency"]
    assert (efficiency.value, efficiency.numerator) == (719_280, Decimal("1198.8"))
    assert (efficiency.implausible, efficiency.doubt) == (True, "over_1000_percent")


def test_a_plan_of_seconds_is_implausible_however_long_it_took() -> None:
    short = {"planned_duration": "plan_under_a_minute", "efficiency": "plan_under_a_minute"}
    assert doubts(59 * SECOND, MINUTE) == short
    assert doubts(59 * SECOND, SECOND) == short
    assert doubts(60 * SECOND, MINUTE) == {}


@pytest.mark.parametrize(("planned", "implausible"), [(600, False), (601, True)])
def test_more_than_ten_times_as_fast_as_planned_is_implausible(planned: int, *, implausible: bool) -> None:
    assert ("efficiency" in doubts(planned * SECOND, MINUTE)) is implausible


@pytest.mark.parametrize(("standard", "implausible"), [(600, False), (601, True)])
def test_more_than_ten_times_as_fast_as_the_standard_is_implausible(standard: int, *, implausible: bool) -> None:
    assert ("effectiveness" in doubts(60 * MINUTE, MINUTE * 10, standard * 10)) is implausible


def test_what_has_no_value_has_no_doubt() -> None:
    order = an_order(finished(planned_end=MORNING + SECOND))
    efficiency = stage_measured(order).metrics["efficiency"]
    assert (efficiency.value, efficiency.reason, efficiency.implausible) == (None, "no_run", False)
