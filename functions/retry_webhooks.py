"""The clock's door of webhooks: hands out the deliveries that are due for another try."""

from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint

from chalicelib.observability import logger, metrics, observed
from chalicelib.services.telling.deliveries import hand_out_due
from functions._runs import time_left

bp = Blueprint(__name__)


@observed
@bp.schedule("rate(1 minute)", name="retry_webhooks")
def retry_webhooks(event: Any) -> dict[str, int]:
    """Hand out what is due. What is not handed out now is due a minute later too."""
    count = hand_out_due(time_left(event.context))
    logger().info("webhooks handed out", extra={"deliveries": count})
    metrics().add_metric("WebhooksRetried", MetricUnit.Count, count)
    return {"deliveries": count}
