"""The clock's door of events: those that are still in the outbox are sent."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.observability import observed
from chalicelib.services.telling import sending
from functions._runs import tell, time_left

bp = Blueprint(__name__)


@observed
@bp.schedule("rate(1 minute)", name="sweep_events")
def sweep_events(event: Any) -> dict[str, int]:
    """Send the events that were not sent within a minute. If it fails, they stay for the next minute."""
    return tell(sending.sweep(time_left(event.context)), "events sent", "Events")
