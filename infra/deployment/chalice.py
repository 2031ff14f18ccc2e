"""Running the real `chalice deploy`, and reading what it made."""

import json
import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.aws import Aws
from infra.deployment.found import API, Found, Record, find, function_name
from infra.deployment.target import Target
from infra.places import PROJECT
from infra.problem import Problem
from infra.programs import run

_SECONDS_BETWEEN_LOOKS = 5
_LOOKS = 24
ORIGINS = "TAKIP_CORS_ORIGINS"
# Nobody reads it: with it each release has another environment, so Lambda publishes a version of every function.
RELEASE = "TAKIP_RELEASE"
_WITH_ARCHIVE = "infra.deployment.chalice_program"


@dataclass(frozen=True)
class Deployed:
    """What `chalice deploy` made: the id of the API, its URL on AWS, and the names of the functions."""

    api_id: str
    aws_url: str
    functions: tuple[str, ...]


def deploy(build: Path, aws: Aws, environment: str, archive: Path, target: Target) -> Deployed:
    """Deploy the build folder with a zip that was made for a target. Raises Problem with Chalice's output.

    What Chalice was reminded of is changed, not made again.
    """
    program = [sys.executable, "-P", "-m", _WITH_ARCHIVE, target.runtime, target.architecture, str(archive)]
    _run(program, build, aws, environment, "deploy")
    return deployed(aws, environment)


def delete(build: Path, aws: Aws, environment: str) -> None:
    """Delete all that Chalice made, and see that it is gone. Raises Problem with Chalice's output, or what is left."""
    program = shutil.which("chalice", path=str(Path(sys.executable).parent))
    if program is None:
        raise Problem("Chalice is not installed beside this Python. Run it through takip.py, which installs it.")
    remind(build, environment, found(aws, environment).records)
    _run([program], build, aws, environment, "delete")
    _await_end(aws, environment)


def found(aws: Aws, environment: str) -> Found:
    """What is there of an environment, whatever computer deployed it. Raises Problem if it is in another region."""
    return find(aws, environment, configured(environment))


def configured(environment: str) -> tuple[str, ...]:
    """The functions of this clone, as the doors name them."""
    return tuple(setting(PROJECT, environment, "lambda_functions"))


def remind(build: Path, environment: str, records: Sequence[Record]) -> None:
    """Write what is there into Chalice's own record, which it reads to know what to change and what to delete."""
    record = build / ".chalice" / "deployed" / f"{environment}.json"
    record.parent.mkdir(parents=True, exist_ok=True)
    record.write_text(json.dumps({"schema_version": "2.0", "backend": "api", "resources": list(records)}))


def deployed(aws: Aws, environment: str) -> Deployed:
    """The deployed API and its functions. Raises Problem if there is no API."""
    there = found(aws, environment)
    if there.api is None:
        raise Problem(f"There is no API of {environment} in {aws.region}. The next deployment makes it.")
    version = setting(PROJECT, environment, "api_gateway_stage")
    url = f"https://{there.api}.execute-api.{aws.region}.amazonaws.com/{version}"
    return Deployed(there.api, url, there.functions)


def _await_end(aws: Aws, environment: str) -> None:
    """Wait until nothing is there. AWS takes up to a minute for the connection of a queue. Raises Problem."""
    looks_left = _LOOKS
    while left := found(aws, environment).records:
        looks_left -= 1
        if not looks_left:
            names = "\n".join(f"  {record['resource_type']} {record['name']}" for record in left)
            raise Problem(f"This is still there, so the table and the keys were not deleted. Try again.\n{names}")
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def tell(build: Path, environment: str, **variables: str) -> None:
    """Put variables into the environment of the functions, in the build folder."""
    path = build / ".chalice" / "config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    config["stages"][environment]["environment_variables"] |= variables
    path.write_text(json.dumps(config), encoding="utf-8")


def log_group(environment: str, function: str = API) -> str:
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
