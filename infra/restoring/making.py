"""A new table beside the one that serves: making it, and turning on what a restore forgets."""

import time
from typing import Any

from infra.aws import Aws
from infra.deployment import tables
from infra.restoring.past import SECONDS_BETWEEN_LOOKS, Past

STREAM = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
EXPIRY = {"AttributeName": "expires_at", "Enabled": True}
_ON = {"ENABLED", "ENABLING"}


def make(aws: Aws, past: Past, name: str) -> None:
    """Restore a table, and wait until it can be used. If it is there already, an earlier run began it: only wait."""
    if not tables.described(aws, name):
        past.begin(name)
    _await(aws, name)


def turn_on(aws: Aws, like: str, name: str, *, protected: bool) -> None:
    """Turn on what a restored table lacks: stream, expiry, point-in-time recovery, protection, and the other's tags.

    What is on already stays as it is. If the other table is gone, there are no tags to take over. Alarms, dashboards
    and backups name the table that serves: a switch does them.
    """
    client, found = aws.client("dynamodb"), tables.described(aws, name)
    if not found.get("StreamSpecification", {}).get("StreamEnabled"):
        client.update_table(TableName=name, StreamSpecification=STREAM)
        _await(aws, name)
    if protected and not found.get("DeletionProtectionEnabled"):
        client.update_table(TableName=name, DeletionProtectionEnabled=True)
        _await(aws, name)
    expiry = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    if expiry["TimeToLiveStatus"] not in _ON:
        client.update_time_to_live(TableName=name, TimeToLiveSpecification=EXPIRY)
    tables.recover(aws, name)
    theirs, has = (_tags(aws, each) for each in (like, name))
    if own := [tag for tag in theirs if tag not in has and not tag["Key"].startswith("aws:")]:  # AWS's to give
        client.tag_resource(ResourceArn=found["TableArn"], Tags=own)


def delete(aws: Aws, name: str) -> None:
    """Delete a restored table, also a protected one, and wait until it is gone. Without it there is nothing to do."""
    client = aws.client("dynamodb")
    if not tables.described(aws, name):
        return
    _await(aws, name)
    if tables.described(aws, name).get("DeletionProtectionEnabled"):
        client.update_table(TableName=name, DeletionProtectionEnabled=False)
        _await(aws, name)
    client.delete_table(TableName=name)
    while tables.described(aws, name):
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _tags(aws: Aws, name: str) -> list[dict[str, str]]:
    found = tables.described(aws, name)
    told = aws.client("dynamodb").list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"] if found else []
    return list(told)


def _await(aws: Aws, name: str) -> None:
    """Wait until a table and its indexes can be used."""
    while not _is_active(tables.described(aws, name)):
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _is_active(table: dict[str, Any]) -> bool:
    statuses = [table.get("TableStatus"), *(each["IndexStatus"] for each in table.get("GlobalSecondaryIndexes", ()))]
    return all(status == "ACTIVE" for status in statuses)
