"""Running the real `chalice deploy`, and reading what it made."""

import json
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.aws import Aws
from infra.deployment.target import Target
from infra.places import PROJECT
from infra.problem import Problem
from infra.programs import run

_APP = "takip"
_API = "api_handler"
_WITH_ARCHIVE = "infra.deployment.chalice_program"


@dataclass(frozen=True)
class Deployed:
    """What `chalice deploy` made: the id of the API, its URL on AWS, and the names of the functions."""

    api_id: str
    aws_url: str
    functions: tuple[str, ...]


def deploy(build: Path, aws: Aws, environment: str, archive: Path, target: Target) -> Deployed:
    """Deploy the build folder with a zip that was made for a target. Raises Problem with Chalice's output."""
    program = [sys.executable, "-P", "-m", _WITH_ARCHIVE, target.runtime, target.architecture, str(archive)]
    _run(program, build, aws, environment, "deploy")
    return deployed(build, environment)


def forget_orphans(aws: Aws, environment: str) -> None:
    """Delete what an interrupted first deployment left on an emulator. Otherwise Chalice would make it twice."""
    gateway, functions = aws.client("apigateway"), aws.client("lambda")
    for api in gateway.get_rest_apis()["items"]:
        if api["name"] == _APP:
            gateway.delete_rest_api(restApiId=api["id"])
    for source in functions.list_event_source_mappings()["EventSourceMappings"]:
        if source["FunctionArn"].rpartition(":")[2].startswith(f"{_APP}-{environment}-"):
            functions.delete_event_source_mapping(UUID=source["UUID"])


def delete(build: Path, aws: Aws, environment: str) -> None:
    """Delete all that Chalice made. Raises Problem with Chalice's output."""
    program = shutil.which("chalice", path=str(Path(sys.executable).parent))
    if program is None:
        raise Problem("Chalice is not installed beside this Python. Run it through takip.py, which installs it.")
    _run([program], build, aws, environment, "delete")


def remembered(build: Path, environment: str) -> Path:
    """The file in which Chalice records what it made. Without it the next deployment makes a second API."""
    return build / ".chalice" / "deployed" / f"{environment}.json"


def deployed(build: Path, environment: str) -> Deployed:
    """Read what Chalice recorded."""
    resources = json.loads(remembered(build, environment).read_text(encoding="utf-8"))["resources"]
    api = next(resource for resource in resources if resource["resource_type"] == "rest_api")
    functions = (r["lambda_arn"].rpartition(":")[2] for r in resources if r["resource_type"] == "lambda_function")
    return Deployed(api["rest_api_id"], api["rest_api_url"].rstrip("/"), tuple(functions))


def function_name(environment: str, function: str = _API) -> str:
    """The name of a function on AWS. That of the API, the default, is made of app and environment only."""
    return f"{_APP}-{environment}" + ("" if function == _API else f"-{function}")


def log_group(environment: str, function: str = _API) -> str:
    """The log group of a function, by default of the API."""
    return f"/aws/lambda/{function_name(environment, function)}"


def setting(build: Path, environment: str, name: str) -> Any:
    """A setting of an environment in `.chalice/config.json`. A setting of the environment overrides the common one."""
    config = json.loads((build / ".chalice" / "config.json").read_text(encoding="utf-8"))
    common, own = config.get(name), config["stages"][environment].get(name)
    return {**(common or {}), **own} if isinstance(own, dict) else own or common


def _run(program: list[str], build: Path, aws: Aws, environment: str, verb: str) -> None:
    command = [*program, verb, "--stage", environment]
    variables = {**aws.environment(), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(PROJECT)}
    run(command, f"`chalice {verb} --stage {environment}` failed:", cwd=build, env=variables)
