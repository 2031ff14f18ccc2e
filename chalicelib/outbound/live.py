"""Live messages: AWS IoT Core, where Takip publishes what changed, and signed addresses at which browsers hear it."""

import json
from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit, urlunsplit

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, remembered, settings
from chalicelib.domain.instants import wire
from chalicelib.domain.sentences import say
from chalicelib.domain.telling.live import LASTS, Address, Hearer, LiveUnavailable
from chalicelib.outbound import account

if TYPE_CHECKING:
    from mypy_boto3_iot_data import IoTDataPlaneClient

RETRY_AFTER_SECONDS = 5
ERRORS = (BotoCoreError, ClientError)
"""What calls of AWS raise."""

# How IoT names itself in signatures of WebSocket addresses.
_SIGNED_FOR = "iotdevicegateway"
_PATH = "/mqtt"
# The emulator takes such connections at a path of its own (infra/emulator/server.py).
_PATH_OF_EMULATOR = "/_takip/mqtt"


@remembered.cached
def origin() -> str | None:
    """Where browsers hear live messages, such as `wss://a1b2-ats.iot.eu-central-1.amazonaws.com`.

    None where the AWS has no IoT (LocalStack's free image). The first call asks AWS. Raises botocore's errors.
    """
    client = aws.client("iot")
    try:
        host = client.describe_endpoint(endpointType="iot:Data-ATS")["endpointAddress"]
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] == HTTPStatus.NOT_IMPLEMENTED:
            return None
        raise
    # The emulator's name for it is not known to every computer.
    return f"ws://{urlsplit(client.meta.endpoint_url).netloc}" if settings.current().is_local else f"wss://{host}"


def address(hearer: Hearer, now: datetime) -> Address | None:
    """Lend the role of those who hear, and sign an address with it. None where there is no IoT.

    Raises LiveUnavailable.
    """
    try:
        where = origin()
        if where is None:
            return None
        own, until = account.own(), now + LASTS
        lent = aws.client("sts").assume_role(
            RoleArn=f"arn:{own.partition}:iam::{own.id}:role/{settings.current().live_role}",
            RoleSessionName=hearer.id,
            DurationSeconds=int(LASTS.total_seconds()),
            Policy=json.dumps(policy(hearer, own.partition, until), separators=(",", ":")),
        )["Credentials"]
    except ERRORS as error:
        raise LiveUnavailable(say("Try again in a moment."), retry_after=RETRY_AFTER_SECONDS) from error
    lender = Credentials(lent["AccessKeyId"], lent["SecretAccessKey"])
    return Address(_signed(where, lender, lent["SessionToken"]), until, hearer.client_prefix, hearer.topics)


def policy(hearer: Hearer, partition: str, until: datetime) -> Mapping[str, Any]:
    """What an address allows: to connect as this hearer, and to subscribe to and receive exactly their topics.

    It is the intersection with the role's own policy, which names the region and the account. Connections outlive the
    address, but receive nothing after it.
    """
    things = f"arn:{partition}:iot:*:*:"
    allowed: list[dict[str, Any]] = [
        {"Action": "iot:Connect", "Resource": f"{things}client/{hearer.client_prefix}*"},
        {"Action": "iot:Subscribe", "Resource": [f"{things}topicfilter/{name}" for name in hearer.topics.names()]},
        {
            "Action": "iot:Receive",
            "Resource": [f"{things}topic/{name}" for name in hearer.topics.names()],
            "Condition": {"DateLessThan": {"aws:CurrentTime": wire(until)}},
        },
    ]
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **each} for each in allowed]}


def publish(topic: str, message: Mapping[str, Any], *, retain: bool = False) -> None:
    """Publish a message, as the last one of its topic if it is to be retained. Raises botocore's errors."""
    payload = json.dumps(message, ensure_ascii=False, separators=(",", ":")).encode()
    _client().publish(topic=topic, qos=1, retain=retain, payload=payload)


def _signed(where: str, lent: Credentials, token: str) -> str:
    """The address, signed as IoT wants it: the session's token is appended, and is not part of what is signed."""
    scheme, host, *_ = urlsplit(where)
    path = _PATH_OF_EMULATOR if settings.current().is_local else _PATH
    request = AWSRequest("GET", urlunsplit(("https", host, path, "", "")))
    region = _client().meta.region_name
    SigV4QueryAuth(lent, _SIGNED_FOR, region, expires=int(LASTS.total_seconds())).add_auth(request)
    _, *place = urlsplit(f"{request.url}&X-Amz-Security-Token={quote(token, safe='')}")
    return urlunsplit((scheme, *place))


@remembered.cached
def _client() -> "IoTDataPlaneClient":
    made: IoTDataPlaneClient = aws.client("iot-data")
    return made
