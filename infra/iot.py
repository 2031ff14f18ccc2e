"""Whether an AWS has IoT. Amazon's has; LocalStack's free image has not."""

import logging
from http import HTTPStatus

from botocore.exceptions import ClientError

from infra.aws import Aws

_log = logging.getLogger(__name__)


def has_iot(aws: Aws) -> bool:
    """Whether topic rules can be made. If not, a sentence is printed."""
    if aws.endpoint is None:
        return True
    try:
        aws.client("iot").list_topic_rules(maxResults=1)
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] != HTTPStatus.NOT_IMPLEMENTED:
            raise
        _log.warning("%s has no IoT, so machines cannot send by MQTT here; SQS and HTTP work.", aws.endpoint)
        return False
    return True
