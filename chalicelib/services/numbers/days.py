"""Metrics of local days: of the plant as a whole."""

from dataclasses import dataclass, replace
from datetime import date

from chalicelib import clock
from chalicelib.domain import intervals
from chalicelib.domain.numbers import days
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import WHOLE, Group
from chalicelib.domain.numbers.issue_days import IssuesOfDay
from chalicelib.domain.numbers.issue_metrics import IssueSums, answer_times, sums_of
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.numbers.settling import Waiting
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.services.numbers.settling import unsettled
from chalicelib.services.pages import ListPage, part_of
from chalicelib.services.tenants import settings_of
from chalicelib.storage import cursors
from chalicelib.storage.numbers import daily_sums, issue_days
from chalicelib.storage.numbers.daily_sums import FORM, Daily
from chalicelib.storage.orders import stages


@dataclass(frozen=True)
class MeasuredDay:
    """A local day of the plant or of a group: its sums, its metrics and, of the plant, the sums of its issues.

    If it is not `recorded`, its sums are not those of the group: an earlier release did not keep them.
    """

    day: date
    sums: DaySums
    measured: Measured
    group: Group = WHOLE
    issues: IssueSums | None = None
    recorded: bool = True


def today(tenant: str) -> date:
    """The present day in the plant's time zone."""
    return intervals.local_day(clock.now(), settings_of(tenant).timezone)


def of_plant(actor: Actor, first: date, last: date, *, limit: int, cursor: str | None) -> ListPage[MeasuredDay]:
    """A page of the local days from `first` to `last`, both included. Days without facts are left out.

    A day has the sums of its last aggregation. Costs four queries. Raises BadCursor.
    """
    waiting = waiting_of(actor.tenant)
    settings = settings_of(actor.tenant)
    dailies = {daily.day: daily for daily in daily_sums.between(actor.tenant, first, last)}
    issues = {each.day: each for each in issue_days.of_days(actor.tenant, first, last)}
    bound = cursors.list_id("days", actor.tenant, first, last)
    page = part_of(sorted({*dailies, *issues}), date.isoformat, bound, limit=limit, cursor=cursor)
    made = [
        _with_issues(measured(dailies.get(day) or _nothing(day), settings, waiting), issues.get(day))
        for day in page.items
    ]
    return ListPage(made, page.next_cursor)


def of_day(tenant: str, day: date, made: Daily | None, issues: IssuesOfDay | None) -> MeasuredDay:
    """Measure a day that is not over from its sums and its issues; None if it has none yet. Reads nothing."""
    return _with_issues(measured(made or _nothing(day), settings_of(tenant), Waiting()), issues)


def _nothing(day: date) -> Daily:
    """A day on which no order has a fact."""
    return Daily(day, DaySums(), clock.now(), revision=0, form=FORM)


def _with_issues(made: MeasuredDay, issues: IssuesOfDay | None) -> MeasuredDay:
    """A day with the numbers of its issues."""
    found = issues or IssuesOfDay(made.day)
    whole = made.measured
    instants = [at for at in (whole.watermark, found.made_at) if at is not None]
    return replace(
        made,
        issues=sums_of(found.issues),
        measured=replace(
            whole,
            metrics=whole.metrics | answer_times(found.issues),
            as_of=max(instants, default=whole.as_of),
            watermark=max(instants, default=None),
            revision=whole.revision + found.revision,
            complete=whole.complete and not found.more,
            inputs_count=whole.inputs_count + len(found.issues),
        ),
    )


def waiting_of(tenant: str) -> Waiting:
    """What can still change the numbers of a plant.

    Open sessions are read before markers: a session that closes in between leaves a marker.
    """
    stage = stages.first_at_work(tenant)
    open_since = min((session.started_at for session in stage.open_sessions), default=None) if stage else None
    return unsettled(tenant, open_since)


def measured(daily: Daily, settings: TenantSettings, waiting: Waiting) -> MeasuredDay:
    """Measure a day of the plant or of a group. It is not complete while something waits that can change it."""
    made = days.of_day(
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
    whole = replace(made, complete=made.complete and settled)
    return MeasuredDay(daily.day, daily.sums if daily.current else daily.sums.without_given_up, whole, daily.shown)


def unrecorded(whole: MeasuredDay, group: Group) -> MeasuredDay:
    """A day of a group of which only the numbers of the whole plant are known: all metrics are null."""
    return replace(
        whole,
        measured=replace(whole.measured, metrics=days.unrecorded(whole.measured.metrics)),
        group=group,
        recorded=False,
    )
