"""The summary, as it is asked for: what the lists of what goes on show now, and what today has brought."""

from dataclasses import dataclass

from chalicelib import clock
from chalicelib.domain.numbers import summary
from chalicelib.domain.numbers.summary import Now
from chalicelib.domain.people.users import Actor
from chalicelib.services.numbers import metrics
from chalicelib.services.numbers.metrics import MeasuredDay
from chalicelib.services.tenants import settings_of
from chalicelib.storage.orders import issues, stages, work_orders


@dataclass(frozen=True)
class Summary:
    """What a plant looks like now, and what it got done today."""

    now: Now
    today: MeasuredDay


def of_plant(actor: Actor) -> Summary:
    """Sum a plant up. Five requests, and one more for every megabyte of what goes on; history costs nothing.

    The lists of what goes on lag a little behind the orders; today is as fresh as its watermark tells.
    """
    now = summary.as_it_stands(
        stages.active(actor.tenant),
        work_orders.active_heads(actor.tenant),
        issues.unresolved(actor.tenant),
        clock.now(),
        settings_of(actor.tenant),
    )
    return Summary(now, metrics.of_today(actor))
