"""Day facts: what an order adds to the numbers of local days.

A day is half-open: 00:00 belongs to the day that begins then. Working time is split at 00:00. The pieces of a session,
a done stage and a done order count in the day of their end.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain import intervals
from chalicelib.domain.instants import milliseconds
from chalicelib.domain.numbers import adherence
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group, Place
from chalicelib.domain.orders.session_records import Quantities, Session, SessionKind
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import TenantSettings

MOST_PEOPLE, MOST_MACHINES = 40, 20
"""Of one stage, so many people and so many machines get its sums, the first ones by id: a transaction holds no more."""


@dataclass(frozen=True)
class StageFact:
    """A stage that was done that day: planned, run, labour and delay in milliseconds, and its quantities.

    `groups` and `ended_at` are None in facts of earlier releases: they were not recorded.
    """

    planned: int
    run: int
    labour: int
    delay: int
    late: bool
    good: Decimal
    scrap: Decimal
    rework: Decimal
    groups: tuple[Group, ...] | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class OrderFact:
    """An order that was done that day: its lead time in milliseconds, and whether it was late."""

    lead: int
    late: bool
    groups: tuple[Group, ...] | None = None


@dataclass(frozen=True)
class SessionFact:
    """The part of a session that lies in the day. What was made in it (also scrap, by reason) is in the day of its end.

    It names its stage and its machine. Facts of earlier releases name neither, or the stage only with a machine, and
    know no quantity but `good`.
    """

    started_at: datetime
    ended_at: datetime
    kind: SessionKind
    good: Decimal = Decimal(0)
    machine_id: str | None = None
    stage_id: str | None = None
    groups: tuple[Group, ...] | None = None
    scrap: dict[str, Decimal] | None = None
    rework: Decimal = Decimal(0)
    pause_reason: str | None = None
    corrects: str | None = None


Fact = StageFact | OrderFact | SessionFact

Lines = Mapping[str, str]
"""The line on which each session was, by its id. A session that is not there was on no line."""


@dataclass(frozen=True)
class FactKey:
    """The key of a fact: its local day, its subject (STAGE, ORDER or SESSION) and the subject's id."""

    day: date
    subject: str
    identity: str


def places_of(day: date, fact: Fact) -> list[Place]:
    """Whose sums a fact of a day belongs to: the plant's, and those of its groups."""
    return [Place(day, group) for group in (WHOLE, *(fact.groups or ()))]


def facts_of(
    order: Order, sessions: Sequence[Session], settings: TenantSettings, lines: Lines | None = None
) -> dict[FactKey, Fact]:
    """All facts of an order, on all days, from its stages and its valid sessions."""
    known = lines or {}
    facts: dict[FactKey, Fact] = dict(_stage_facts(order, sessions, settings, known))
    if order.status is OrderStatus.DONE and order.ended_at:
        late = adherence.order_delay(order, order.ended_at) > settings.grace
        day = intervals.local_day(order.ended_at, settings.timezone)
        lead = order.ended_at - (order.started_at or order.ended_at)
        facts[FactKey(day, "ORDER", order.id)] = OrderFact(milliseconds(lead), late, tuple(_of_order(order)))
    for session in sessions:
        end_day = intervals.local_day(session.ended_at, settings.timezone)
        parts = dict(intervals.by_day((session.started_at, session.ended_at), settings.timezone))
        # A session that ends at 00:00 has no time in the day that begins then, but its pieces count there.
        parts.setdefault(end_day, (session.ended_at, session.ended_at))
        groups = _groups(order, order.stage(session.stage_id), [session], known)
        for day, (start, end) in parts.items():
            made = session.made if day == end_day else Quantities()
            facts[FactKey(day, "SESSION", session.id)] = SessionFact(
                start,
                end,
                session.kind,
                made.good,
                session.machine_id,
                session.stage_id,
                groups,
                made.scrap,
                made.rework,
                session.pause_reason if day == end_day else None,
                session.corrects,
            )
    return facts


def _stage_facts(
    order: Order, sessions: Sequence[Session], settings: TenantSettings, lines: Lines
) -> Iterator[tuple[FactKey, StageFact]]:
    """The facts of the stages that are done."""
    for stage in order.stages:
        if stage.status is not StageStatus.DONE or stage.ended_at is None:
            continue
        own = [session for session in sessions if session.stage_id == stage.id]
        spans = [(session.started_at, session.ended_at) for session in own]
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
                groups=_groups(order, stage, own, lines),
                ended_at=stage.ended_at,
            ),
        )


def _groups(order: Order, stage: Stage, sessions: Iterable[Session], lines: Lines) -> tuple[Group, ...]:
    """The groups of a stage's sessions, or of one of them."""
    own = list(sessions)
    people = sorted({session.worker_id for session in own})[:MOST_PEOPLE]
    at_work = [session for session in own if session.machine_id]
    machines = sorted({session.machine_id for session in at_work if session.machine_id})[:MOST_MACHINES]
    on_lines = sorted({lines[session.id] for session in at_work if session.id in lines})[:MOST_MACHINES]
    return (
        *_of_order(order),
        Group(Dimension.STAGE, stage.name),
        *(Group(Dimension.WORKER, worker_id) for worker_id in people),
        *(Group(Dimension.MACHINE, machine_id) for machine_id in machines),
        *(Group(Dimension.LINE, line) for line in on_lines),
    )


def _of_order(order: Order) -> Iterator[Group]:
    """The groups of an order."""
    yield Group(Dimension.PRODUCT, order.product_code)
    if order.customer is not None:
        yield Group(Dimension.CUSTOMER, order.customer)
