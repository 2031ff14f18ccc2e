"""The catalogue holds every metric that can be answered, every reason for null, and nothing else."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from chalicelib.domain.numbers import catalogue, days, hourly, issue_metrics, oee, pareto, standards
from chalicelib.domain.numbers.catalogue_entries import Entry, Of
from chalicelib.domain.numbers.day_sums import DaySums, FinishedOrders, FinishedStages
from chalicelib.domain.numbers.issue_days import IssueOfDay
from chalicelib.domain.numbers.issue_metrics import OpenAge, answer_times
from chalicelib.domain.numbers.machine_time import MachineTime
from chalicelib.domain.numbers.metrics import Metric
from chalicelib.domain.orders.issues import IssueType
from chalicelib.domain.orders.session_records import Quantities
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Stage
from tests.domain.builders import HOUR, MINUTE, MORNING, a_session, an_order, at_work, finished, in_progress, paused
from tests.domain.builders import a_stage as planned
from tests.domain.measuring import order_measured, stage_measured

Metrics = Mapping[str, Metric]

SECONDS = timedelta(seconds=1)


def some_stages() -> Iterator[Stage]:
    """Stages in every status, with and without a standard and pieces, planned for hours and for seconds."""
    standards, quantities, plans = (None, Decimal(60)), (Decimal(0), Decimal(40)), (2 * HOUR, 30 * SECONDS)
    for standard, good, length in product(standards, quantities, plans):
        fields: dict[str, Any] = {"standard_seconds_per_unit": standard, "good": good, "planned_end": MORNING + length}
        yield planned(**fields)
        yield in_progress(at_work(), **fields)
        yield paused(**fields)
        for status in (StageStatus.DONE, StageStatus.SKIPPED, StageStatus.CANCELLED):
            yield finished(status=status, **fields)
            yield planned(status=status, ended_at=MORNING + HOUR, **fields)
    yield finished(ended_at=MORNING)
    yield in_progress(standard_seconds_per_unit=Decimal(10**12))


def of_stages() -> Iterator[Metrics]:
    for stage, length in product(some_stages(), (0 * MINUTE, SECONDS, HOUR)):
        yield stage_measured(an_order(stage), a_session(MORNING, MORNING + length)).metrics


def of_orders() -> Iterator[Metrics]:
    for stage, length in product(some_stages(), (0 * MINUTE, SECONDS, HOUR)):
        status = OrderStatus.CANCELLED if stage.status is StageStatus.CANCELLED else OrderStatus.PLANNED
        yield order_measured(an_order(stage, status=status), a_session(MORNING, MORNING + length)).metrics


def of_days() -> Iterator[Metrics]:
    hour = 3_600_000
    standards = ((0, 0), (1, 0), (1, 1_000), (1, hour))
    for done, run, (standard, long), good in product((0, 1), (0, 1_000, hour), standards, (Decimal(0), Decimal(9))):
        made: dict[str, Any] = {"good": good * done, "with_standard": standard * done, "standard_run": long}
        stages = FinishedStages(done=done, planned=done * hour, run=run, standard=Decimal(60), **made)
        sums = DaySums(stages, FinishedOrders(done=done))
        whole: dict[str, Any] = {"revision": 1, "as_of": MORNING, "watermark": MORNING, "now": MORNING}
        measured = days.of_day(MORNING.date(), sums, **whole, late_window=HOUR, timezone="Europe/Istanbul")
        yield measured.metrics | answer_times([])
        yield days.unrecorded(measured.metrics) | answer_times([])


def of_issues() -> Iterator[Metrics]:
    yield issue_metrics.of_group([], []).metrics
    issue = IssueOfDay("1", IssueType.TOOLING, "M1", reported=True, acknowledged=1, resolved=1)
    yield issue_metrics.of_group([issue], [OpenAge(IssueType.TOOLING, "M1", 1)]).metrics


def of_hours() -> Iterator[Metrics]:
    shift = [(MORNING, MORNING + HOUR)]
    pieces = Quantities(good=Decimal(5_000))
    for standard, busy, worked in product((None, Decimal(60)), (None, [], shift), (False, True)):
        sessions = [a_session(MORNING, MORNING + HOUR / 2, made=pieces)] if worked else []
        stage = hourly.WorkedStage(planned(standard_seconds_per_unit=standard), sessions, [])
        looked = hourly.Looked([stage], None, busy, None, HOUR)
        yield hourly.rows_of(looked, (MORNING, MORNING + HOUR))[1].metrics


def of_losses() -> Iterator[Metrics]:
    losses = [pareto.Loss(reason, Fraction(size)) for reason, size in (("material", 3), (None, 1), ("tooling", 0))]
    for some in (losses, [pareto.Loss("break", Fraction(0))]):
        yield from (row.metrics for row in pareto.rows_of(some)[0])


def of_products() -> Iterator[Metrics]:
    for pieces in (0, 5):
        done = standards.DoneStage("WO-1-01", "Montaj", MORNING, 60_000, Decimal(pieces))
        yield standards.suggested([done])[0].metrics


def of_machines() -> Iterator[Metrics]:
    hour = 60 * oee.MICROSECONDS_A_MINUTE
    quantities = (Quantities(), Quantities(Decimal(60)), Quantities(Decimal(60), rework=Decimal(-59)))
    reasons, a_piece = (None, "no_calendar", "no_data"), (None, Decimal(60), Decimal(3600))
    for made, standard, producing, unless in product(quantities, a_piece, (0, hour), reasons):
        booked = oee.Booked(made.good, made.scrapped, made.rework, standard)
        yield oee.metrics_of(oee.OeeSums(MachineTime(producing, producing), oee.made_of(booked)), unless)


# Everything that answers metrics. A new family is added here with all that can become of it.
ANSWERED: Mapping[Of, list[Metrics]] = {
    Of.STAGE: list(of_stages()),
    Of.ORDER: list(of_orders()),
    Of.DAY: list(of_days()),
    Of.HOUR: list(of_hours()),
    Of.LOSS: list(of_losses()),
    Of.PRODUCT: list(of_products()),
    Of.MACHINE: list(of_machines()),
    Of.ISSUES: list(of_issues()),
}


def entries_of(family: Of) -> dict[str, Entry]:
    return {name: entry for name, entry in catalogue.BY_NAME.items() if family in entry.of}


@pytest.mark.parametrize("family", Of)
def test_every_metric_that_is_answered_is_in_the_catalogue_and_nothing_else_is(family: Of) -> None:
    expected = {(entry.name, entry.formula, entry.unit) for entry in entries_of(family).values()}
    for metrics in ANSWERED[family]:
        assert {(name, metric.formula, metric.unit) for name, metric in metrics.items()} == expected


@pytest.mark.parametrize("entry", catalogue.ENTRIES, ids=lambda entry: entry.name)
def test_every_reason_and_every_doubt_that_can_be_given_is_declared_and_no_other_is(entry: Entry) -> None:
    given = [metrics[entry.name] for family in entry.of for metrics in ANSWERED[family]]
    assert {metric.reason for metric in given if metric.reason} == set(entry.reasons)
    assert {metric.doubt for metric in given if metric.doubt} == set(entry.doubts)


def test_a_metric_has_a_value_or_a_reason_and_never_both() -> None:
    for metric in (metric for answers in ANSWERED.values() for metrics in answers for metric in metrics.values()):
        assert (metric.value is None) is (metric.reason is not None), metric
        assert metric.value is not None or not metric.implausible, metric


def test_no_two_entries_have_one_name_and_every_entry_is_found_by_it() -> None:
    assert len(catalogue.BY_NAME) == len(catalogue.ENTRIES) > 20


def test_every_reason_and_every_doubt_is_explained_and_no_other_is() -> None:
    only_in_exports = {"not_aggregated"}
    assert {reason for entry in catalogue.ENTRIES for reason in entry.reasons} | only_in_exports == set(
        catalogue.REASONS
    )
    assert {doubt for entry in catalogue.ENTRIES for doubt in entry.doubts} == set(catalogue.DOUBTS)


@pytest.mark.parametrize("entry", catalogue.ENTRIES, ids=lambda entry: entry.name)
def test_every_example_has_a_value_that_its_formula_computes(entry: Entry) -> None:
    worked = entry.worked
    assert (worked.formula, worked.unit, worked.reason, worked.doubt) == (entry.formula, entry.unit, None, None)
    if worked.denominator is not None and worked.numerator is not None and entry.unit == "percent":
        assert worked.value == round(100 * worked.numerator / worked.denominator, 3)


def test_the_examples_of_the_design_stand_in_the_catalogue() -> None:
    """A stage of 60 minutes that ran for 50, with a night between."""
    worked = {name: entry.worked.value for name, entry in catalogue.BY_NAME.items()}
    assert (worked["actual_duration"], worked["efficiency"]) == (50, 120)
    assert catalogue.BY_NAME["on_time_rate"].example.measured()["efficiency"].value == Decimal("64.023")
