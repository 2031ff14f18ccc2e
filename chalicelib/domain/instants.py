"""Instants: aware UTC datetimes inside, RFC 3339 with `Z` and milliseconds outside."""

import re
from datetime import UTC, date, datetime, timedelta

from chalicelib.domain.sentences import say

MILLISECOND = timedelta(milliseconds=1)
CLOCK_GRACE = timedelta(minutes=5)
"""How far ahead of ours the clock of a device may be: what it names within this is not in the future."""

_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?",
    re.ASCII,
)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


NO_INSTANT = say("must be an RFC 3339 instant such as {example}", example="2026-01-05T10:00:00.250Z")
NO_DAY = say("must be a day such as {example}", example="2026-01-05")
_OUTSIDE = say("is no instant: it lies outside the years {least} to {most}, UTC", least=1, most=9999)
_NO_OFFSET = say("needs an offset, such as {examples}, to be an instant", examples=["Z", "+03:00"])


class NotAnInstant(ValueError):
    """A text is no RFC 3339 instant, or it lacks the offset."""

    def __init__(self, message: str, code: str = "not_an_instant") -> None:
        super().__init__(message)
        self.message = message
        self.code = code


class OutsideCalendar(NotAnInstant):
    """An instant lies before the first year of the calendar in UTC, or after the last."""


def wire(instant: datetime) -> str:
    """Write an aware instant as fixed-width UTC text, `2026-01-05T10:00:00.250Z`; sorts as time does."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def exact(instant: datetime) -> str:
    """Write an aware instant as `wire` does, but to the microsecond: `2026-01-05T10:00:00.250000Z`."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read(raw: object) -> datetime:
    """Read an instant as anybody may send it: RFC 3339 and nothing else, to the microsecond; finer digits are cut.

    Digits alone, a week date or a missing second are no instant: who sends them means something else than would be
    read. Raises NotAnInstant.
    """
    shape = _RFC_3339.fullmatch(raw) if isinstance(raw, str) else None
    if shape is None:
        raise NotAnInstant(NO_INSTANT)
    text, offset = shape[0], shape[1]
    if offset is None:
        raise NotAnInstant(_NO_OFFSET, "no_offset")
    try:
        return datetime.fromisoformat(text.upper()).astimezone(UTC)
    except ValueError:
        raise NotAnInstant(say("is no instant: it names a day, time or offset that does not exist")) from None
    except OverflowError:
        raise OutsideCalendar(_OUTSIDE) from None


def read_day(raw: object) -> date:
    """Read a day, `2026-01-05` and nothing else. Raises ValueError."""
    if not (isinstance(raw, str) and _DAY.fullmatch(raw)):
        raise ValueError(NO_DAY)
    return date.fromisoformat(raw)


def parse(text: str) -> datetime:
    """Read what `wire` wrote, in whole milliseconds. Raises NotAnInstant."""
    return truncated(read(text))


def truncated(instant: datetime) -> datetime:
    """Cut an aware instant to whole milliseconds, in UTC: the precision in which Takip keeps time.

    Raises ValueError for an instant that is in year 1 to 9999 where it was written, but not in UTC.
    """
    try:
        utc = instant.astimezone(UTC)
    except OverflowError:
        raise ValueError(_OUTSIDE) from None
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def milliseconds(span: timedelta) -> int:
    """Give a span as whole milliseconds."""
    return span // MILLISECOND
