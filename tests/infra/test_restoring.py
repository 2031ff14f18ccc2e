"""A table as it was before: from where, what is turned on, and what it lacks. The account is moto's."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from infra.aws import Aws
from infra.problem import Problem
from infra.restoring import making, past
from infra.restoring.comparing import Difference, compare
from tests.architecture.deployment import BACKUPS, RESOURCES
from tests.machines import refusal, watched

DEV = Aws("eu-central-1")
TABLE, NAME = "takip-dev", "takip-dev-restored-20260105t101500"
AT = datetime(2026, 1, 5, 10, 15, tzinfo=UTC)
KEYS: Any = {
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}, {"AttributeName": "SK", "KeyType": "RANGE"}],
    "AttributeDefinitions": [{"AttributeName": each, "AttributeType": "S"} for each in ("PK", "SK")],
    "BillingMode": "PAY_PER_REQUEST",
}
POINT = "arn:aws:backup:eu-central-1:123456789012:recovery-point:1"


@pytest.fixture
def tables(environment: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """DynamoDB with a table that can be restored. No time passes while somebody waits."""
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with mock_aws():
        client = boto3.client("dynamodb")
        client.create_table(TableName=TABLE, Tags=[{"Key": "plant", "Value": "izmir"}], **KEYS)
        recover(client, TABLE)
        yield client


def recover(client: Any, table: str, *, on: bool = True) -> None:
    client.update_continuous_backups(
        TableName=table, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": on}
    )


def put(client: Any, table: str, sk: str, **more: str) -> None:
    item = {"PK": "T#a#ORDERS", "SK": sk, "kind": "order", **more}
    client.put_item(TableName=table, Item={name: {"S": value} for name, value in item.items()})


def state(client: Any, name: str) -> list[Any]:
    """What is on of a table."""
    table = client.describe_table(TableName=name)["Table"]
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return [
        table.get("StreamSpecification"),
        client.describe_time_to_live(TableName=name)["TimeToLiveDescription"],
        backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"],
        table.get("DeletionProtectionEnabled"),
        client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"],
    ]


def test_a_restored_table_has_all_that_a_restore_forgets_and_the_template_has_too(tables: Any) -> None:
    making.make(DEV, past.at_time(DEV, TABLE, AT), NAME)
    making.turn_on(DEV, TABLE, NAME, protected=True)
    wanted = RESOURCES["Table"]["Properties"]
    expiry = {"AttributeName": "expires_at", "TimeToLiveStatus": "ENABLED"}
    tags = [{"Key": "plant", "Value": "izmir"}]
    assert state(tables, NAME) == [making.STREAM, expiry, "ENABLED", True, tags]
    assert making.STREAM["StreamViewType"] == wanted["StreamSpecification"]["StreamViewType"]
    assert wanted["TimeToLiveSpecification"] == making.EXPIRY
    assert wanted["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}

    making.make(DEV, past.at_time(DEV, TABLE, AT), NAME)  # run again after an interruption
    making.turn_on(DEV, TABLE, NAME, protected=True)
    assert state(tables, NAME) == [making.STREAM, expiry, "ENABLED", True, tags]
    making.delete(DEV, NAME)
    making.delete(DEV, NAME)
    assert tables.list_tables()["TableNames"] == [TABLE]


def test_a_laptop_protects_no_table(tables: Any) -> None:
    making.make(DEV, past.at_time(DEV, TABLE, None), NAME)
    making.turn_on(DEV, TABLE, NAME, protected=False)
    assert not state(tables, NAME)[3]


def test_a_table_without_point_in_time_recovery_is_told_with_the_way_out(tables: Any) -> None:
    recover(tables, TABLE, on=False)
    with pytest.raises(Problem, match=r"is off, so(?s:.*)--table-name takip-dev --point-in-time"):
        past.at_time(DEV, TABLE, AT)


def test_a_time_that_is_too_long_ago_is_told_with_the_times_that_are_possible(tables: Any) -> None:
    def refuse(operation: str, _parameters: dict[str, Any]) -> None:
        if operation == "RestoreTableToPointInTime":
            raise refusal("InvalidRestoreTimeException", operation)

    def busy(operation: str, _parameters: dict[str, Any]) -> None:
        if operation == "RestoreTableToPointInTime":
            raise refusal("LimitExceededException", operation)

    with watched(busy), pytest.raises(ClientError, match="LimitExceeded"):
        making.make(DEV, past.at_time(DEV, TABLE, AT), NAME)
    with watched(refuse), pytest.raises(Problem, match=r"to any second from 20\S+Z to 20\S+Z\."):
        making.make(DEV, past.at_time(DEV, TABLE, AT), NAME)


def test_a_backup_that_somebody_made_by_hand_is_restored(tables: Any) -> None:
    put(tables, TABLE, "W-1")
    arn = tables.create_backup(TableName=TABLE, BackupName="by-hand")["BackupDetails"]["BackupArn"]
    put(tables, TABLE, "W-2")
    source = past.backup(DEV, "dev", arn, TABLE)
    assert datetime.now(UTC) - source.at < timedelta(minutes=1)
    making.make(DEV, source, NAME)
    assert [each["SK"]["S"] for each in tables.scan(TableName=NAME)["Items"]] == ["W-1"]


def of_dev(resource: str, name: str) -> str:
    """The name that the template gives a resource."""
    named: str = BACKUPS[resource]["Properties"][name]["Sub"]
    return named.replace("${Environment}", "dev")


class Vault:
    """AWS Backup with these recovery points, whose restore jobs have these states one after the other."""

    def __init__(self, states: list[str], points: dict[str, str]) -> None:
        self.jobs: list[dict[str, Any]] = []
        self.exceptions = boto3.client("backup").exceptions
        self._states, self._points = states, points

    def get_paginator(self, _operation: str) -> "Vault":
        return self

    def paginate(self, **asked: str) -> list[Any]:
        assert asked == {"BackupVaultName": of_dev("Vault", "BackupVaultName"), "ByResourceType": "DynamoDB"}
        return [{"RecoveryPoints": [self._told(arn) | {"Status": how} for arn, how in self._points.items()]}]

    def describe_recovery_point(self, **asked: str) -> Any:
        return self._told(asked["RecoveryPointArn"])

    def start_restore_job(self, **asked: Any) -> Any:
        self.jobs.append(asked)
        boto3.client("dynamodb").create_table(TableName=asked["Metadata"]["targetTableName"], **KEYS)
        return {"RestoreJobId": "1"}

    def describe_restore_job(self, **_asked: str) -> Any:
        return {"Status": self._states.pop(0), "StatusMessage": "no rights"}

    def _told(self, arn: str) -> dict[str, Any]:
        of = f"arn:aws:dynamodb:eu-central-1:123456789012:table/{TABLE if len(arn) == len(POINT) else NAME}"
        return {"RecoveryPointArn": arn, "CreationDate": AT + timedelta(days=int(arn[-1])), "ResourceArn": of}


def vault(monkeypatch: pytest.MonkeyPatch, states: list[str], points: dict[str, str]) -> Vault:
    made, client = Vault(states, points), Aws.client
    monkeypatch.setattr(
        Aws, "client", lambda self, service, **more: made if service == "backup" else client(self, service, **more)
    )
    return made


def test_the_newest_whole_backup_of_the_vault_is_restored_by_the_role_of_the_stack(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    second, third, of_other = (f"{POINT[:-1]}{which}" for which in ("2", "3", "04"))
    points = {POINT: "COMPLETED", second: "COMPLETED", third: "PARTIAL", of_other: "COMPLETED"}
    made = vault(monkeypatch, ["RUNNING", "COMPLETED"], points)
    assert past.backup(DEV, "dev", "latest", NAME).at == AT + timedelta(days=4)
    source = past.backup(DEV, "dev", "latest", TABLE)
    making.make(DEV, source, NAME)
    (job,) = made.jobs
    assert source.at == AT + timedelta(days=2)
    assert job["RecoveryPointArn"] == second
    assert job["Metadata"] == {"targetTableName": NAME, "encryptionType": "Default"}
    assert job["IamRoleArn"] == f"arn:aws:iam::123456789012:role/{of_dev('Role', 'RoleName')}"


def test_a_backup_of_the_vault_is_named_by_its_arn_and_what_fails_is_told(
    tables: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    vault(monkeypatch, ["FAILED"], {POINT: "COMPLETED"})
    source = past.backup(DEV, "dev", POINT, TABLE)
    assert source.at == AT + timedelta(days=1)
    with pytest.raises(Problem, match=f"could not restore {NAME}: no rights"):
        making.make(DEV, source, NAME)


def test_a_vault_without_a_backup_is_told(tables: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    vault(monkeypatch, [], {})
    with pytest.raises(Problem, match="There is no backup of takip-dev in the vault takip-dev"):
        past.backup(DEV, "dev", "latest", TABLE)


def test_what_the_restored_table_lacks_has_otherwise_and_has_alone_is_counted_and_listed(
    tables: Any, tmp_path: Path
) -> None:
    for number in range(3):
        put(tables, TABLE, f"W-{number}")
    making.make(DEV, past.at_time(DEV, TABLE, None), NAME)
    put(tables, TABLE, "W-1", status="done")
    put(tables, TABLE, "W-3")
    tables.delete_item(TableName=TABLE, Key={"PK": {"S": "T#a#ORDERS"}, "SK": {"S": "W-0"}})
    note = tmp_path / "kept" / "note.jsonl"
    found = compare(DEV, TABLE, NAME, note)
    assert (found.items, found.differences) == (3, (Difference("order", lacking=1, other=1, alone=1),))
    listed = [json.loads(line) for line in note.read_text(encoding="utf-8").splitlines()]
    assert [(each["what"], each["kind"], each["PK"], each["SK"]) for each in listed] == [
        ("other", "order", "T#a#ORDERS", "W-1"),
        ("lacking", "order", "T#a#ORDERS", "W-3"),
        ("alone", "order", "T#a#ORDERS", "W-0"),
    ]
    assert compare(DEV, NAME, NAME, note).differences == ()


def test_a_table_that_is_gone_comes_back_from_a_backup(tables: Any, tmp_path: Path) -> None:
    put(tables, TABLE, "W-1")
    arn = tables.create_backup(TableName=TABLE, BackupName="by-hand")["BackupDetails"]["BackupArn"]
    tables.delete_table(TableName=TABLE)
    with pytest.raises(Problem, match=r"no table takip-dev, so(?s:.*)--backup latest(?s:.*)--table-name takip-dev"):
        past.at_time(DEV, TABLE, AT)
    making.make(DEV, past.backup(DEV, "dev", arn, TABLE), NAME)
    making.turn_on(DEV, TABLE, NAME, protected=True)
    assert state(tables, NAME)[2:] == ["ENABLED", True, []]
    found = compare(DEV, TABLE, NAME, tmp_path / "note.jsonl")
    assert (found.items, found.differences) == (1, (Difference("order", lacking=0, other=0, alone=1),))
