"""The clock's door of events: those that are still in the outbox are sent."""

from datetime import timedelta
from typing import Any

from chalice.app import Blueprint

from chalicelib.observability import observed
from chalicelib.services.telling import sending
from functions._sent import tell_sent

bp = Blueprint(__name__)


@observed
@bp.schedule("rate(1 minute)", name="sweep_events")
def sweep_events(event: Any) -> dict[str, int]:
    """Send the events that were not sent within a minute. If it fails, they stay for the next minute."""
    return tell_sent(sending.sweep(lambda: timedelta(milliseconds=event.context.get_remaining_time_in_millis())))
