"""What machines counted for a stage, and how long they stood still meanwhile."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib import clock
from chalicelib.domain.intervals import Interval, local_day, merged
from chalicelib.domain.machines.readings import DEFAULT_SENSOR
from chalicelib.domain.numbers.attribution import (
    LONGEST,
    MOST_CUTS,
    CountedOfStage,
    CountedThere,
    around,
    counted_there,
    cuts_of,
    of_stage,
    times_on_machines,
    with_stops,
)
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.services.machines.production import pieces_between
from chalicelib.services.machines.stops import stops_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.orders import stages, work_orders

DAY = timedelta(days=1)


def counted(actor: Actor, stage_id: str) -> CountedOfStage:
    """Read what machines counted for a stage, beside what people reported.

    Costs a query of the order, and what `machine_count` costs. Raises StageNotFound.
    """
    worked = work_orders.load_worked_of_stage(actor.tenant, stage_id)
    return machine_count(actor.tenant, worked.order.stage_seen_by(actor, stage_id), worked.sessions)


def machine_count(tenant: str, stage: Stage, sessions: Iterable[Session]) -> CountedOfStage:
    """What machines counted for a stage, from its sessions that count.

    Sessions of other stages on the same machines are read from the facts of their days, so a session that ended a
    moment ago may be missing for up to a minute, and from the list of stages that are worked on now.

    Costs a query of the stages that are worked on, one for each local day from 8 hours before the
    first start to 8 hours after the last end, and for each machine one for each month, one of the explanations, and one
    for each hour in which somebody began or ended work there, 100 in all at most.
    """
    now, settings = clock.now(), settings_of(tenant)
    own = times_on_machines(stage, sessions, now)
    ends = [at for spans in own.values() for at in (spans[0][0], spans[-1][1])]
    if ends and max(ends) - min(ends) > LONGEST:
        return of_stage(stage, [], settings, now, "too_long")
    others = _others(tenant, stage, own, settings, now)
    times = {machine_id: {stage.id: spans, **others.get(machine_id, {})} for machine_id, spans in own.items()}
    cuts = {machine_id: cuts_of(around(own[machine_id], now), each) for machine_id, each in times.items()}
    if sum(len(each) for each in cuts.values()) > MOST_CUTS:
        return of_stage(stage, [], settings, now, "too_long")
    there = [_there(tenant, machine_id, stage.id, each, cuts[machine_id], now) for machine_id, each in times.items()]
    return of_stage(stage, there, settings, now)


def _others(
    tenant: str, stage: Stage, own: Mapping[str, Sequence[Interval]], settings: TenantSettings, now: datetime
) -> dict[str, dict[str, list[Interval]]]:
    """When other stages were worked on at the same machines: machine, stage, times."""
    spans: dict[str, dict[str, list[Interval]]] = {machine_id: {} for machine_id in own}
    for machine_id, stage_id, span in [*_ended(tenant, own, settings, now), *_going_on(tenant, own, now)]:
        if machine_id in own and stage_id != stage.id:
            spans[machine_id].setdefault(stage_id, []).append(span)
    return {
        machine_id: {stage_id: merged(each) for stage_id, each in of_stages.items()}
        for machine_id, of_stages in spans.items()
    }


def _ended(
    tenant: str, own: Mapping[str, Sequence[Interval]], settings: TenantSettings, now: datetime
) -> Iterator[tuple[str, str, Interval]]:
    """The closed sessions of the days around a stage's time on machines, each cut into its days."""
    windows = [around(spans, now) for spans in own.values()]
    days = {
        local_day(since + n * DAY, settings.timezone)
        for since, until in windows
        for n in range((until - since) // DAY + 2)
    }
    for day in sorted(days):
        for _, fact in aggregates.sessions_of(tenant, day):
            if fact.machine_id and fact.stage_id:
                yield fact.machine_id, fact.stage_id, (fact.started_at, fact.ended_at)


def _going_on(tenant: str, own: Mapping[str, object], now: datetime) -> Iterator[tuple[str, str, Interval]]:
    """The sessions that are open, until now."""
    for at_work in stages.at_work(tenant) if own else ():
        for session in at_work.open_sessions:
            if session.machine_id:
                yield session.machine_id, at_work.id, (session.started_at, now)


def _there(
    tenant: str,
    machine_id: str,
    stage_id: str,
    times: Mapping[str, Sequence[Interval]],
    cuts: Sequence[datetime],
    now: datetime,
) -> CountedThere:
    """What one machine did for a stage."""
    settings, own = settings_of(tenant), times[stage_id]
    since, until = cuts[0] - settings.max_carry, cuts[-1]
    pieces = pieces_between(tenant, machine_id, {DEFAULT_SENSOR}, since, until, set(cuts))
    there = counted_there(machine_id, stage_id, times, pieces, now, settings.max_carry)
    stops = stops_of(tenant, machine_id, pieces, (since, until), until)
    return with_stops(there, stops, own, until)
