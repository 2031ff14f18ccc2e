"""The clocks of devices: how wrong one is, and what its times are by the clock of the server."""

from datetime import datetime, timedelta

from chalicelib.domain.instants import CLOCK_GRACE


def skew(sent_at: datetime | None, received_at: datetime) -> timedelta:
    """How far the clock of a device that sent something is ahead of the server's; negative if it is behind."""
    return sent_at - received_at if sent_at else timedelta(0)


def is_wrong(ahead: timedelta) -> bool:
    """Whether a clock is so wrong that its times must be corrected: by more than the grace for clocks."""
    return abs(ahead) > CLOCK_GRACE
