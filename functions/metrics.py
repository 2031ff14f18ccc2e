"""The doors of metrics over many orders, and of the catalogue of all metrics."""

from datetime import date, timedelta

from chalicelib.domain.errors import BadParameter
from chalicelib.schemas.catalogue import CatalogueOut, catalogue_out
from chalicelib.schemas.issue_numbers import IssueNumbersOut, issue_numbers_out
from chalicelib.schemas.metrics import DayOut, ListDays, day_out
from chalicelib.schemas.summary import SummaryOut, summary_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import issue_days, metrics, summary
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)

DEFAULT_DAYS = 7
MOST_DAYS = 366


@doors.route("GET", "/metrics/daily", action="metrics.daily", query=ListDays, answers=ListOf(DayOut))
def list_days(call: Call) -> Answer:
    """Read the metrics of local days, `from` and `to` included; by default of the last seven days."""
    days = metrics.of_days(call.actor, *_range(call))
    return page_of(day_out(day.day, day.sums, day.measured, day.issues) for day in days)


@doors.route("GET", "/metrics/issues", action="metrics.daily", query=ListDays, answers=IssueNumbersOut)
def read_issue_numbers(call: Call) -> Answer:
    """Read how fast issues were answered in a range of local days, and how many repeat: all, by type and by machine."""
    return Answer(issue_numbers_out(issue_days.of_window(call.actor, *_range(call))).plain())


@doors.route("GET", "/metrics/summary", action="metrics.summary", answers=SummaryOut)
def read_summary(call: Call) -> Answer:
    """Read what runs, is late, blocked, held or forgotten now, and what was done and on time today."""
    plant = summary.of_plant(call.actor)
    today = plant.today
    return Answer(summary_out(plant.now, today.day, today.sums, today.measured).plain())


@doors.route("GET", "/metrics/catalogue", action="meta.read", answers=CatalogueOut)
def read_catalogue(_: Call) -> Answer:
    """Read every metric: its formula in words, unit, source, the reasons for which it is null, and an example."""
    return Answer(catalogue_out().plain())


def _range(call: Call) -> tuple[date, date]:
    """The first and the last day that are asked for. Raises BadParameter."""
    last = call.query.last or metrics.today(call.actor.tenant)
    first = call.query.first or last - timedelta(days=DEFAULT_DAYS - 1)
    if not timedelta(0) <= last - first < timedelta(days=MOST_DAYS):
        raise BadParameter(f"from must not be after to; the range may have at most {MOST_DAYS} days.")
    return first, last
