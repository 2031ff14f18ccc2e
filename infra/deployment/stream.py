"""The table's stream as the caller of `send_events`, which Chalice cannot declare: it cannot filter.

Without the filter every write to the table would start the function.
"""

import json
import time
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from infra.aws import Aws

# Events that were just written.
NEW_EVENTS = {"eventName": ["INSERT"], "dynamodb": {"Keys": {"PK": {"S": [{"prefix": "OUTBOX#"}]}}}}
_SETTINGS: dict[str, Any] = {
    "BatchSize": 25,
    "MaximumBatchingWindowInSeconds": 0,
    # What cannot be handed over is not tried for long: the sweep sends it a minute later.
    "MaximumRetryAttempts": 1,
    "MaximumRecordAgeInSeconds": 60,
    "FilterCriteria": {"Filters": [{"Pattern": json.dumps(NEW_EVENTS)}]},
}
# AWS takes some seconds until a new role may read the stream.
_TRIES = 10
_SECONDS_BETWEEN_TRIES = 3


def connect(aws: Aws, function: str, table: str) -> None:
    """Let the stream of a table call a Lambda, and no older stream of the table."""
    functions = aws.client("lambda")
    stream = aws.client("dynamodb").describe_table(TableName=table)["Table"]["LatestStreamArn"]
    mappings = _mappings(aws, function)
    for source in mappings.keys() - {stream}:
        functions.delete_event_source_mapping(UUID=mappings[source])
    if stream in mappings:
        functions.update_event_source_mapping(UUID=mappings[stream], FunctionName=function, **_SETTINGS)
        return
    wanted = {"FunctionName": function, "EventSourceArn": stream, "StartingPosition": "LATEST", **_SETTINGS}
    _patiently(lambda: functions.create_event_source_mapping(**wanted))


def disconnect(aws: Aws, function: str) -> None:
    """Delete what `connect` made. AWS keeps it when it deletes the Lambda."""
    for identity in _mappings(aws, function).values():
        aws.client("lambda").delete_event_source_mapping(UUID=identity)


def _mappings(aws: Aws, function: str) -> dict[str, str]:
    """What calls a Lambda: the ids of the mappings by the ARN of the stream."""
    found = aws.client("lambda").list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    return {mapping["EventSourceArn"]: mapping["UUID"] for mapping in found}


def _patiently(make: Callable[[], object]) -> None:
    """Try for half a minute, as long as AWS says that the role may not read the stream."""
    for tries_left in reversed(range(_TRIES)):
        try:
            make()
        except ClientError as error:
            if not tries_left or error.response["Error"]["Code"] != "InvalidParameterValueException":
                raise
            time.sleep(_SECONDS_BETWEEN_TRIES)
        else:
            return
