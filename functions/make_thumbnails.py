"""The queue's door of confirmed uploads: each gets a copy that can be downloaded, and a picture a thumbnail."""

import json

from aws_lambda_powertools.metrics import MetricUnit
from chalice.app import Blueprint, SQSEvent

from chalicelib import settings
from chalicelib.observability import logger, metrics, observed
from chalicelib.services.andon import attachments
from functions._runs import for_senders

bp = Blueprint(__name__)


@observed
@bp.on_sqs_message(
    settings.queue_name("pictures"),
    batch_size=1,  # a picture that cannot be finished does not keep others waiting
    name="make_thumbnails",
    maximum_concurrency=2,
)
def make_thumbnails(event: SQSEvent) -> dict[str, str]:
    """Finish an attachment. Raises if it cannot be done now; the queue then hands the upload over again.

    After three times the message is kept with the dead letters.
    """
    metrics().add_metric("Attachments", MetricUnit.Count, 1)
    (message,) = event.to_dict()["Records"]
    place = json.loads(message["body"])
    with for_senders([message]):
        attachment = attachments.finish(**place)
        told = {"status": "gone"} if attachment is None else {"status": attachment.status.value}
        if attachment is not None and attachment.refusal is not None:
            told["refusal"] = attachment.refusal.value
        logger().info("attachment finished", extra=place | told)
    metrics().add_metric("AttachmentsRefused", MetricUnit.Count, int("refusal" in told))
    return told
