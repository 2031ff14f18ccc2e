"""Instants: aware UTC datetimes inside, RFC 3339 with `Z` and milliseconds outside."""

from datetime import UTC, datetime, timedelta

MILLISECOND = timedelta(milliseconds=1)
CLOCK_GRACE = timedelta(minutes=5)
"""How far ahead of ours the clock of a device may be: what it names within this is not in the future."""


def wire(instant: datetime) -> str:
    """Write an aware instant as fixed-width UTC text, `2026-01-05T10:00:00.250Z`; sorts as time does."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse(text: str) -> datetime:
    """Read what `wire` wrote. Raises ValueError for anything that is no instant with an offset."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("an instant needs an offset, such as Z")
    return truncated(instant)


def truncated(instant: datetime) -> datetime:
    """Cut an aware instant to whole milliseconds, in UTC: the precision in which Takip keeps time.

    Raises ValueError for an instant that is in year 1 to 9999 where it was written, but not in UTC.
    """
    try:
        utc = instant.astimezone(UTC)
    except OverflowError:
        raise ValueError("an instant must lie in the years 1 to 9999, UTC") from None
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def milliseconds(span: timedelta) -> int:
    """Give a span as whole milliseconds."""
    return span // MILLISECOND
