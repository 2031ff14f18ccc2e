"""Deployments that are interrupted after a call to AWS, and Chalice in this process instead of one of its own."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from botocore.client import BaseClient
from chalice.cli.factory import CLIFactory
from chalice.config import Config
from chalice.deploy.packager import LambdaDeploymentPackager
from chalice.deploy.planner import PlanStage
from chalice.deploy.swagger import TemplatedSwaggerGenerator
from chalice.utils import UI

from infra import deployment
from infra.aws import Aws
from infra.deployment import chalice, chalice_program
from tests.sampling import IS_FULL

_CHANGES = ("Create", "Put", "Import", "Add", "Publish", "UpdateSt", "UpdateAlias", "Delete", "Remove")
# What is set again each time. Nothing is left half made after it.
_SETTINGS = {"DeleteFunctionConcurrency", "PutGatewayResponse"}
# Arguments that tell two calls of an operation apart.
_NAMES = {"StackName", "FunctionName", "RoleName", "Name", "Rule", "EventSourceArn", "UUID", "Principal", "description"}
_Client: Any = BaseClient  # its types leave out the method that makes calls
_call = _Client._make_api_call
# What `chalice_program.tell` replaces.
TOLD = (
    ("lambda_python_version", Config),
    ("lambda_architecture", Config),
    ("create_deployment_package", LambdaDeploymentPackager),
    ("_uri", TemplatedSwaggerGenerator),
    ("_plan_sqseventsource", PlanStage),
    ("_plan_scheduledevent", PlanStage),
)


class Silent(UI):
    """Chalice's output, which nobody reads here."""

    def write(self, msg: str) -> None:
        """Write nothing."""


class Interrupted(BaseException):
    """The power is gone, or somebody pressed Ctrl-C. It names the last call."""


@contextmanager
def interruption(seen: dict[str, str]) -> Iterator[None]:
    """Interrupt whatever happens right after the first call that makes or deletes something and is not in `seen`.

    The call is added: its operation, by its operation and its short arguments. So one try after the other is
    interrupted at one call after the other; at one in sixteen without `--full`.
    """

    def call(client: BaseClient, operation: str, parameters: dict[str, Any]) -> Any:
        answer = _call(client, operation, parameters)
        short = {name: value for name, value in parameters.items() if name in _NAMES}
        this = f"{operation} {short}"
        if operation.startswith(_CHANGES) and operation not in _SETTINGS and this not in seen:
            seen[this] = operation
            if IS_FULL or len(seen) % 16 == 1:
                raise Interrupted(this)
        return answer

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_Client, "_make_api_call", call)
        yield


@pytest.fixture
def quick_chalice(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let Chalice run in this process, with a zip that holds nothing, because these functions are never called."""

    def archive(_build: Path, _target: object, path: Path) -> None:
        with ZipFile(path, "w") as packed:
            packed.writestr("empty", "")

    def run(program: list[str], build: Path, aws: Aws, environment: str, verb: str) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(sys, "path", list(sys.path))
            for name, value in aws.environment().items():
                patched.setenv(name, value)
            factory = CLIFactory(str(build))
            session = factory.create_botocore_session()
            config = factory.create_config_obj(chalice_stage_name=environment)
            if verb == "deploy":
                for replaced, of in TOLD:
                    patched.setattr(of, replaced, getattr(of, replaced))
                chalice_program.tell(program[4], program[5], Path(program[6]))
                factory.create_default_deployer(session, config, Silent()).deploy(config, environment)
            else:
                factory.create_deletion_deployer(session, Silent()).deploy(config, environment)

    monkeypatch.setattr(deployment, "archive", archive)
    monkeypatch.setattr(chalice, "_run", run)
