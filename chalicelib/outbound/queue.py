"""The readings queue, for readings that arrive over HTTP."""

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, remembered, settings
from chalicelib.domain.machines.messages import ReadingsUnavailable

if TYPE_CHECKING:
    from mypy_boto3_sqs.client import SQSClient

RETRY_AFTER_SECONDS = 2


def send(body: str) -> None:
    """Put a message on the readings queue. Raises ReadingsUnavailable."""
    try:
        _client().send_message(QueueUrl=_url(settings.current().readings_queue), MessageBody=body)
    except (BotoCoreError, ClientError) as error:
        raise ReadingsUnavailable("Send the readings again in a moment.", retry_after=RETRY_AFTER_SECONDS) from error


@remembered.cached
def _client() -> "SQSClient":
    made: SQSClient = aws.client("sqs")
    return made


@remembered.cached
def _url(queue_name: str) -> str:
    return _client().get_queue_url(QueueName=queue_name)["QueueUrl"]
