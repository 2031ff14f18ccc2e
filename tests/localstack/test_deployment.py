"""Deploy, deploy again and destroy on LocalStack. Its Lambdas do not run, because they need Docker."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.aws import Aws
from infra.deployment import Site, deploy, destroy, signing_keys
from infra.emulator.process import Emulator
from tests.localstack.conftest import ENVIRONMENT

# What queues and the table's stream call.
CALLED = ("aggregate_bucket", "deliver_webhook", "ingest_readings", "make_thumbnails", "send_events")

pytestmark = pytest.mark.timeout(1800)  # the first run installs LocalStack


def apis(aws: Aws) -> list[str]:
    return [api["name"] for api in aws.client("apigateway").get_rest_apis()["items"]]


def sources(aws: Aws) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    return found


def test_it_becomes_healthy_with_nothing_of_the_project_but_what_is_mounted(localstack: Aws) -> None:
    scripts = httpx.get(f"{localstack.endpoint}/_localstack/init/ready").json()["scripts"]
    assert [(script["name"], script["state"]) for script in scripts] == [("resources.py", "SUCCESSFUL")]


def test_its_cloudformation_makes_the_table_with_its_indexes(localstack: Aws, emulator: Emulator) -> None:
    stack = localstack.client("cloudformation").describe_stacks(StackName="takip-local-resources")["Stacks"][0]
    assert stack["StackStatus"] == "CREATE_COMPLETE"
    for aws in (localstack, emulator.aws):
        table = aws.client("dynamodb").describe_table(TableName="takip-local")["Table"]
        assert {index["IndexName"] for index in table["GlobalSecondaryIndexes"]} == {"GSI1", "GSI2"}


def test_its_queues_have_their_dead_letters(localstack: Aws) -> None:
    sqs = localstack.client("sqs")
    url = sqs.get_queue_url(QueueName="takip-local-readings")["QueueUrl"]
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["RedrivePolicy"])["Attributes"]
    assert "takip-local-readings-dead" in attributes["RedrivePolicy"]


def test_a_deployment_makes_functions_keys_event_sources_and_schedule(localstack: Aws, site: Site) -> None:
    functions = localstack.client("lambda").list_functions()["Functions"]
    assert {each["FunctionName"] for each in functions} == set(site.functions)
    assert {each["Runtime"] for each in functions} == {"python3.13"}
    assert len(signing_keys.keys(localstack, ENVIRONMENT)) == 1
    called = sorted(source["FunctionArn"].partition(":function:")[2] for source in sources(localstack))
    assert called == [f"takip-local-{name}:live" for name in CALLED]
    rules = localstack.client("events").list_rules()["Rules"]
    assert {rule["ScheduleExpression"] for rule in rules} == {"rate(1 minute)"}


def test_its_import_takes_the_whole_api(localstack: Aws, site: Site) -> None:
    gateway, api_id = localstack.client("apigateway"), site.url.split("/")[4]
    pages = gateway.get_paginator("get_resources").paginate(restApiId=api_id)
    paths = {resource["path"] for page in pages for resource in page["items"]}
    assert {"/health", "/workorders/{order_id}", "/machines/{machine_id}/readings"} <= paths
    assert gateway.get_stage(restApiId=api_id, stageName="v1")["stageName"] == "v1"


def test_deploying_again_makes_nothing_twice(localstack: Aws, site: Site, home: Path) -> None:
    before = {source["UUID"] for source in sources(localstack)}
    (home / "deployed").unlink()  # otherwise it would see that nothing has changed
    assert deploy(localstack, ENVIRONMENT, home) == site
    assert apis(localstack) == ["takip"]
    assert {source["UUID"] for source in sources(localstack)} == before


def test_destroy_leaves_nothing(localstack: Aws, site: Site, home: Path) -> None:
    s3 = localstack.client("s3")
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"] if "-local-files-" in each["Name"]]
    s3.put_object(Bucket=bucket, Key="copies/default/i/a", Body=b"a photo")
    destroy(localstack, ENVIRONMENT, home)
    assert bucket not in [each["Name"] for each in s3.list_buckets()["Buckets"]]
    assert apis(localstack) == []
    assert sources(localstack) == []
    assert localstack.client("lambda").list_functions()["Functions"] == []
    assert localstack.client("events").list_rules()["Rules"] == []
    assert localstack.client("sqs").list_queues().get("QueueUrls", []) == []
    assert localstack.client("sns").list_topics()["Topics"] == []
    assert localstack.client("dynamodb").list_tables()["TableNames"] == []
    assert localstack.client("ssm").describe_parameters()["Parameters"] == []
