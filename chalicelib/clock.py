"""The only room that asks the time, so that a test can set it."""

from datetime import UTC, datetime

from chalicelib.domain.instants import truncated


def now() -> datetime:
    """The present instant: aware, UTC, whole milliseconds."""
    return truncated(datetime.now(UTC))
