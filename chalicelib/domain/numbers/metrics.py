"""Metric objects: each number shows its formula and its inputs. If there is no value, it is null with a reason.

The catalogue lists every metric with its formula, its source and its reasons: `catalogue.py`.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from chalicelib.domain.instants import milliseconds
from chalicelib.domain.intervals import Interval

NOTHING = timedelta(0)

# A ratio above this is computed rightly, but its plan or its standard makes no sense: ten times as fast as planned.
MOST_PERCENT = 1000
OVER_MOST = "over_1000_percent"

Exact = Decimal | Fraction | int
Value = Decimal | bool | datetime | None


@dataclass(frozen=True)
class Metric:
    """A number with its formula and inputs. Durations are in minutes. `numerator` and `denominator` are not rounded.

    `doubt` tells what makes no sense about a plan or a standard in it; None if nothing is wrong.
    """

    value: Value
    unit: str
    formula: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str | None = None
    doubt: str | None = None

    @property
    def implausible(self) -> bool:
        """Whether a plan or a standard in it makes no sense. The value is computed by the formula all the same."""
        return self.doubt is not None


@dataclass(frozen=True)
class Measured:
    """The metrics of a stage, an order or a day, with their window, their freshness and the number of inputs.

    `watermark` is the time up to which changes have been aggregated; None if that never happened.
    """

    metrics: dict[str, Metric]
    window: Interval
    timezone: str
    as_of: datetime
    revision: int
    complete: bool
    inputs_count: int
    watermark: datetime | None


def minutes(span: timedelta) -> Fraction:
    """A duration in minutes, exact. A decimal is not exact for most durations, and would round some halves wrongly."""
    return Fraction(milliseconds(span), 60_000)


def rounded(number: Fraction) -> Decimal:
    """Round to three places, half to even. A number is rounded only once, for the answer."""
    return Decimal(round(number * 1000)).scaleb(-3)


def duration(name: str, span: timedelta | None, reason: str = "not_started") -> Metric:
    """A metric in minutes, or null with the reason."""
    return lasting(name, None if span is None else Fraction(milliseconds(span)), reason)


def lasting(name: str, spent: Fraction | None, reason: str) -> Metric:
    """A metric in minutes from milliseconds, or null with the reason."""
    if spent is None:
        return Metric(None, "minutes", f"{name}.v1", reason=reason)
    return Metric(rounded(spent / 60_000), "minutes", f"{name}.v1", numerator=shown(spent / 60_000))


def ratio(name: str, numerator: Exact, denominator: Exact, *, empty: str, unless: str | None = None) -> Metric:
    """A ratio in percent. Null with a reason if the denominator is zero or a reason is given.

    Above 1,000 % it is implausible.
    """
    part, whole = Fraction(numerator), Fraction(denominator)
    reason = unless or (empty if whole == 0 else None)
    value = None if reason else rounded(100 * part / whole)
    doubt = OVER_MOST if value is not None and value > MOST_PERCENT else None
    return Metric(value, "percent", f"{name}.v1", shown(part), shown(whole), reason, doubt)


def per_hour(name: str, pieces: Fraction, span: timedelta, *, empty: str, unless: str | None = None) -> Metric:
    """Pieces an hour. Null with a reason if the time has no length or a reason is given."""
    hours = minutes(span) / 60
    reason = unless or (empty if hours == 0 else None)
    value = None if reason else rounded(pieces / hours)
    return Metric(value, "pieces_per_hour", f"{name}.v1", shown(pieces), shown(hours), reason)


def doubted(metric: Metric, doubt: str | None) -> Metric:
    """The metric with a doubt about its inputs. A metric without a value, or without a doubt, stays as it is."""
    return metric if doubt is None or metric.value is None else replace(metric, doubt=doubt)


def shown(number: Fraction) -> Decimal:
    """An input of a metric as a decimal."""
    return Decimal(number.numerator) / number.denominator
