"""Metrics of a stage, of an order, and of the days of a range."""

from dataclasses import dataclass, replace
from datetime import date

from chalicelib import clock
from chalicelib.domain import intervals
from chalicelib.domain.numbers import days, metrics
from chalicelib.domain.numbers.days import DaySums
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.settling import Waiting
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenants import TenantSettings
from chalicelib.services.tenants import settings_of
from chalicelib.storage import markers
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.numbers.aggregates import Daily
from chalicelib.storage.orders import stages, work_orders

MOST_MARKERS = 1_000


@dataclass(frozen=True)
class MeasuredDay:
    """A local day, its sums and its metrics."""

    day: date
    sums: DaySums
    measured: Measured


def of_stage(actor: Actor, stage_id: str) -> Measured:
    """Measure a stage as of now, in one query. Raises StageNotFound."""
    worked = work_orders.load_worked_of_stage(actor.tenant, stage_id)
    stage = worked.order.stage_seen_by(actor, stage_id)
    return metrics.of_stage(worked.order, stage, worked.sessions, clock.now(), settings_of(actor.tenant))


def of_order(actor: Actor, order_id: str) -> Measured:
    """Measure an order as of now, in one query. Workers may if they may see one of its stages. Raises OrderNotFound."""
    worked = work_orders.load_worked(actor.tenant, order_id)
    worked.order.seen_by(actor)
    return metrics.of_order(worked.order, worked.sessions, clock.now(), settings_of(actor.tenant))


def today(tenant: str) -> date:
    """The present day in the plant's time zone."""
    return intervals.local_day(clock.now(), settings_of(tenant).timezone)


def of_days(actor: Actor, first: date, last: date) -> list[MeasuredDay]:
    """Measure the local days from `first` to `last`, both included. Days without facts are left out.

    A day has the sums of its last aggregation. Costs three queries.
    """
    waiting = _waiting(actor.tenant)
    settings = settings_of(actor.tenant)
    return [_measured(daily, settings, waiting) for daily in aggregates.dailies(actor.tenant, first, last)]


def of_day(tenant: str, day: date, made: Daily | None) -> MeasuredDay:
    """Measure a day that is not over from its sums; None if it has no sums yet. Reads nothing."""
    return _measured(made or Daily(day, DaySums(), clock.now(), revision=0), settings_of(tenant), Waiting())


def _waiting(tenant: str) -> Waiting:
    """What can still change the numbers of a plant.

    It is read before the sums, and open sessions before markers. A session that closes in between leaves a marker, and
    a marker is deleted only after the sums are written.
    """
    stage = stages.first_at_work(tenant)
    open_since = min((session.started_at for session in stage.open_sessions), default=None) if stage else None
    pending, more = markers.of_tenant(tenant, limit=MOST_MARKERS)
    return Waiting(open_since, tuple(pending), more)


def _measured(daily: Daily, settings: TenantSettings, waiting: Waiting) -> MeasuredDay:
    """Measure a day. It is not complete while something waits that can change it."""
    measured = days.of_day(
        daily.day,
        daily.sums,
        revision=daily.revision,
        as_of=daily.made_at,
        watermark=daily.made_at if daily.revision else None,
        late_window=settings.late_window,
        timezone=settings.timezone,
        now=clock.now(),
    )
    settled = not waiting.touches(daily.day, settings.timezone)
    return MeasuredDay(daily.day, daily.sums, replace(measured, complete=measured.complete and settled))
