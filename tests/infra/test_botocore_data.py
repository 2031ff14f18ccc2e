"""Botocore's data in the zip: enough for every call that Takip's functions make, and nothing else."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import botocore
import pytest
from botocore import xform_name
from botocore.loaders import Loader
from botocore.session import Session, get_session
from moto import mock_aws

from infra.deployment.botocore_data import OPERATIONS, trim
from tests.architecture.deployment import functions, policy
from tests.architecture.sources import PROJECT

REGION = "eu-central-1"
# The rights of which a transaction consists, and which no other operation needs.
IN_TRANSACTIONS = {"ConditionCheckItem", "UpdateItem"}
# What Lambda itself, and the daemon of X-Ray, do with the rights of a function.
DONE_BY_LAMBDA = {"DeleteMessage", "ReceiveMessage", "DescribeStream", "GetRecords", "GetShardIterator", "ListStreams"}
# Everybody who has credentials may do this. Buckets are only created in signatures.
WITHOUT_RIGHTS = {"sts": {"GetCallerIdentity"}, "s3": {"CreateBucket"}}
# A right with the name of another operation than the one that needs it.
NEEDS = {"ListBucket": "HeadObject", "RetainPublish": "Publish", "InvokeFunction": "Invoke"}
# Rights whose operation is in another service of botocore's.
FOLDERS = {("iot", "Publish"): "iot-data", ("iot", "RetainPublish"): "iot-data"}
# What signs without a request, and the operation by which it is signed.
SIGNING = {"generate_presigned_post": "create_bucket", "generate_presigned_url": "get_object"}
SERVICES_OF_LAMBDA = {"logs", "xray"}
TABLE = {
    "TableName": "takip",
    "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}
ITEM = {"PK": {"S": "1"}, "data": {"M": {"raw": {"B": b"bytes"}, "number": {"N": "1.50"}}}}


@pytest.fixture(scope="module")
def trimmed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Botocore's data as it ships."""
    packages = tmp_path_factory.mktemp("packages")
    data = packages / "botocore" / "data"
    data.mkdir(parents=True)
    theirs = Path(botocore.__file__).parent / "data"
    for path in theirs.iterdir():
        if path.is_file():
            shutil.copy2(path, data)
        elif path.name in {*OPERATIONS, "ec2"}:
            shutil.copytree(path, data / path.name)
    trim(packages)
    return data


@pytest.fixture
def shipped(trimmed: Path, environment: None) -> Session:
    """A session of botocore that knows only what ships."""
    session: Session = get_session()
    loader = Loader(extra_search_paths=[str(trimmed)], include_default_search_paths=False)
    session.register_component("data_loader", loader)
    return session


def client(session: Session, service: str, region: str = REGION) -> Any:
    """A client of a session, of which the type checker knows nothing."""
    return session.create_client(service, region)


def called(made: Any) -> set[str]:
    return set(made.meta.service_model.operation_names)


def test_only_what_functions_call_is_left_and_it_is_small(trimmed: Path, shipped: Session) -> None:
    assert {path.name for path in trimmed.iterdir() if path.is_dir()} == set(OPERATIONS)
    assert {service: called(client(shipped, service)) for service in OPERATIONS} == OPERATIONS
    assert sum(path.stat().st_size for path in trimmed.rglob("*") if path.is_file()) < 320_000
    assert "documentation" not in json.loads((trimmed / "dynamodb/2012-08-10/service-2.json").read_text())


def test_every_right_of_a_function_has_its_operation() -> None:
    rights = {
        tuple(action.split(":"))
        for function in functions()
        for statement in policy("dev", function)["Statement"]
        for action in statement["Action"]
    }
    needed: dict[str, set[str]] = {service: set(WITHOUT_RIGHTS.get(service, ())) for service in OPERATIONS}
    for service, action in rights:
        if service not in SERVICES_OF_LAMBDA and action not in DONE_BY_LAMBDA:
            needed[FOLDERS.get((service, action), service)].add(
                "TransactWriteItems" if action in IN_TRANSACTIONS else NEEDS.get(action, action)
            )
    assert needed == OPERATIONS


# `_client().send_message(` and `aws.client("ssm").get_parameter(`
CALL = re.compile(r"client\([^)]*\)\.(\w+)\(")


