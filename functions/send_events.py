"""The stream's door of events: those that were just written are sent at once."""

from typing import Any

from chalice.app import Blueprint

from chalicelib.observability import observed
from chalicelib.services.boards import following
from functions._live import tell_board
from functions._runs import tell, time_left

bp = Blueprint(__name__)


@observed
@bp.lambda_function(name="send_events")  # the table's stream calls it: infra/deployment/callers.py
def send_events(event: dict[str, Any], context: Any) -> dict[str, int]:
    """Send the new events of the outbox, then make the boards again that screens show, and tell live.

    If it fails, the events stay, and the clock sends them within two minutes.
    """
    images = [record["dynamodb"]["NewImage"] for record in event["Records"]]
    return tell(following.just_written(images, time_left(context), tell_board), "events sent", "Events")
