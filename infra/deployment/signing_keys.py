"""The keys that sign tokens: a secret that CloudFormation cannot create."""

import base64
import json
import secrets
from datetime import UTC, datetime

from botocore.exceptions import ClientError

from infra.aws import Aws


def parameter_name(environment: str) -> str:
    """The SSM parameter that holds an environment's signing keys."""
    return f"/takip/{environment}/signing-keys"


def put_signing_keys(aws: Aws, environment: str) -> None:
    """Give the environment its first signing key, as a SecureString; keys that are there already stay."""
    ssm = aws.client("ssm")
    now = datetime.now(UTC)
    key = {
        "secret": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("="),
        "signs_from": now.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    try:
        ssm.put_parameter(
            Name=parameter_name(environment),
            Description="Keys that sign Takip's tokens, by key id; the newest whose time has come signs",
            Type="SecureString",
            Value=json.dumps({f"{now:%Y%m%d}-{secrets.token_hex(3)}": key}),
            Overwrite=False,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise


def delete_signing_keys(aws: Aws, environment: str) -> None:
    """Forget the environment's signing keys: every token it ever gave out is void."""
    aws.client("ssm").delete_parameters(Names=[parameter_name(environment)])
