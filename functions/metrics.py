"""The doors of numbers over many orders."""

from datetime import timedelta

from chalicelib.domain.errors import BadParameter
from chalicelib.schemas.metrics import ListDays, day_out
from chalicelib.schemas.summary import now_out, today_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import metrics, summary
from functions._endpoint import Call, Doors, listing

doors = Doors(__name__)

DEFAULT_DAYS = 7
MOST_DAYS = 366


@doors.route("GET", "/metrics/daily", action="metrics.daily", query=ListDays)
def list_days(call: Call) -> Answer:
    """Read the metrics of local days, `from` and `to` included; by default of the last seven days."""
    last = call.query.last or metrics.today(call.actor.tenant)
    first = call.query.first or last - timedelta(days=DEFAULT_DAYS - 1)
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise BadParameter(f"from must not be after to; the range may have at most {MOST_DAYS} days.")
    found = metrics.of_days(call.actor, first, last)
    return listing([day_out(each.day, each.sums, each.measured) for each in found], None)


@doors.route("GET", "/metrics/summary", action="metrics.summary")
def read_summary(call: Call) -> Answer:
    """Read what runs, is late, blocked, held or forgotten now, and what was done and on time today."""
    found = summary.of_plant(call.actor)
    today = found.today
    return Answer(
        {"now": now_out(found.now), "today": today_out(today.day, today.sums, today.measured, found.now.late)}
    )
