"""Looking at a plant: what its boards are made of, read once for all of them."""

from collections.abc import Collection, Sequence
from datetime import timedelta

from chalicelib import clock
from chalicelib.domain.boards.needs import MOST_NEEDS
from chalicelib.domain.boards.output import worked_in
from chalicelib.domain.boards.seen import Seen, shift_at
from chalicelib.domain.intervals import Interval, bounds, local_day
from chalicelib.domain.numbers.calendars import DEFAULT, Calendar
from chalicelib.domain.numbers.day_facts import SessionFact
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group
from chalicelib.domain.numbers.hourly import LONGEST_PAUSE, WorkedStage
from chalicelib.domain.numbers.remaining import Remaining
from chalicelib.domain.orders.work_orders import Stage, order_id_of
from chalicelib.domain.priorities import Priority
from chalicelib.services.machines import stops
from chalicelib.services.people import known_people
from chalicelib.services.tenants import settings_of
from chalicelib.storage.machines import machine_issues, machines
from chalicelib.storage.numbers import aggregates, calendars, glances
from chalicelib.storage.orders import issues, stages, work_orders

MOST_WORKED = 60
"""The most stages of a shift of which the sessions are read. Each costs a query."""

DAY = timedelta(days=1)


def look(tenant: str, lines: Collection[str]) -> Seen:
    """Look at a plant, for the boards of these lines and of the plant.

    Costs about 15 requests, and a query for each stage that was worked on in the shift, for at most 60; for lines two
    queries more (docs/data-model.md). A query costs one more for each further MB.
    """
    settings, now = settings_of(tenant), clock.now()
    at_work, unresolved, known = stages.at_work(tenant), issues.unresolved(tenant), machines.every(tenant)
    plants = calendars.find(tenant, DEFAULT)
    shift = shift_at(plants, now, settings.timezone)
    facts = _facts(tenant, (shift.start, now), settings.timezone)
    ids = worked_in((shift.start, now), facts, at_work)
    begun = _begun(tenant, at_work, ids)
    open_orders = {order.id: order for order in work_orders.active_heads(tenant)} if lines else {}
    shown = {order_id_of(stage.id) for stage in begun} | {each.work_order_id or "" for each in unresolved[:MOST_NEEDS]}
    groups = {Group(Dimension.LINE, line).key for line in lines}
    today = local_day(now, settings.timezone)
    seen = glances.glance(tenant, today, shown - open_orders.keys() - {""}, groups)
    return Seen(
        tenant=tenant,
        now=now,
        settings=settings,
        shift=shift,
        machines=known,
        calendars=_calendars(tenant, facts, begun) | ({DEFAULT: plants} if plants else {}),
        at_work=at_work,
        began=[stage for stage in begun if not stage.ended],
        worked=_worked(tenant, begun) if len(ids) <= MOST_WORKED else None,
        facts=facts,
        orders=seen.orders | open_orders,
        issues=unresolved,
        machine_issues=[each.priority or Priority.NORMAL for each in machine_issues.unresolved(tenant)],
        counts=seen.remaining.counts if seen.remaining else Remaining(),
        open_stages=stages.active(tenant) if lines else [],
        open_orders=open_orders,
        sums={group: made.sums for group, made in seen.groups.items()} | ({WHOLE: seen.day.sums} if seen.day else {}),
        stops=stops.touching(tenant, None, (bounds(today, settings.timezone)[0], now)),
        names=_names(tenant, at_work),
    )


def _facts(tenant: str, window: Interval, timezone: str) -> list[SessionFact]:
    """The facts of sessions from 24 hours before a window on."""
    first, last = local_day(window[0] - LONGEST_PAUSE, timezone), local_day(window[1], timezone)
    days = [first + n * DAY for n in range((last - first).days + 1)]
    return [fact for day in days for _, fact in aggregates.sessions_of(tenant, day)]


def _begun(tenant: str, at_work: Sequence[Stage], ids: Collection[str]) -> list[Stage]:
    """The stages that were worked on. If there are too many, those at work come first, and the others are left out."""
    own = [stage.id for stage in at_work]
    wanted = [*own, *sorted({*ids} - {*own})][:MOST_WORKED]
    return sorted(stages.find_all(tenant, wanted), key=lambda stage: stage.id) if wanted else []


def _calendars(tenant: str, facts: Sequence[SessionFact], begun: Sequence[Stage]) -> dict[str, Calendar]:
    """The calendars of the machines that count, of those that have one of their own."""
    named = [fact.machine_id for fact in facts] + [stage.machine_id for stage in begun]
    named += [session.machine_id for stage in begun for session in stage.open_sessions]
    wanted = {machine_id for machine_id in named if machine_id is not None}
    return calendars.find_all(tenant, wanted) if wanted else {}


def _worked(tenant: str, begun: Sequence[Stage]) -> dict[str, WorkedStage]:
    """The stages with their sessions and reports, in one query each."""
    return {stage.id: WorkedStage(stage, *work_orders.written_on_stage(tenant, stage)) for stage in begun}


def _names(tenant: str, at_work: Sequence[Stage]) -> dict[str, str]:
    """The names of the people who are at work. Those not read in the last minute cost one read."""
    wanted = {(tenant, session.worker_id) for stage in at_work for session in stage.open_sessions}
    return {user_id: user.name for (_, user_id), user in known_people.find(wanted).items()}
