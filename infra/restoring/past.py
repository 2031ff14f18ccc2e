"""From what a table is restored: its point-in-time recovery, or a backup. It becomes a new table."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore.exceptions import ClientError

from infra.aws import Aws
from infra.deployment import tables
from infra.problem import Problem

SECONDS_BETWEEN_LOOKS = 5
NEWEST = "latest"
_ENDED = {"ABORTED", "FAILED"}


@dataclass(frozen=True)
class Past:
    """An instant, in UTC, from which a table can be restored, and what begins that for the name of a new table."""

    at: datetime
    begin: Callable[[str], object]


def vault(environment: str) -> str:
    """The vault of the nightly backups of an environment."""
    return f"takip-{environment}"


def role(aws: Aws, environment: str) -> str:
    """The ARN of the role with which AWS Backup makes backups and restores them."""
    return f"arn:aws:iam::{aws.account()}:role/takip-{environment}-backups"


def at_time(aws: Aws, table: str, at: datetime | None) -> Past:
    """The table as it was at an instant; None: the last one to which AWS can restore. Raises Problem."""
    client = aws.client("dynamodb")
    if not tables.described(aws, table):
        raise Problem(
            f"There is no table {table}, so it can be restored from a backup only: --backup latest, or --backup ARN.\n"
            "What point-in-time recovery held of a deleted table is a backup too, for 35 days. Its ARN:\n"
            f"  aws dynamodb list-backups --region {aws.region} --table-name {table} --backup-type SYSTEM"
        )
    told = client.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
    recovery = told["PointInTimeRecoveryDescription"]
    if recovery["PointInTimeRecoveryStatus"] != "ENABLED":
        raise Problem(
            f"The point-in-time recovery of {table} is off, so it can be restored from a backup only. To turn it on:\n"
            f"  aws dynamodb update-continuous-backups --region {aws.region} --table-name {table} "
            "--point-in-time-recovery-specification PointInTimeRecoveryEnabled=true"
        )
    first, last = (recovery[f"{which}RestorableDateTime"].astimezone(UTC) for which in ("Earliest", "Latest"))
    when: dict[str, Any] = {"UseLatestRestorableTime": True} if at is None else {"RestoreDateTime": at}

    def begin(name: str) -> None:
        try:
            client.restore_table_to_point_in_time(SourceTableName=table, TargetTableName=name, **when)
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidRestoreTimeException":
                raise
            span = f"{first:%Y-%m-%dT%H:%M:%SZ} to {last:%Y-%m-%dT%H:%M:%SZ}"
            raise Problem(f"{table} can be restored to any second from {span}.") from error

    return Past(at or last, begin)


def backup(aws: Aws, environment: str, arn: str, table: str) -> Past:
    """A backup by its ARN, or the newest one of a table in the vault of an environment (`latest`). Raises Problem.

    An ARN of DynamoDB is a backup that somebody made by hand; all others are recovery points of AWS Backup.
    """
    if arn.startswith("arn:aws:dynamodb:"):
        client = aws.client("dynamodb")
        made = client.describe_backup(BackupArn=arn)["BackupDescription"]["BackupDetails"]["BackupCreationDateTime"]
        begin = client.restore_table_from_backup
        return Past(made.astimezone(UTC), lambda name: begin(BackupArn=arn, TargetTableName=name))
    point = _newest(aws, environment, table) if arn == NEWEST else _point(aws, environment, arn)
    return Past(
        point["CreationDate"].astimezone(UTC),
        lambda name: _run_job(aws, environment, point["RecoveryPointArn"], name),
    )


def _newest(aws: Aws, environment: str, table: str) -> Mapping[str, Any]:
    """The newest recovery point of a table that is whole. Raises Problem.

    The vault has those of every table of the environment: also of one that nobody writes to since a switch.
    """
    client = aws.client("backup")
    try:
        pages = client.get_paginator("list_recovery_points_by_backup_vault").paginate(
            BackupVaultName=vault(environment), ByResourceType="DynamoDB"
        )
        whole = [point for page in pages for point in page["RecoveryPoints"] if point["Status"] == "COMPLETED"]
        points = [point for point in whole if point["ResourceArn"].endswith(f":table/{table}")]
    except client.exceptions.ResourceNotFoundException:
        points = []
    if not points:
        raise Problem(
            f"There is no backup of {table} in the vault {vault(environment)}. The first one is made in the night.\n"
            "Of another table: --of TABLE"
        )
    newest: Mapping[str, Any] = max(points, key=lambda point: point["CreationDate"])
    return newest


def _point(aws: Aws, environment: str, arn: str) -> Mapping[str, Any]:
    point: Mapping[str, Any] = aws.client("backup").describe_recovery_point(
        BackupVaultName=vault(environment), RecoveryPointArn=arn
    )
    return point


def _run_job(aws: Aws, environment: str, point: str, name: str) -> None:
    """Have AWS Backup restore a recovery point, and wait for the end. Raises Problem.

    Asked again for the same table, AWS goes on with the same job.
    """
    client = aws.client("backup")
    job = client.start_restore_job(
        RecoveryPointArn=point,
        ResourceType="DynamoDB",
        IamRoleArn=role(aws, environment),
        IdempotencyToken=name,
        Metadata={"targetTableName": name, "encryptionType": "Default"},
    )["RestoreJobId"]
    while (told := client.describe_restore_job(RestoreJobId=job))["Status"] != "COMPLETED":
        if told["Status"] in _ENDED:
            raise Problem(f"AWS Backup could not restore {name}: {told.get('StatusMessage', 'it tells no reason')}")
        time.sleep(SECONDS_BETWEEN_LOOKS)
