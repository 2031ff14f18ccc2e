"""Metrics of a stage, of an order, and of the days of a range."""

from dataclasses import dataclass, field, replace
from datetime import date

from chalicelib import clock
from chalicelib.domain import intervals
from chalicelib.domain.numbers import days, order_metrics, stage_metrics
from chalicelib.domain.numbers.days import DaySums
from chalicelib.domain.numbers.issue_days import IssuesOfDay
from chalicelib.domain.numbers.issue_metrics import IssueSums, answer_times, sums_of
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.settling import Waiting
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.services.numbers.settling import unsettled
from chalicelib.services.tenants import settings_of
from chalicelib.storage.numbers import aggregates, issue_days
from chalicelib.storage.numbers.aggregates import Daily
from chalicelib.storage.orders import stages, work_orders


@dataclass(frozen=True)
class MeasuredDay:
    """A local day, its sums, its metrics and the sums of its issues."""

    day: date
    sums: DaySums
    measured: Measured
    issues: IssueSums = field(default_factory=IssueSums)


def of_stage(actor: Actor, stage_id: str) -> Measured:
    """Measure a stage as of now, in one query. Raises StageNotFound."""
    worked = work_orders.load_worked_of_stage(actor.tenant, stage_id)
    stage = worked.order.stage_seen_by(actor, stage_id)
    return stage_metrics.of_stage(worked.order, stage, worked.sessions, clock.now(), settings_of(actor.tenant))


def of_order(actor: Actor, order_id: str) -> Measured:
    """Measure an order as of now, in one query. Workers may if they may see one of its stages. Raises OrderNotFound."""
    worked = work_orders.load_worked(actor.tenant, order_id)
    worked.order.seen_by(actor)
    return order_metrics.of_order(worked.order, worked.sessions, clock.now(), settings_of(actor.tenant))


def today(tenant: str) -> date:
    """The present day in the plant's time zone."""
    return intervals.local_day(clock.now(), settings_of(tenant).timezone)


def of_days(actor: Actor, first: date, last: date) -> list[MeasuredDay]:
    """Measure the local days from `first` to `last`, both included. Days without facts are left out.

    A day has the sums of its last aggregation. Costs four queries.
    """
    waiting = _waiting(actor.tenant)
    settings = settings_of(actor.tenant)
    dailies = {daily.day: daily for daily in aggregates.dailies(actor.tenant, first, last)}
    issues = {each.day: each for each in issue_days.of_days(actor.tenant, first, last)}
    return [
        _with_issues(_measured(dailies.get(day) or _nothing(day), settings, waiting), issues.get(day))
        for day in sorted({*dailies, *issues})
    ]


def of_day(tenant: str, day: date, made: Daily | None, issues: IssuesOfDay | None) -> MeasuredDay:
    """Measure a day that is not over from its sums and its issues; None if it has none yet. Reads nothing."""
    return _with_issues(_measured(made or _nothing(day), settings_of(tenant), Waiting()), issues)


def _nothing(day: date) -> Daily:
    """A day on which no order has a fact."""
    return Daily(day, DaySums(), clock.now(), revision=0)


def _with_issues(measured: MeasuredDay, issues: IssuesOfDay | None) -> MeasuredDay:
    """A day with the numbers of its issues."""
    found = issues or IssuesOfDay(measured.day)
    whole = measured.measured
    made = [at for at in (whole.watermark, found.made_at) if at is not None]
    return replace(
        measured,
        issues=sums_of(found.issues),
        measured=replace(
            whole,
            metrics=whole.metrics | answer_times(found.issues),
            as_of=max(made, default=whole.as_of),
            watermark=max(made, default=None),
            revision=whole.revision + found.revision,
            complete=whole.complete and not found.more,
            inputs_count=whole.inputs_count + len(found.issues),
        ),
    )


def _waiting(tenant: str) -> Waiting:
    """What can still change the numbers of a plant.

    Open sessions are read before markers: a session that closes in between leaves a marker.
    """
    stage = stages.first_at_work(tenant)
    open_since = min((session.started_at for session in stage.open_sessions), default=None) if stage else None
    return unsettled(tenant, open_since)


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
