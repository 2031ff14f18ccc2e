"""Facts of an order: all that it adds to the numbers of local days, from its stages and its sessions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from chalicelib.domain import intervals
from chalicelib.domain.instants import milliseconds
from chalicelib.domain.numbers import adherence
from chalicelib.domain.numbers.day_facts import Fact, FactKey, GivenUpFact, OrderFact, SessionFact, StageFact
from chalicelib.domain.numbers.dimensions import Dimension, Group
from chalicelib.domain.orders.flows import last_position
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.tenant_settings import TenantSettings

MOST_PEOPLE, MOST_MACHINES = 40, 20
"""Of one stage, so many people and so many machines get its sums, the first ones by id: a transaction holds no more."""

Lines = Mapping[str, str]
"""The line on which each session was, by its id. A session that is not there, or whose line is empty, was on none."""


def facts_of(
    order: Order, sessions: Sequence[Session], settings: TenantSettings, lines: Lines | None = None
) -> dict[FactKey, Fact]:
    """All facts of an order, on all days, from its stages and its valid sessions."""
    known = lines or {}
    facts: dict[FactKey, Fact] = dict(_stage_facts(order, sessions, settings, known))
    if order.status is OrderStatus.DONE and order.ended_at:
        day = intervals.local_day(order.ended_at, settings.timezone)
        facts[FactKey(day, "ORDER", order.id)] = _order_fact(order, order.ended_at, settings)
    facts |= dict(_given_up(order, sessions, settings, known))
    paused = _pauses(sessions)
    for session in sessions:
        groups = _groups(order, order.stage(session.stage_id), [session], known)
        whole = _session_fact(order, session, paused.get(session.id, 0), groups)
        facts |= {FactKey(day, "SESSION", session.id): part for day, part in _parts(whole, settings.timezone)}
    return facts


def _given_up(
    order: Order, sessions: Sequence[Session], settings: TenantSettings, lines: Lines
) -> Iterator[tuple[FactKey, GivenUpFact]]:
    """The facts of the stages that were skipped or cancelled, and of an order that was cancelled."""
    if order.is_cancelled and order.ended_at:
        day = intervals.local_day(order.ended_at, settings.timezone)
        whole = GivenUpFact(is_order=True, skipped=False, groups=tuple(_of_order(order)), ended_at=order.ended_at)
        yield FactKey(day, "ORDER", order.id), whole
    for stage in order.stages:
        if stage.ended and stage.status is not StageStatus.DONE and stage.ended_at:
            own = [session for session in sessions if session.stage_id == stage.id]
            fact = GivenUpFact(
                is_order=False,
                skipped=stage.status is StageStatus.SKIPPED,
                groups=_groups(order, stage, own, lines),
                ended_at=stage.ended_at,
            )
            yield FactKey(intervals.local_day(stage.ended_at, settings.timezone), "STAGE", stage.id), fact


def _order_fact(order: Order, ended_at: datetime, settings: TenantSettings) -> OrderFact:
    """The fact of an order that is done."""
    return OrderFact(
        lead=milliseconds(ended_at - (order.started_at or ended_at)),
        late=adherence.order_delay(order, ended_at) > settings.grace,
        groups=tuple(_of_order(order)),
        ended_at=ended_at,
        baseline_late=ended_at - order.baseline_end > settings.grace,
        good=sum((stage.good for stage in order.stages if stage.position == _last(order)), Decimal(0)),
    )


def _session_fact(order: Order, session: Session, paused: int, groups: tuple[Group, ...]) -> SessionFact:
    """The fact of a whole session. The pause after it takes `paused` milliseconds."""
    return SessionFact(
        started_at=session.started_at,
        ended_at=session.ended_at,
        kind=session.kind,
        good=session.made.good,
        machine_id=session.machine_id,
        stage_id=session.stage_id,
        groups=groups,
        is_last=order.stage(session.stage_id).position == _last(order),
        scrap=session.made.scrap or None,
        rework=session.made.rework,
        pause_reason=session.pause_reason,
        corrects=session.corrects,
        paused=paused,
        standard=order.stage(session.stage_id).standard_seconds_per_unit,
    )


def _parts(whole: SessionFact, timezone: str) -> Iterator[tuple[date, SessionFact]]:
    """A session's fact, cut into the days that it touches."""
    last = intervals.local_day(whole.ended_at, timezone)
    parts = dict(intervals.by_day((whole.started_at, whole.ended_at), timezone))
    # A session that ends at 00:00 has no time in the day that begins then, but its pieces count there.
    parts.setdefault(last, (whole.ended_at, whole.ended_at))
    for day, (start, end) in parts.items():
        part = replace(whole, started_at=start, ended_at=end)
        if day != last:
            part = replace(part, good=Decimal(0), scrap=None, rework=Decimal(0), pause_reason=None, paused=0)
        yield day, part


def _pauses(sessions: Iterable[Session]) -> dict[str, int]:
    """How many milliseconds nobody worked at the stage after a session, by the session's id.

    A pause begins when the last one who works at the stage stops, for a reason or without one, and ends when somebody
    works again.
    """
    pauses: dict[str, int] = {}
    ends: dict[str, tuple[datetime, str, str]] = {}
    for session in sorted(sessions, key=lambda each: (each.started_at, each.ended_at, each.id)):
        end, _, last = ends.get(session.stage_id, (session.started_at, "", ""))
        if end < session.started_at:
            pauses[last] = milliseconds(session.started_at - end)
        own = (session.ended_at, session.pause_reason or "", session.id)
        ends[session.stage_id] = max(ends.get(session.stage_id, own), own)
    return pauses


def _last(order: Order) -> int | None:
    """The position of the last stage that is not skipped."""
    return last_position([stage.progress for stage in order.stages])


def _stage_facts(
    order: Order, sessions: Sequence[Session], settings: TenantSettings, lines: Lines
) -> Iterator[tuple[FactKey, StageFact]]:
    """The facts of the stages that are done."""
    for stage in order.stages:
        if stage.status is not StageStatus.DONE or stage.ended_at is None:
            continue
        own = [session for session in sessions if session.stage_id == stage.id]
        spans = [(session.started_at, session.ended_at) for session in own]
        delay, standard = adherence.stage_delay(stage, stage.ended_at), stage.standard_seconds_per_unit
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
                baseline_late=stage.ended_at - stage.baseline_end > settings.grace,
                good_from_rework=stage.good_from_rework,
                standard=None if standard is None else standard * stage.taken,
            ),
        )


def _groups(order: Order, stage: Stage, sessions: Iterable[Session], lines: Lines) -> tuple[Group, ...]:
    """The groups of a stage's sessions, or of one of them."""
    own = list(sessions)
    people = sorted({session.worker_id for session in own})[:MOST_PEOPLE]
    at_work = [session for session in own if session.machine_id]
    machines = sorted({session.machine_id for session in at_work if session.machine_id})[:MOST_MACHINES]
    on_lines = sorted({lines[session.id] for session in at_work if lines.get(session.id)})[:MOST_MACHINES]
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
