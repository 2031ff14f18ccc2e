"""The bucket of attachments of an account: whether it is there, and emptying it. The account is moto's."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.core.models import DEFAULT_ACCOUNT_ID

from infra.aws import Aws
from infra.deployment import bucket
from tests.machines import refusal, watched

DEV = Aws("eu-central-1")
NAME = f"takip-dev-files-{DEFAULT_ACCOUNT_ID}"


@pytest.fixture
def s3(environment: None) -> Iterator[Any]:
    """S3 without a bucket."""
    with mock_aws():
        yield boto3.client("s3")


def test_without_a_bucket_there_is_nothing_to_empty(s3: Any) -> None:
    bucket.empty(DEV, "dev")
    assert not bucket.is_there(DEV, "dev")


def test_all_of_it_is_deleted_and_nothing_of_another_environment(s3: Any) -> None:
    for name in (NAME, NAME.replace("dev", "prod")):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        for number in range(3):
            s3.put_object(Bucket=name, Key=f"copies/default/i/{number}", Body=b"")
    s3.put_bucket_versioning(Bucket=NAME, VersioningConfiguration={"Status": "Enabled"})
    s3.put_object(Bucket=NAME, Key="copies/default/i/0", Body=b"again")
    s3.delete_object(Bucket=NAME, Key="copies/default/i/1")

    def small_pages(operation: str, parameters: dict[str, Any]) -> None:
        if operation == "ListObjectVersions":
            parameters.update(MaxKeys=2)

    with watched(small_pages):
        bucket.empty(DEV, "dev")
    assert bucket.is_there(DEV, "dev")
    assert s3.list_object_versions(Bucket=NAME).keys() & {"Versions", "DeleteMarkers"} == set()
    assert s3.list_objects_v2(Bucket=NAME.replace("dev", "prod"))["KeyCount"] == 3


def test_a_bucket_of_somebody_else_is_not_taken_for_none(s3: Any) -> None:
    def forbid(operation: str, _parameters: dict[str, Any]) -> None:
        if operation == "HeadBucket":
            raise refusal("403", operation)

    with watched(forbid):
        assert bucket.is_there(DEV, "dev")
