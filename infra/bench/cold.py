"""The CPU time of a cold start, from the very zip that is deployed, beside that of the zip of a named commit.

Each start is a process of its own, on Lambda's Python, with nothing but the content of the zip, and can write no
bytecode. The two zips take turns, so that a busy machine slows both.
"""

import io
import json
import os
import statistics
import sys
import time
import zipfile
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jwt
from chalice.deploy.packager import DependencyBuilder, LambdaDeploymentPackager
from chalice.utils import UI, OSUtils

from infra.bench.aws_answers import KEY_ID, SECRET, answering
from infra.bench.commits import files_of
from infra.deployment import chalice
from infra.deployment.archive import archive
from infra.deployment.build import build
from infra.deployment.packages import wheels_of
from infra.deployment.target import Target, architecture_here, lambda_target
from infra.places import PROJECT
from infra.problem import Problem
from infra.programs import pip, run

COMMIT = "5793393"
ROUNDS = 9
API, INGEST = "app.app", "functions.ingest_readings.ingest_readings"
_ENVIRONMENT = "dev"
_STARTING = Path(__file__).with_name("starting.py")
_MAKE_ARCHIVE = """
import sys
from pathlib import Path
from infra.deployment.archive import archive
from infra.deployment.packages import wheels_of
from infra.deployment.target import Target, architecture_here, lambda_target
archive(Path(sys.argv[1]), lambda_target(architecture_here()), Path(sys.argv[2]))
"""
_WORKER = "01JGTQ8N00WORKER0000000000"
_TOKEN_SECONDS = 3600
_OK = 200


@dataclass(frozen=True)
class Measured:
    """A part of a cold start: the CPU seconds then and today, the medians of all rounds."""

    name: str
    before: float
    today: float

    @property
    def ratio(self) -> float:
        """Today's seconds as a part of the earlier ones."""
        return self.today / self.before


@dataclass(frozen=True)
class Version:
    """A version of Takip as it is deployed: the content of its zip, the size of the zip in bytes, its variables.

    `interpreter` is a Python of the version for which the zip was made.
    """

    interpreter: Path
    folder: Path
    size: int
    variables: dict[str, str]

    def start(self, handler: str, endpoint: str, event: object = None) -> dict[str, Any]:
        """Start a handler, and call it if there is an event. Returns what `starting` tells. Raises Problem."""
        command = [
            str(self.interpreter),
            "-I",
            "-S",
            "-B",
            str(_STARTING),
            str(self.folder),
            handler,
            json.dumps(event),
        ]
        said = run(command, f"{handler} does not start from the zip:", env=self.variables | _lambdas(endpoint))
        told: dict[str, Any] = json.loads(said.splitlines()[-1])
        if told["answer"] and told["answer"]["statusCode"] != _OK:
            raise Problem(f"The first request was refused: {told['answer']['body']}")
        return told


@contextmanager
def versions(commit: str) -> Iterator[tuple[Version, Version]]:
    """The version of a commit and today's, while they are needed. Raises Problem."""
    with files_of(commit) as files, TemporaryDirectory(prefix="takip-") as made:
        yield _version(files, Path(made) / "before"), _version(PROJECT, Path(made) / "today")


def measure(before: Version, today: Version, rounds: int) -> Iterator[Measured]:
    """Start the API with a first request, a worker's open work, and the queue's door. Raises Problem."""
    with answering() as endpoint:
        apis = [[version.start(API, endpoint, first_request()) for version in (before, today)] for _ in range(rounds)]
        doors = [[version.start(INGEST, endpoint) for version in (before, today)] for _ in range(rounds)]
    for name, turns, part in (
        ("import app", apis, "imported"),
        ("import app, first request", apis, "answered"),
        ("import ingest_readings", doors, "imported"),
    ):
        then, now = (statistics.median(start[part] for start in starts) for starts in zip(*turns, strict=True))
        yield Measured(name, then, now)


def _version(files: Path, folder: Path) -> Version:
    """Make the zip of a version as its deployment does, and unpack it."""
    target = lambda_target(architecture_here())
    build(folder / "build", files)
    zipped = _zip(files, folder, target)
    with zipfile.ZipFile(zipped) as packed:
        packed.extractall(folder / "task")
    variables = chalice.setting(folder / "build", _ENVIRONMENT, "environment_variables")
    return Version(target.interpreter, folder / "task", zipped.stat().st_size, variables)


def _zip(files: Path, folder: Path, target: Target) -> Path:
    """The zip of a version. Versions that make none themselves deployed the one that Chalice makes."""
    zipped = folder / "takip.zip"
    if files == PROJECT:
        archive(folder / "build", target, zipped)
    elif (files / "infra" / "deployment" / "archive.py").exists():
        make = [sys.executable, "-P", "-c", _MAKE_ARCHIVE, str(folder / "build"), str(zipped)]
        run(make, "The zip of the commit could not be made:", env=os.environ | {"PYTHONPATH": str(files)})
    else:
        _chalices_zip(folder / "build", target).rename(zipped)
    return zipped


def _chalices_zip(folder: Path, target: Target) -> Path:
    """The zip that Chalice makes. It can fetch packages only for its own Python, so they are fetched for it."""
    requirements, tools = folder / "requirements.txt", OSUtils()
    kind = ("--only-binary=:all:", "--no-compile", *wheels_of(target), "--target", str(folder / "vendor"))
    pip("The packages of the commit could not be fetched.", "install", *kind, "-r", str(requirements))
    requirements.write_text("")
    packager = LambdaDeploymentPackager(tools, DependencyBuilder(tools), UI(out=io.StringIO()))
    return Path(packager.create_deployment_package(str(folder), target.runtime))


def _lambdas(endpoint: str) -> dict[str, str]:
    """The variables that Lambda itself sets, and the AWS that answers."""
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_DEFAULT_REGION": "eu-central-1",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.13",
        "AWS_LAMBDA_FUNCTION_NAME": "takip-dev",
        "AWS_REGION": "eu-central-1",
        "AWS_SECRET_ACCESS_KEY": "test",
        "LAMBDA_TASK_ROOT": "/var/task",
        "_X_AMZN_TRACE_ID": "Root=1-00000000-000000000000000000000000;Parent=0000000000000000;Sampled=1",
    }


def first_request() -> dict[str, Any]:
    """What API Gateway sends to the function when a worker's phone asks for its open work."""
    now = int(time.time())
    claims = {
        "iss": "takip",
        "aud": "takip-api",
        "sub": _WORKER,
        "user_id": _WORKER,
        "tenant": "default",
        "device": "",
        "role": "worker",
        "iat": now,
        "nbf": now,
        "exp": now + _TOKEN_SECONDS,
    }
    token = jwt.encode(claims, b64decode(SECRET), algorithm="HS256", headers={"kid": KEY_ID, "typ": "at+jwt"})
    return {
        "resource": "/stages",
        "path": "/stages",
        "httpMethod": "GET",
        "headers": {"authorization": f"Bearer {token}", "user-agent": "phone"},
        "multiValueQueryStringParameters": {"assignee": ["me"], "limit": ["40"]},
        "pathParameters": None,
        "stageVariables": None,
        "requestContext": {
            "resourcePath": "/stages",
            "httpMethod": "GET",
            "path": "/v1/stages",
            "stage": "v1",
            "requestId": "00000000-0000-0000-0000-000000000000",
            "identity": {"sourceIp": "192.0.2.1"},
        },
        "body": None,
        "isBase64Encoded": False,
    }
