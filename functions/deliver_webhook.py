"""The queue's door of webhooks: an event is sent to a webhook."""

import json
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint

from chalicelib import settings
from chalicelib.observability import metrics, observed
from chalicelib.services.telling.deliveries import deliver
from functions._runs import for_senders

bp = Blueprint(__name__)


@observed
@bp.on_sqs_message(
    settings.queue_name("webhooks"),
    batch_size=1,
    name="deliver_webhook",
    maximum_concurrency=10,  # so that slow receivers leave the account's other Lambdas to people
)
def deliver_webhook(event: Any) -> dict[str, str | None]:
    """Try a delivery. If this function crashes, the queue brings it again, and after some minutes the clock does."""
    (record,) = event.to_dict()["Records"]
    with for_senders([record]):
        outcome = deliver(json.loads(record["body"]))
    metrics().add_metric(f"Webhooks{(outcome.status or 'dropped').title()}", MetricUnit.Count, 1)
    if outcome.off_reason:
        metrics().add_metric("WebhooksSwitchedOff", MetricUnit.Count, 1)
    return {"status": outcome.status, "off_reason": outcome.off_reason}
