"""The only module that reads the time, so that a test can set it."""

from datetime import UTC, datetime

from chalicelib.domain.instants import truncated


def now() -> datetime:
    """The present instant: with time zone UTC, in whole milliseconds."""
    return truncated(datetime.now(UTC))
