"""The clock's door of timers: others are told of what waits too long, is late, or is an alarm."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.observability import observed
from chalicelib.services.andon import timers
from functions._runs import tell, time_left

bp = Blueprint(__name__)


@observed
@bp.schedule("rate(1 minute)", name="escalate_issues")
def escalate_issues(event: Any) -> dict[str, int]:
    """Take all timers that are due. Those that fail stay for the next minute."""
    return tell(timers.take_due(time_left(event.context)), "timers taken", "Timers")
