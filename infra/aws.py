"""The AWS that the tools use: Amazon's, or an emulator with the same API."""

import os
from dataclasses import dataclass
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, NoCredentialsError

from infra.problem import Problem

_USUAL_REGION = "eu-central-1"
_TRIES = 4
_EMULATOR_CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
# Variables that would send a subprocess to another account or region.
_MISLEADING = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_REGION")


@dataclass(frozen=True)
class Aws:
    """A region of an AWS. Without an endpoint it is Amazon's, with the credentials of the environment.

    `runs_functions_here`: an emulator that runs Lambdas on this machine's Python.
    """

    region: str
    endpoint: str | None = None
    runs_functions_here: bool = False

    def client(self, service: str, *, tries: int = _TRIES) -> Any:
        """A boto3 client of one service, for example "sqs". A refused call is tried again after a growing wait."""
        make: Any = _session(self.region).client  # a function of another type for each service
        credentials = {name.lower(): value for name, value in self._credentials().items()}
        patience = Config(connect_timeout=5, retries={"total_max_attempts": tries, "mode": "standard"})
        return make(service, endpoint_url=self.endpoint, config=patience, **credentials)

    def account(self) -> str:
        """The number of the account."""
        account: str = self.client("sts").get_caller_identity()["Account"]
        return account

    def environment(self) -> dict[str, str]:
        """The environment variables with which a subprocess uses this AWS and no other."""
        kept = {name: value for name, value in os.environ.items() if name not in _MISLEADING or self.endpoint is None}
        where = {"AWS_DEFAULT_REGION": self.region}
        if self.endpoint:
            where |= {"AWS_ENDPOINT_URL": self.endpoint, "AWS_CONFIG_FILE": os.devnull}
        return kept | where | self._credentials()

    def _credentials(self) -> dict[str, str]:
        if self.endpoint is None:
            return {}
        return {name: os.environ.get(name, usual) for name, usual in _EMULATOR_CREDENTIALS.items()}


@cache
def _session(region: str) -> boto3.Session:
    """The session of a region. It remembers botocore's data, which takes longer to read than most calls take."""
    return boto3.Session(region_name=region)


def amazon() -> Aws:
    """Amazon's AWS in the region of the environment or the profile.

    Raises Problem if there are no credentials or they have expired, because a subprocess cannot report that clearly.
    """
    try:
        session = boto3.Session()
        credentials = session.get_credentials()
        if credentials is None:
            raise NoCredentialsError
        credentials.get_frozen_credentials()
    except BotoCoreError as error:
        raise Problem(
            f"AWS says: {error}\n"
            "Name a profile of yours in AWS_PROFILE, make one with `aws configure`, or renew it with `aws sso login`;\n"
            f"the region is the profile's or that of AWS_DEFAULT_REGION, else {_USUAL_REGION}."
        ) from None
    return Aws(region=session.region_name or _USUAL_REGION)
