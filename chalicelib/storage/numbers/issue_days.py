"""What became of issues on each local day, in the table: one item a day."""

from datetime import date

from chalicelib.domain.numbers.issue_days import IssuesOfDay
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.shape import Key

DIMENSION = "issues"


def at(tenant: str, day: date) -> Key:
    """The key of a day."""
    return keys.daily(tenant, DIMENSION, day.isoformat())


def of_day(tenant: str, day: date) -> IssuesOfDay:
    """Read a day, consistently."""
    return lookup.find(at(tenant, day), IssuesOfDay) or IssuesOfDay(day)


def put(tenant: str, made: IssuesOfDay) -> None:
    """Write a day, on the condition that the stored revision is the one before. Raises ConditionFailed."""
    written = item(at(tenant, made.day), "daily_issues", made, revision=made.revision)
    table.put(written, table.follows(written))


def of_days(tenant: str, first: date, last: date) -> list[IssuesOfDay]:
    """Read the days from `first` to `last`, both included, in one query. Days without issues are left out."""
    partition = keys.daily(tenant, DIMENSION, "").pk
    return [day.read(IssuesOfDay) for day in table.query(partition, between=(first.isoformat(), last.isoformat()))]
