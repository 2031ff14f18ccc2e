"""Deployment of Takip to an AWS: first the resources, then the functions and the API."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from infra import iot, stack
from infra.aws import Aws
from infra.deployment import bounds, chalice, gateway, signing_keys, stream
from infra.deployment.archive import archive
from infra.deployment.build import build, fingerprint
from infra.deployment.preflight import Finding, look
from infra.deployment.target import target_of
from infra.places import PROJECT

# What they make changes with them.
_MAKERS = (*sorted(Path(__file__).parent.glob("*.py")), Path(stack.__file__), Path(iot.__file__))
Step = Callable[[str], AbstractContextManager[object]]


def _silently(_sentence: str) -> AbstractContextManager[object]:
    return nullcontext()


@dataclass(frozen=True)
class Site:
    """The addresses and names of a deployed Takip."""

    environment: str
    region: str
    endpoint: str | None
    url: str
    table: str
    readings_queue: str
    queue_url: str
    functions: tuple[str, ...]


def deploy(aws: Aws, environment: str, home: Path, step: Step = _silently) -> Site:
    """Deploy Takip from the clone to an environment of an AWS. The sentence of each step goes to `step`.

    `home` keeps the build. A deployment to an emulator that would change nothing is left out. Raises Problem with what
    failed. Trying again continues from there.
    """
    folder, mark = home / "build", home / "deployed"
    wanted = fingerprint(stack.TEMPLATE, *_MAKERS)
    if aws.endpoint and mark.exists() and mark.read_text().startswith(wanted) and _is_there(aws, environment, home):
        return site(aws, environment, home)
    mark.unlink(missing_ok=True)
    with step("Creating the table, the queues and the topic rule (CloudFormation)"):
        stack.put_stack(aws, environment)
        signing_keys.put_signing_keys(aws, environment)
    with step("Gathering what ships"):
        build(folder)
        target, zipped = target_of(aws), home / "takip.zip"
        archive(folder, target, zipped)
    with step("Deploying the functions and the API (chalice deploy)"), _memory(folder, environment):
        if aws.endpoint and not chalice.remembered(folder, environment).exists():
            chalice.forget_orphans(aws, environment)
        deployed = chalice.deploy(folder, aws, environment, zipped, target)
        gateway.shape_answers(aws, deployed.api_id, chalice.setting(folder, environment, "api_gateway_stage"))
    with step("Setting bounds and access logs"):
        _bound(aws, environment, folder, deployed.api_id)
    with step("Connecting the table's stream"):
        table = chalice.setting(folder, environment, "environment_variables")["TAKIP_TABLE"]
        stream.connect(aws, _sender(environment), table)
    mark.write_text(f"{wanted} {deployed.api_id}")  # an emulator that lost its state makes another id
    return site(aws, environment, home)


def check(aws: Aws, environment: str) -> list[Finding]:
    """What stands in the way of `deploy`, and what it would change. Nothing that exists is changed."""
    functions = chalice.setting(PROJECT, environment, "lambda_functions")
    return list(look(aws, environment, tuple(functions)))


def destroy(aws: Aws, environment: str, home: Path, step: Step = _silently) -> None:
    """Delete an environment with all its data. Raises Problem if something cannot be deleted."""
    folder = home / "build"
    with step("Deleting the functions and the API (chalice delete)"):
        stream.disconnect(aws, _sender(environment))
        build(folder)
        with _memory(folder, environment):
            chalice.delete(folder, aws, environment)
    with step("Deleting the table, the queues and the topic rule (CloudFormation)"):
        stack.delete_stack(aws, environment)
        signing_keys.delete_signing_keys(aws, environment)


def site(aws: Aws, environment: str, home: Path) -> Site:
    """The addresses and names of what is deployed."""
    folder = home / "build"
    deployed = chalice.deployed(folder, environment)
    variables = chalice.setting(folder, environment, "environment_variables")
    version = chalice.setting(folder, environment, "api_gateway_stage")
    emulated = f"{aws.endpoint}/restapis/{deployed.api_id}/{version}/_user_request_"
    queue = variables["TAKIP_READINGS_QUEUE"]
    return Site(
        environment=environment,
        region=aws.region,
        endpoint=aws.endpoint,
        url=emulated if aws.endpoint else deployed.aws_url,
        table=variables["TAKIP_TABLE"],
        readings_queue=queue,
        queue_url=aws.client("sqs").get_queue_url(QueueName=queue)["QueueUrl"],
        functions=deployed.functions,
    )


def _bound(aws: Aws, environment: str, folder: Path, api_id: str) -> None:
    stage, traced = (chalice.setting(folder, environment, name) for name in ("api_gateway_stage", "xray"))
    bounds.bound_api(aws, api_id, stage, environment, traced=bool(traced))
    for function in ("compute_aggregates", "sweep_events"):
        bounds.call_once(aws, chalice.function_name(environment, function))


def _sender(environment: str) -> str:
    """The Lambda that sends what was just written."""
    return chalice.function_name(environment, "send_events")


def _is_there(aws: Aws, environment: str, home: Path) -> bool:
    """Whether the emulator still has the API. LocalStack loses everything when it stops."""
    api_id = chalice.deployed(home / "build", environment).api_id
    known = aws.client("apigateway").get_rest_apis()["items"]
    return any(api["id"] == api_id for api in known)


@contextmanager
def _memory(folder: Path, environment: str) -> Iterator[None]:
    """Use the memory of Chalice: for a shared environment the committed one, for a local one that of this build."""
    inside = chalice.remembered(folder, environment)
    shared = None if environment == "local" else chalice.remembered(PROJECT, environment)
    if shared and shared.exists():
        inside.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(shared, inside)
    try:
        yield
    finally:
        if shared and inside.exists() and json.loads(inside.read_text(encoding="utf-8")):
            shared.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(inside, shared)
