"""Plain arithmetic for numbers that are computed again: instants, spans and exact fractions, with nothing of Takip."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

Row = dict[str, Any]
Span = tuple[datetime, datetime]
NOTHING = timedelta(0)


def share(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    """A ratio in percent as it is shown."""
    return shown(100 * Fraction(part) / Fraction(whole)) if whole else None


def percent(part: timedelta, whole: timedelta) -> Fraction | None:
    """A ratio of durations in percent."""
    return share(seconds(part), seconds(whole))


def minutes(span: timedelta | None) -> Fraction | None:
    """A duration as it is shown."""
    return None if span is None else shown(seconds(span) / 60)


def shown(exact: Fraction) -> Fraction:
    """A number as it is shown: rounded once, half to even, to three places."""
    return Fraction(round(exact * 1000), 1000)


def seconds(span: timedelta) -> Fraction:
    """A duration in seconds, exact."""
    return Fraction(span // timedelta(microseconds=1), 1_000_000)


def spans_of(rows: Iterable[Row]) -> list[Span]:
    """The times of inputs."""
    return [(at(row["started_at"]), at(row["ended_at"])) for row in rows if row["started_at"]]


def union(spans: Iterable[Span]) -> timedelta:
    """The time that at least one of them covers."""
    covered, reached = NOTHING, datetime.min.replace(tzinfo=UTC)
    for start, end in sorted(spans):
        covered += max(end - max(start, reached), NOTHING)
        reached = max(reached, end)
    return covered


def common(ones: list[Span], others: list[Span]) -> timedelta:
    """The time that both cover."""
    return union(ones) + union(others) - union([*ones, *others])


def total(spans: Iterable[Span]) -> timedelta:
    """The sum of their lengths."""
    return sum((end - start for start, end in spans), NOTHING)


def at(text: str) -> datetime:
    """An instant of the wire."""
    return datetime.fromisoformat(text)


def n(number: Any) -> Fraction:
    """A number of the wire, exact."""
    return Fraction(str(number))
