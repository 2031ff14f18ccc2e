"""Numbers of issues: the aggregation of a day, and the numbers of a window."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice

from chalicelib import clock
from chalicelib.domain import intervals
from chalicelib.domain.numbers.issue_days import by_day, remade
from chalicelib.domain.numbers.issue_metrics import MOST_MACHINES, IssueNumbers, ages, by_machine, by_type, of_group
from chalicelib.domain.numbers.metrics import Measured
from chalicelib.domain.people.users import Actor
from chalicelib.services.numbers.settling import unsettled
from chalicelib.services.tenants import settings_of
from chalicelib.storage.numbers import issue_days
from chalicelib.storage.orders import issues


def remake(tenant: str, issue_id: str, day: date) -> None:
    """Write what became of an issue on a day, as it is now. Reads the day first, then the issue.

    To do it again changes nothing, but raises the revision; otherwise a slower run could write an older state over it.
    Raises ConditionFailed.
    """
    before = issue_days.of_day(tenant, day)
    made_at = clock.now()
    issue = issues.find(tenant, issue_id)
    now = by_day(issue, settings_of(tenant).timezone).get(day) if issue else None
    issue_days.put(tenant, remade(before, issue_id, now, made_at))


def of_window(actor: Actor, first: date, last: date) -> IssueNumbers:
    """The numbers of issues from the local day `first` to `last`, both included.

    Those that are open now are counted too. Costs three queries. The window is complete when it is over and nothing
    waits that may change it.
    """
    settings, now = settings_of(actor.tenant), clock.now()
    waiting = unsettled(actor.tenant)
    days = issue_days.of_days(actor.tenant, first, last)
    listed = [each for day in days for each in day.issues]
    old = ages(issues.unresolved(actor.tenant), now)
    window = (intervals.bounds(first, settings.timezone)[0], intervals.bounds(last, settings.timezone)[1])
    total, machines = of_group(listed, old), by_machine(listed, old)
    settled = not any(waiting.touches(day, settings.timezone) for day in _all(first, last))
    measured = Measured(
        metrics=dict(total.metrics),
        window=window,
        timezone=settings.timezone,
        as_of=now,
        revision=sum(day.revision for day in days),
        complete=settled and now >= window[1] and not any(day.more for day in days),
        inputs_count=len(listed) + len(old),
        watermark=max((day.made_at for day in days if day.made_at), default=None),
    )
    return IssueNumbers(
        total=total,
        by_type=by_type(listed, old),
        by_machine=dict(islice(machines.items(), MOST_MACHINES)),
        more=len(machines) > MOST_MACHINES,
        measured=measured,
    )


def _all(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
