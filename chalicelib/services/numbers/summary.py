"""The summary: the state of a plant now, and the numbers of today."""

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
    """The state of a plant now, and its metrics of today."""

    now: Now
    today: MeasuredDay


def of_plant(actor: Actor) -> Summary:
    """Sum up a plant. Costs four requests, and one more for each megabyte of what has not ended.

    The lists of stages, orders and issues are slightly behind the orders. Today is as fresh as its watermark says.
    """
    now = summary.as_it_stands(
        stages.active(actor.tenant),
        work_orders.active_heads(actor.tenant),
        issues.unresolved(actor.tenant),
        clock.now(),
        settings_of(actor.tenant),
    )
    return Summary(now, metrics.of_today(actor))
