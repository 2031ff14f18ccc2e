"""Days: what an order adds to the numbers of a local day (its facts), and the sums of a day's facts.

A day is half-open: 00:00 belongs to the day that begins then. Working time is split at 00:00. The pieces of a session,
a done stage and a done order count in the day of their end.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal

from chalicelib.domain import intervals
from chalicelib.domain.instants import milliseconds
from chalicelib.domain.intervals import Interval
from chalicelib.domain.numbers import adherence, metrics
from chalicelib.domain.numbers.metrics import Measured, minutes
from chalicelib.domain.orders.session_records import Session, SessionKind
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.tenant_settings import TenantSettings


@dataclass(frozen=True)
class StageFact:
    """A stage that was done that day: planned, run, labour and delay in milliseconds, and its quantities."""

    planned: int
    run: int
    labour: int
    delay: int
    late: bool
    good: Decimal
    scrap: Decimal
    rework: Decimal


@dataclass(frozen=True)
class OrderFact:
    """An order that was done that day: its lead time in milliseconds, and whether it was late."""

    lead: int
    late: bool


@dataclass(frozen=True)
class SessionFact:
    """The part of a session that lies in the day. Its pieces count in the day of its end.

    It names its machine and, with that, its stage. Facts of earlier releases name neither.
    """

    started_at: datetime
    ended_at: datetime
    kind: SessionKind
    good: Decimal = Decimal(0)
    machine_id: str | None = None
    stage_id: str | None = None


Fact = StageFact | OrderFact | SessionFact


@dataclass(frozen=True)
class FactKey:
    """The key of a fact: its local day, its subject (STAGE, ORDER or SESSION) and the subject's id."""

    day: date
    subject: str
    identity: str


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
    """The sums of a day. Ratios are computed from them when they are read."""

    stages: FinishedStages = field(default_factory=FinishedStages)
    orders: FinishedOrders = field(default_factory=FinishedOrders)
    time: WorkedTime = field(default_factory=WorkedTime)
    facts: int = 0


def facts_of(order: Order, sessions: Sequence[Session], settings: TenantSettings) -> dict[FactKey, Fact]:
    """All facts of an order, on all days, from its stages and its valid sessions."""
    facts: dict[FactKey, Fact] = dict(_stage_facts(order, sessions, settings))
    if order.status is OrderStatus.DONE and order.ended_at:
        late = adherence.order_delay(order, order.ended_at) > settings.grace
        day = intervals.local_day(order.ended_at, settings.timezone)
        lead = order.ended_at - (order.started_at or order.ended_at)
        facts[FactKey(day, "ORDER", order.id)] = OrderFact(milliseconds(lead), late)
    for session in sessions:
        end_day = intervals.local_day(session.ended_at, settings.timezone)
        parts = dict(intervals.by_day((session.started_at, session.ended_at), settings.timezone))
        # A session that ends at 00:00 has no time in the day that begins then, but its pieces count there.
        parts.setdefault(end_day, (session.ended_at, session.ended_at))
        for day, (start, end) in parts.items():
            good = session.made.good if day == end_day else Decimal(0)
            on_machine = (session.machine_id, session.stage_id) if session.machine_id else ()
            facts[FactKey(day, "SESSION", session.id)] = SessionFact(start, end, session.kind, good, *on_machine)
    return facts


def _stage_facts(
    order: Order, sessions: Sequence[Session], settings: TenantSettings
) -> Iterator[tuple[FactKey, StageFact]]:
    """The facts of the stages that are done."""
    for stage in order.stages:
        if stage.status is not StageStatus.DONE or stage.ended_at is None:
            continue
        spans = [(session.started_at, session.ended_at) for session in sessions if session.stage_id == stage.id]
        delay = adherence.stage_delay(stage, stage.ended_at)
        yield (
            FactKey(intervals.local_day(stage.ended_at, settings.timezone), "STAGE", stage.id),
            StageFact(
                planned=milliseconds(stage.planned_end - stage.planned_start),
                run=milliseconds(intervals.union(spans)),
                labour=milliseconds(intervals.total(spans)),
                delay=milliseconds(delay),
                late=delay > settings.grace,
                good=stage.good,
                scrap=stage.scrap,
                rework=stage.open_rework,
            ),
        )


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
