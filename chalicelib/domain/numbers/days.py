"""Days: the sums of a day's facts, and the metrics made of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from chalicelib.domain import intervals
from chalicelib.domain.instants import milliseconds
from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers import metrics
from chalicelib.domain.numbers.day_facts import Fact, OrderFact, SessionFact, StageFact
from chalicelib.domain.numbers.metrics import Measured, Metric, minutes
from chalicelib.domain.numbers.progress import NOT_RECORDED
from chalicelib.domain.orders.session_records import SessionKind


@dataclass(frozen=True)
class FinishedStages:
    """Sums over the stages done in a day. Times are in milliseconds."""

    done: int = 0
    late: int = 0
    planned: int = 0
    run: int = 0
    labour: int = 0
    delay: int = 0
    good: Decimal = Decimal(0)
    scrap: Decimal = Decimal(0)
    rework: Decimal = Decimal(0)


@dataclass(frozen=True)
class FinishedOrders:
    """Sums over the orders done in a day. The lead time is in milliseconds."""

    done: int = 0
    late: int = 0
    lead: int = 0


@dataclass(frozen=True)
class WorkedTime:
    """Sums over the parts of sessions in a day. Times are in milliseconds. Run time is the union of the sessions."""

    run: int = 0
    labour: int = 0
    setup: int = 0
    pieces: Decimal = Decimal(0)


@dataclass(frozen=True)
class DaySums:
    """The sums of a day, of the plant or of a group. Ratios are computed from them when they are read.

    `recorded` of the `facts` name their groups. Facts of earlier releases do not.
    """

    stages: FinishedStages = field(default_factory=FinishedStages)
    orders: FinishedOrders = field(default_factory=FinishedOrders)
    time: WorkedTime = field(default_factory=WorkedTime)
    facts: int = 0
    recorded: int = 0

    @property
    def whole(self) -> bool:
        """Whether all facts name their groups."""
        return self.recorded == self.facts


def summed(facts: Iterable[Fact]) -> DaySums:
    """The sums of a day's facts. Their order does not matter."""
    everything = list(facts)
    stages = [fact for fact in everything if isinstance(fact, StageFact)]
    orders = [fact for fact in everything if isinstance(fact, OrderFact)]
    sessions = [fact for fact in everything if isinstance(fact, SessionFact)]
    spans: list[Interval] = [(fact.started_at, fact.ended_at) for fact in sessions]
    setups = [(fact.started_at, fact.ended_at) for fact in sessions if fact.kind is SessionKind.SETUP]
    return DaySums(
        stages=FinishedStages(
            done=len(stages),
            late=sum(fact.late for fact in stages),
            planned=sum(fact.planned for fact in stages),
            run=sum(fact.run for fact in stages),
            labour=sum(fact.labour for fact in stages),
            delay=sum(fact.delay for fact in stages),
            good=sum((fact.good for fact in stages), Decimal(0)),
            scrap=sum((fact.scrap for fact in stages), Decimal(0)),
            rework=sum((fact.rework for fact in stages), Decimal(0)),
        ),
        orders=FinishedOrders(len(orders), sum(fact.late for fact in orders), sum(fact.lead for fact in orders)),
        time=WorkedTime(
            run=milliseconds(intervals.union(spans)),
            labour=milliseconds(intervals.total(spans)),
            setup=milliseconds(intervals.total(setups)),
            pieces=sum((fact.good for fact in sessions), Decimal(0)),
        ),
        facts=len(everything),
        recorded=sum(fact.groups is not None for fact in everything),
    )


def of_day(
    day: date,
    sums: DaySums,
    *,
    revision: int,
    as_of: datetime,
    watermark: datetime | None,
    late_window: timedelta,
    timezone: str,
    now: datetime,
) -> Measured:
    """Measure a day. Ratios are sum over sum. The day is complete once its end and the late window have passed."""
    window = intervals.bounds(day, timezone)
    stages, orders = sums.stages, sums.orders
    planned, run = (minutes(timedelta(milliseconds=each)) for each in (stages.planned, stages.run))
    on_time, orders_on_time = stages.done - stages.late, orders.done - orders.late
    measured = {
        "efficiency": metrics.ratio("efficiency", planned, run, empty="no_run" if stages.done else "no_data"),
        "on_time_rate": metrics.ratio("on_time_rate", on_time, stages.done, empty="no_data"),
        "order_on_time_rate": metrics.ratio("order_on_time_rate", orders_on_time, orders.done, empty="no_data"),
        "delay": metrics.duration("delay", timedelta(milliseconds=stages.delay) if stages.done else None, "no_data"),
        "run": metrics.duration("run", timedelta(milliseconds=sums.time.run)),
        "labour": metrics.duration("labour", timedelta(milliseconds=sums.time.labour)),
    }
    complete = now >= window[1] + late_window
    return Measured(measured, window, timezone, as_of, revision, complete, sums.facts, watermark)


def unrecorded(measured: Mapping[str, Metric]) -> dict[str, Metric]:
    """The metrics of a group on a day that an earlier release summed only for the whole plant: all are null."""
    return {name: Metric(None, metric.unit, metric.formula, reason=NOT_RECORDED) for name, metric in measured.items()}
