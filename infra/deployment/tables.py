"""The tables of an environment: the one of its stack, those that restores made, and the one that serves.

Which table serves stands in the environment variables of what serves the API. So a switch to another table is a release
like any other, `rollback` is its way back, and every computer finds the same.
"""

from typing import Any

from infra.aws import Aws
from infra.deployment.found import API, function_name
from infra.deployment.live import LIVE
from infra.deployment.patience import patiently

VARIABLE = "TAKIP_TABLE"
# A table that was just made has no backups yet.
_NOT_YET = {"ContinuousBackupsUnavailableException"}


def first(environment: str) -> str:
    """The table of the environment's stack, which serves until another one does."""
    return f"takip-{environment}"


def restored(environment: str, at: str = "") -> str:
    """The name of a table that a restore makes; `at` tells which. Without it: how all such names begin."""
    return f"{first(environment)}-restored-{at}"


def serving(aws: Aws, environment: str, version: str = LIVE) -> str:
    """The table with which the API runs that serves, or that has another version. Before it is deployed: the first."""
    client = aws.client("lambda")
    try:
        found = client.get_function_configuration(FunctionName=function_name(environment, API), Qualifier=version)
    except client.exceptions.ResourceNotFoundException:
        return first(environment)
    table: str = found.get("Environment", {}).get("Variables", {}).get(VARIABLE, first(environment))
    return table


def described(aws: Aws, table: str) -> dict[str, Any]:
    """What DynamoDB tells of a table; empty if there is none."""
    client = aws.client("dynamodb")
    try:
        found: dict[str, Any] = client.describe_table(TableName=table)["Table"]
    except client.exceptions.ResourceNotFoundException:
        return {}
    return found


def recover(aws: Aws, table: str) -> None:
    """Turn on the point-in-time recovery of a table. Where it is on already, nothing changes."""
    on = {"PointInTimeRecoveryEnabled": True}
    change = aws.client("dynamodb").update_continuous_backups
    patiently(lambda: change(TableName=table, PointInTimeRecoverySpecification=on), _NOT_YET)


def every(aws: Aws, environment: str) -> list[str]:
    """The names of all tables of an environment that are there, the first one first."""
    pages = aws.client("dynamodb").get_paginator("list_tables").paginate()
    own = restored(environment)
    names = [name for page in pages for name in page["TableNames"]]
    return [name for name in names if name == first(environment)] + [name for name in names if name.startswith(own)]
