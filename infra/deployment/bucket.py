"""The bucket of attachments: its name, and emptying it, without which AWS does not delete it."""

from botocore.exceptions import ClientError

from infra.aws import Aws

_NOT_THERE = {"404", "NoSuchBucket"}


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
    """Delete all attachments of an environment, 1,000 a request. Without a bucket there is nothing to do."""
    if not is_there(aws, environment):
        return
    s3, bucket = aws.client("s3"), name_of(aws, environment)
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        keys = [{"Key": each["Key"]} for each in page.get("Contents", [])]
        if keys:
            s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
