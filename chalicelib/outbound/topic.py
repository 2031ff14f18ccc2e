"""The events topic, on which everybody who subscribes hears what happened."""

from typing import TYPE_CHECKING

from chalicelib import aws, remembered, settings
from chalicelib.domain.telling.cloud_events import written
from chalicelib.domain.telling.events import Event
from chalicelib.outbound import account

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sns.type_defs import MessageAttributeValueTypeDef

# The fields of an event's data that are attributes of its message too, if it has them.
FILTERED = ("type", "priority")


def publish(event: Event) -> None:
    """Publish an event as a CloudEvent, with attributes to filter on. Raises botocore's errors."""
    current = settings.current()
    _client().publish(
        TopicArn=_arn(current.events_topic),
        Message=written(event, current.environment),
        MessageAttributes=_attributes(event),
    )


def _attributes(event: Event) -> dict[str, "MessageAttributeValueTypeDef"]:
    values = {"tenant": event.tenant, "event": event.type.value}
    values |= {name: event.data[name] for name in FILTERED if event.data.get(name)}
    return {name: {"DataType": "String", "StringValue": value} for name, value in values.items()}


@remembered.cached
def _client() -> "SNSClient":
    made: SNSClient = aws.client("sns")
    return made


@remembered.cached
def _arn(topic: str) -> str:
    """The ARN of the topic in our own account."""
    own = account.own()
    return f"arn:{own.partition}:sns:{_client().meta.region_name}:{own.id}:{topic}"