def test_every_call_of_a_client_has_its_operation() -> None:
    calls = {call for path in sorted((PROJECT / "chalicelib").rglob("*.py")) for call in CALL.findall(path.read_text())}
    assert {"send_message", "get_parameter"} <= calls
    assert {SIGNING.get(call, call) for call in calls} == {
        xform_name(operation) for service in ("s3", "sns", "sqs", "ssm", "sts") for operation in OPERATIONS[service]
    }


@mock_aws
def test_dynamodb_is_written_and_read_as_with_all_of_botocores_data(shipped: Session) -> None:
    client(get_session(), "dynamodb").create_table(**TABLE)
    table = client(shipped, "dynamodb")
    table.put_item(TableName="takip", Item=ITEM)
    table.transact_write_items(TransactItems=[{"Put": {"TableName": "takip", "Item": ITEM | {"PK": {"S": "2"}}}}])
    table.batch_write_item(RequestItems={"takip": [{"PutRequest": {"Item": ITEM | {"PK": {"S": "3"}}}}]})
    keys = [{"PK": {"S": each}} for each in "123"]
    many = table.batch_get_item(RequestItems={"takip": {"Keys": keys}})["Responses"]["takip"]
    queried = table.query(
        TableName="takip", KeyConditionExpression="PK = :pk", ExpressionAttributeValues={":pk": {"S": "3"}}
    )["Items"]
    assert table.get_item(TableName="takip", Key=keys[0])["Item"] == ITEM
    assert (len(many), queried) == (3, [ITEM | {"PK": {"S": "3"}}])


@mock_aws
def test_a_refused_transaction_has_its_reasons(shipped: Session) -> None:
    client(get_session(), "dynamodb").create_table(**TABLE)
    table = client(shipped, "dynamodb")
    put = {"TableName": "takip", "Item": ITEM, "ConditionExpression": "attribute_exists(PK)"}
    with pytest.raises(table.exceptions.TransactionCanceledException) as refused:
        table.transact_write_items(TransactItems=[{"Put": put}])
    assert [reason["Code"] for reason in refused.value.response["CancellationReasons"]] == ["ConditionalCheckFailed"]


@mock_aws
def test_queue_and_parameter_are_reached_as_with_all_of_botocores_data(shipped: Session) -> None:
    client(get_session(), "sqs").create_queue(QueueName="readings")
    client(get_session(), "ssm").put_parameter(Name="keys", Value="{}", Type="SecureString")
    queue = client(shipped, "sqs")
    url = queue.get_queue_url(QueueName="readings")["QueueUrl"]
    assert queue.send_message(QueueUrl=url, MessageBody="{}")["MessageId"]
    parameter = client(shipped, "ssm").get_parameter(Name="keys", WithDecryption=True)["Parameter"]
    assert parameter["Value"] == "{}"


@mock_aws
def test_the_bucket_is_reached_and_signed_as_with_all_of_botocores_data(shipped: Session) -> None:
    region = {"LocationConstraint": REGION}
    client(get_session(), "s3").create_bucket(Bucket="files", CreateBucketConfiguration=region)
    bucket = client(shipped, "s3")
    bucket.put_object(Bucket="files", Key="k", Body=b"content", ContentType="image/png")
    assert bucket.head_object(Bucket="files", Key="k")["ContentLength"] == 7
    assert bucket.get_object(Bucket="files", Key="k")["Body"].read() == b"content"
    form = bucket.generate_presigned_post("files", "k")
    assert form["url"] == f"https://files.s3.{REGION}.amazonaws.com/"
    assert {"key", "policy", "x-amz-signature"} <= set(form["fields"])
    bucket.delete_object(Bucket="files", Key="k")


@mock_aws
def test_the_topic_is_reached_as_with_all_of_botocores_data(shipped: Session) -> None:
    arn = client(get_session(), "sns").create_topic(Name="events")["TopicArn"]
    assert client(shipped, "sts").get_caller_identity()["Account"] == arn.split(":")[4]
    attributes = {"event": {"DataType": "String", "StringValue": "order.opened"}}
    assert client(shipped, "sns").publish(TopicArn=arn, Message="{}", MessageAttributes=attributes)["MessageId"]


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1", "cn-north-1", "us-gov-west-1", "eusc-de-east-1"])
@pytest.mark.parametrize("service", sorted(OPERATIONS.keys() - {"iot-data"}))  # its address is asked for
def test_a_service_has_the_same_address_as_with_all_of_botocores_data(
    shipped: Session, service: str, region: str
) -> None:
    theirs = client(get_session(), service, region).meta.endpoint_url
    assert client(shipped, service, region).meta.endpoint_url == theirs
