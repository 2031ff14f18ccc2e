"""`takip.py destroy`: what stands between a mistake and a plant's data. The account is moto's."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from infra import deployment
from infra.cli import commands
from infra.problem import Problem

KEY: Any = {
    "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch, environment: None) -> Iterator[list[str]]:
    """The environments that were deleted, in an account that holds prod."""
    deleted: list[str] = []
    monkeypatch.setattr(deployment, "destroy", lambda _aws, stage, *_: deleted.append(stage))
    monkeypatch.setattr(deployment, "is_there", lambda _aws, stage: stage == "prod")
    with mock_aws():
        yield deleted


def destroy(stage: str, typed: str) -> Result:
    return CliRunner().invoke(commands.takip, ["destroy", "--stage", stage], input=f"{typed}\n")


def test_a_protected_table_stops_it_and_how_to_release_it_is_told(gone: list[str]) -> None:
    tables = boto3.client("dynamodb")
    for number in range(100):  # a page of names
        tables.create_table(TableName=f"a-table-before-it-{number}", **KEY)
    tables.create_table(TableName="takip-prod", DeletionProtectionEnabled=True, **KEY)
    refused = destroy("prod", "prod").exception
    assert isinstance(refused, Problem)
    assert "--table-name takip-prod --no-deletion-protection-enabled" in str(refused)
    assert gone == []

    tables.update_table(TableName="takip-prod", DeletionProtectionEnabled=False)
    restored = "takip-prod-restored-20260105t101500"
    tables.create_table(TableName=restored, DeletionProtectionEnabled=True, **KEY)
    assert f"--table-name {restored} --no" in str(destroy("prod", "prod").exception)
    tables.update_table(TableName=restored, DeletionProtectionEnabled=False)
    assert destroy("prod", "prod").exit_code == 0
    assert gone == ["prod"]


@pytest.mark.parametrize(("typed", "deleted"), [("prod", ["prod"]), ("yes", []), ("", [])])
def test_only_a_typed_name_goes_on(gone: list[str], typed: str, deleted: list[str]) -> None:
    assert destroy("prod", typed).exit_code == (0 if deleted else 1)
    assert gone == deleted


def test_nothing_is_asked_where_nothing_is(gone: list[str]) -> None:
    refused = destroy("dev", "dev")
    assert "There is nothing of dev" in str(refused.exception)
    assert ("Type dev" in refused.output, gone) == (False, [])
