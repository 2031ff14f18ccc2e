"""The bucket of attachments: its name, and emptying it, without which AWS does not delete it."""

from botocore.exceptions import ClientError

from infra.aws import Aws

_NOT_THERE = {"404", "NoSuchBucket"}
_MOST_AT_A_TIME = 1000


def name_of(aws: Aws, environment: str) -> str:
    """The name of the environment's bucket in this account."""
    return f"takip-{environment}-files-{aws.account()}"


def is_there(aws: Aws, environment: str) -> bool:
    """Whether a bucket has the name, ours or somebody else's."""
    try:
        aws.client("s3").head_bucket(Bucket=name_of(aws, environment))
    except ClientError as error:
        return error.response["Error"]["Code"] not in _NOT_THERE
    return True


def empty(aws: Aws, environment: str) -> None:
    """Delete all attachments of an environment with all their versions. Without a bucket there is nothing to do."""
    if not is_there(aws, environment):
        return
    s3, bucket = aws.client("s3"), name_of(aws, environment)
    pages = s3.get_paginator("list_object_versions").paginate(Bucket=bucket)
    found = [each for page in pages for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ()))]
    named = [{"Key": each["Key"], "VersionId": each["VersionId"]} for each in found]
    for start in range(0, len(named), _MOST_AT_A_TIME):
        some = named[start : start + _MOST_AT_A_TIME]
        s3.delete_objects(Bucket=bucket, Delete={"Objects": some, "Quiet": True})
