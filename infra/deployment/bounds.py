"""Bounds of what may be taken from the account, and the access logs of the API. `chalice deploy` can set neither.

Machines must not starve people: a Lambda that is called too often takes the concurrency of the account from the others.
The queue's Lambda has its bound where it is declared (`functions/ingest_readings.py`).
"""

import json
import time
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.rates import RATES
from infra.aws import Aws
from infra.deployment.live import LIVE

_MOST_AT_A_TIME = 20  # changes of a stage in one request
# One failed or throttled run is not repeated: the clock calls again within a minute, and finds the same markers.
ONCE = {"MaximumRetryAttempts": 0, "MaximumEventAgeInSeconds": 60}

# No address, and no path with ids. Who asked is in the function's own log line, which has the same request id if the
# caller gave none.
_LOGGED = {
    "request_id": "$context.requestId",
    "at": "$context.requestTime",
    "method": "$context.httpMethod",
    "resource": "$context.resourcePath",
    "status": "$context.status",
    "error": "$context.error.responseType",
    "function_status": "$context.integration.status",
    "duration_ms": "$context.responseLatency",
    "bytes": "$context.responseLength",
}
_ROLE = "takip-api-gateway-logs"
# The same as in AWS's own policy AmazonAPIGatewayPushToCloudWatchLogs; API Gateway refuses a role that has less.
_LOG_ACTIONS = (
    *("CreateLogGroup", "CreateLogStream", "DescribeLogGroups", "DescribeLogStreams"),
    *("PutLogEvents", "GetLogEvents", "FilterLogEvents"),
)
_WRITES_LOGS = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Action": [f"logs:{action}" for action in _LOG_ACTIONS], "Resource": "*"}],
}
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "apigateway.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}
_SECONDS_BETWEEN_TRIES = 5
_TRIES = 12


def access_log_group(environment: str) -> str:
    """The log group of the API's access logs."""
    return f"/aws/apigateway/takip-{environment}"


def bound_api(aws: Aws, api_id: str, stage: str, environment: str, *, traced: bool) -> None:
    """Bound the requests of an API's stage, let it write access logs, and have it decide which requests are traced.

    The bounds of methods that have none any more, or are gone, are taken away.
    """
    allow_logs(aws)
    gateway = aws.client("apigateway")
    values = {
        "/tracingEnabled": str(traced).lower(),
        "/accessLogSettings/destinationArn": _arn(aws, access_log_group(environment)),
        "/accessLogSettings/format": json.dumps(_LOGGED),
    }
    for rate in RATES:
        settings = f"{_place(f'{rate.path}/{rate.method}')}/throttling"
        values |= {f"{settings}/rateLimit": str(rate.a_second), f"{settings}/burstLimit": str(rate.at_once)}
    operations = [{"op": "replace", "path": path, "value": value} for path, value in values.items()]
    standing = gateway.get_stage(restApiId=api_id, stageName=stage).get("methodSettings", {})
    # AWS answers with `~1` for each `/` of the path, the emulator without.
    bounded = {name.replace("~1", "/") for name in standing} - {f"{rate.path}/{rate.method}" for rate in RATES}
    operations += [{"op": "remove", "path": _place(name)} for name in sorted(bounded)]
    for start in range(0, len(operations), _MOST_AT_A_TIME):
        some = operations[start : start + _MOST_AT_A_TIME]
        gateway.update_stage(restApiId=api_id, stageName=stage, patchOperations=some)


def _place(method: str) -> str:
    """Where the settings of a method stand, such as "/auth/login/POST"."""
    path, _, verb = method.rpartition("/")
    return f"/{path.replace('/', '~1')}/{verb}"


def call_once(aws: Aws, function: str) -> None:
    """Let the clock's calls of a Lambda neither wait nor be repeated, so that late runs do not pile up."""
    aws.client("lambda").put_function_event_invoke_config(FunctionName=function, Qualifier=LIVE, **ONCE)


def allow_logs(aws: Aws) -> None:
    """Let API Gateway write logs. This is one role for the whole account; a role that is already set stays."""
    gateway, iam = aws.client("apigateway"), aws.client("iam")
    if gateway.get_account().get("cloudwatchRoleArn"):
        return
    with suppress(iam.exceptions.EntityAlreadyExistsException):  # an earlier deployment ended before it was set
        iam.create_role(
            RoleName=_ROLE,
            Description="API Gateway writes the access logs of all APIs of this account",
            AssumeRolePolicyDocument=json.dumps(_TRUST),
        )
    iam.put_role_policy(RoleName=_ROLE, PolicyName="write-logs", PolicyDocument=json.dumps(_WRITES_LOGS))
    _set_role(gateway, iam.get_role(RoleName=_ROLE)["Role"]["Arn"])


def _set_role(gateway: Any, role: str) -> None:
    """Set the account's role. API Gateway refuses a role that was made a few seconds ago."""
    operations = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": role}]
    for tries_left in reversed(range(_TRIES)):
        try:
            gateway.update_account(patchOperations=operations)
        except ClientError as error:
            if not tries_left or error.response["Error"]["Code"] != "BadRequestException":
                raise
            time.sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return


def _arn(aws: Aws, group: str) -> str:
    """The ARN of a log group, without the `:*` with which it is listed."""
    found = aws.client("logs").describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    arn: str = next(each["arn"] for each in found if each["logGroupName"] == group)
    return arn.removesuffix(":*")
