"""The record of what Lambdas may do and do: it refuses what AWS would refuse, and it sees rights that nobody needs."""

from typing import Any

import pytest

from infra.deployment.botocore_data import OPERATIONS
from tests import rights
from tests.conftest import Told
from tests.floor import Plant
from tests.machines import standing

TABLE = "arn:aws:dynamodb:*:*:table/takip-local"
QUEUE = "arn:aws:sqs:*:*:takip-local-readings"


def test_a_door_is_refused_what_its_policy_does_not_allow(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    allowed = rights.granted("api_handler")
    monkeypatch.setattr(rights, "granted", lambda _function: allowed - {("dynamodb:GetItem", TABLE)})
    assert plant.admin.get("/auth/me").status == 500
    failed = next(line for line in told() if line["message"] == "a door failed")
    assert "is not authorized to perform: dynamodb:GetItem" in failed["exception"]


def test_a_door_is_refused_a_call_that_botocore_does_not_know_where_it_is_deployed(
    plant: Plant, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    shipped = OPERATIONS["dynamodb"]
    monkeypatch.setitem(OPERATIONS, "dynamodb", shipped - {"GetItem"})
    assert plant.admin.get("/auth/me").status == 500
    failed = next(line for line in told() if line["message"] == "a door failed")
    assert "calls GetItem, which infra/deployment/botocore_data.py does not ship" in failed["exception"]


@pytest.mark.usefixtures("plant")
def test_what_a_test_does_itself_needs_no_right(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rights, "granted", lambda _function: frozenset())
    assert standing("user")


@pytest.mark.parametrize(
    ("request_", "needed"),
    [
        (("dynamodb", "GetItem", {"TableName": "takip-test"}), {("dynamodb:GetItem", TABLE)}),
        (
            ("dynamodb", "Query", {"TableName": "takip-test", "IndexName": "GSI1"}),
            {("dynamodb:Query", f"{TABLE}/index/GSI1")},
        ),
        (
            ("dynamodb", "BatchWriteItem", {"RequestItems": {"takip-test": []}}),
            {("dynamodb:BatchWriteItem", TABLE)},
        ),
        (
            (
                "dynamodb",
                "TransactWriteItems",
                {"TransactItems": [{"Put": {"TableName": "takip-test"}}, {"ConditionCheck": {"TableName": "another"}}]},
            ),
            {
                ("dynamodb:PutItem", TABLE),
                ("dynamodb:ConditionCheckItem", "arn:aws:dynamodb:*:*:table/another"),
            },
        ),
        (("sqs", "GetQueueUrl", {"QueueName": "takip-test-readings"}), {("sqs:GetQueueUrl", QUEUE)}),
        (("sqs", "SendMessage", {"QueueUrl": "https://q/1/takip-test-readings"}), {("sqs:SendMessage", QUEUE)}),
        (
            ("ssm", "GetParameter", {"Name": "/takip/test/signing-keys"}),
            {("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/takip/local/signing-keys")},
        ),
    ],
)
def test_a_request_needs_its_actions_on_what_it_names(
    request_: tuple[str, str, dict[str, Any]], needed: set[rights.Right]
) -> None:
    assert set(rights.needs(*request_)) == needed


def test_a_right_that_is_spare_and_one_that_is_missing_are_named() -> None:
    mine = set(rights.granted("ingest_readings"))
    assert rights.compared("ingest_readings", mine) == []
    write, scan = ("dynamodb:BatchWriteItem", TABLE), ("dynamodb:Scan", TABLE)
    assert rights.compared("ingest_readings", mine - {write} | {scan}) == [
        f"ingest_readings never does dynamodb:BatchWriteItem on {TABLE}",
        f"ingest_readings may not dynamodb:Scan on {TABLE}",
    ]


def test_lambda_itself_empties_the_queue_of_a_function() -> None:
    assert ("sqs:DeleteMessage", QUEUE) in rights.taken_by_lambda("ingest_readings")
    assert ("sqs:DeleteMessage", QUEUE) not in rights.taken_by_lambda("compute_aggregates")
