"""Deployment of Takip to an AWS: first the resources, then the functions and the API."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path

from infra import cloudformation, iot, stack
from infra.aws import Aws
from infra.deployment import (
    backups,
    bounds,
    bucket,
    callers,
    chalice,
    edges,
    gateway,
    releasing,
    signing_keys,
    switching,
    tables,
    watching,
)
from infra.deployment.archive import archive
from infra.deployment.build import build, fingerprint
from infra.deployment.changes import NO_EDGE_WISHES, Wanted
from infra.deployment.edges import EdgeWishes
from infra.deployment.found import Found, function_name
from infra.deployment.preflight import Finding, look
from infra.deployment.releasing import Rollout, Step
from infra.deployment.target import target_of
from infra.deployment.versions import Known, Release
from infra.deployment.watching import NO_WISHES, Wishes
from infra.places import PROJECT
from infra.problem import Problem

# What they make changes with them.
_MAKERS = (
    *sorted(Path(__file__).parent.rglob("*.py")),
    *(Path(str(each.__file__)) for each in (cloudformation, iot, stack)),
)


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


def deploy(
    aws: Aws,
    environment: str,
    home: Path,
    step: Step = _silently,
    *,
    origins: str | None = None,
    rollout: Rollout | None = None,
    wishes: Wishes = NO_WISHES,
) -> Site:
    """Deploy Takip from the clone to an environment of an AWS. The sentence of each step goes to `step`.

    The new release comes to serve as `rollout` says; None: untried, and at once. `origins` are the web origins whose
    pages may call, separated by commas; None: those of the deployment before. `wishes`: who is told of alarms. `home`
    keeps the build. Nothing happens on an emulator if nothing changed. Raises Problem; trying again goes on from there.
    """
    folder, mark = home / "build", home / "deployed"
    allowed, there = _origins(aws, environment, origins), chalice.found(aws, environment)
    wanted = f"{fingerprint(stack.TEMPLATE, *_MAKERS)} {allowed}"
    _refuse_two_apis(aws, there.answering_apis)
    if aws.endpoint and mark.exists() and mark.read_text() == f"{wanted} {there.api}":  # its state may be lost
        return site(aws, environment)
    mark.unlink(missing_ok=True)
    with step("Creating the table, the queues and the topic rule (CloudFormation)"):
        _put_resources(aws, environment, allowed)
    with step("Letting what serves go on, and gathering what ships"):
        number, table = releasing.keep_serving(aws, environment, there), tables.serving(aws, environment)
        target, zipped = target_of(aws), home / "takip.zip"
        told = {chalice.ORIGINS: allowed, chalice.RELEASE: str(number), tables.VARIABLE: table}
        _gather(folder, environment, there, told)
        archive(folder, target, zipped)
    with step("Deploying the functions and the API (chalice deploy), and what watches them (CloudFormation)"):
        deployed = chalice.deploy(folder, aws, environment, zipped, target)
        watching.put(aws, environment, wishes)
    releasing.bring(aws, environment, _functions(environment), number, step, rollout)
    with step("Setting errors, bounds and access logs, connecting the queues, the clock and the stream"):
        _bound(aws, environment, folder, deployed.api_id)
        _connect(aws, environment, deployed.api_id, callers.noted_beside(zipped), there.rules)
    mark.write_text(f"{wanted} {deployed.api_id}")
    return _site(aws, environment, deployed)


def is_there(aws: Aws, environment: str) -> bool:
    """Whether anything of an environment is there, whatever computer deployed it."""
    there = chalice.found(aws, environment)
    return stack.status_of(aws, environment) is not None or bool(there.functions or there.api)


def releases(aws: Aws, environment: str) -> Known:
    """The releases of an environment, and what its aliases serve."""
    return releasing.read(aws, environment, chalice.found(aws, environment).functions)


def roll_back(aws: Aws, environment: str, number: int | None, refuse: Callable[[Release], None]) -> Release:
    """Let an earlier release serve at once, code and environment; by default the one that served before. Returns it.

    If it has another table, the stream and the alarms follow. Raises Problem if the release is not there, and what
    `refuse` raises for it.
    """
    release = releasing.roll_back(aws, environment, chalice.found(aws, environment).functions, number, refuse)
    switching.follow(aws, environment)
    return release


def check(
    aws: Aws,
    environment: str,
    *,
    origins: str | None = None,
    wishes: Wishes = NO_WISHES,
    edge_wishes: EdgeWishes = NO_EDGE_WISHES,
) -> list[Finding]:
    """What stands in the way of `deploy`, and what it would change. Nothing that exists is changed."""
    wanted = Wanted(_origins(aws, environment, origins), wishes, edge_wishes)
    return list(look(aws, environment, chalice.configured(environment), wanted))


def destroy(aws: Aws, environment: str, home: Path, step: Step = _silently) -> None:
    """Delete an environment with all its data, whatever computer deployed it.

    The stack goes last, as it came first, so that this can be tried again until nothing is left. Raises Problem if
    something cannot be deleted.
    """
    folder = home / "build"
    with step("Deleting the domain and the firewall"):
        edges.delete(aws, environment)
    with step("Deleting alarms and dashboards (CloudFormation)"):
        watching.delete(aws, environment)
    with step("Deleting the functions and the API (chalice delete)"):
        if _sender(environment) in chalice.found(aws, environment).functions:
            callers.disconnect(aws, _sender(environment))
        build(folder)
        chalice.delete(folder, aws, environment)
    with step("Deleting the attachments"):
        bucket.empty(aws, environment)
    with step("Deleting the tables that restores made"):
        for table in tables.every(aws, environment):
            if table != tables.first(environment):
                aws.client("dynamodb").delete_table(TableName=table)
    with step("Deleting the signing keys, the table, the queues and the topic rule (CloudFormation)"):
        signing_keys.delete_signing_keys(aws, environment)
        stack.delete_stack(aws, environment)


def site(aws: Aws, environment: str) -> Site:
    """The addresses and names of what is deployed. Raises Problem if there is no API."""
    return _site(aws, environment, chalice.deployed(aws, environment))


def _site(aws: Aws, environment: str, deployed: chalice.Deployed) -> Site:
    variables = chalice.setting(PROJECT, environment, "environment_variables")
    version = chalice.setting(PROJECT, environment, "api_gateway_stage")
    emulated = f"{aws.endpoint}/restapis/{deployed.api_id}/{version}/_user_request_"
    queue = variables["TAKIP_READINGS_QUEUE"]
    return Site(
        environment=environment,
        region=aws.region,
        endpoint=aws.endpoint,
        url=emulated if aws.endpoint else deployed.aws_url,
        table=tables.serving(aws, environment),
        readings_queue=queue,
        queue_url=aws.client("sqs").get_queue_url(QueueName=queue)["QueueUrl"],
        functions=deployed.functions,
    )


def _refuse_two_apis(aws: Aws, answering: tuple[str, ...]) -> None:
    """Raise Problem if more than one API answers requests: people may use any of them, so none is deleted here."""
    if len(answering) > 1:
        raise Problem(
            f"More than one API answers for this environment: {', '.join(answering)}. Delete those that nobody uses:\n"
            f"  aws apigateway delete-rest-api --region {aws.region} --rest-api-id ID"
        )


def _bound(aws: Aws, environment: str, folder: Path, api_id: str) -> None:
    stage, traced = (chalice.setting(folder, environment, name) for name in ("api_gateway_stage", "xray"))
    gateway.shape_answers(aws, api_id, stage)
    bounds.bound_api(aws, api_id, stage, environment, traced=bool(traced))
    for function in ("compute_aggregates", "escalate_issues", "probe_plant", "retry_webhooks", "sweep_events"):
        bounds.call_once(aws, function_name(environment, function))


def _put_resources(aws: Aws, environment: str, origins: str) -> None:
    stack.put_stack(aws, environment, origins)
    if aws.endpoint:  # an emulator's stacks leave it off
        tables.recover(aws, tables.first(environment))
    backups.put(aws, environment)
    signing_keys.put_signing_keys(aws, environment)


def _gather(folder: Path, environment: str, there: Found, variables: dict[str, str]) -> None:
    build(folder)
    chalice.tell(folder, environment, **variables)
    chalice.remind(folder, environment, there.without_callers(chalice.configured(environment)))


def _connect(aws: Aws, environment: str, api_id: str, declared: Path, rules: tuple[str, ...]) -> None:
    releasing.let_api_call(aws, environment, api_id)
    serving = tables.serving(aws, environment)
    callers.connect(aws, declared, _functions(environment), rules, {_sender(environment): serving})


def _origins(aws: Aws, environment: str, given: str | None) -> str:
    """The web origins whose pages may use the environment: those given now, else those of the deployment before.

    Raises Problem if the tracked file names some too: the next deployment would not know which count.
    """
    if chalice.ORIGINS in chalice.setting(PROJECT, environment, "environment_variables"):
        raise Problem(
            f".chalice/config.json sets {chalice.ORIGINS}. Take it out there and name the origins once with "
            "--allow-origin: the environment remembers them."
        )
    return stack.origins_of(aws, environment) if given is None else given


def _functions(environment: str) -> tuple[str, ...]:
    """The names in AWS of the functions of this clone."""
    return tuple(function_name(environment, each) for each in chalice.configured(environment))


def _sender(environment: str) -> str:
    """The Lambda that sends what was just written."""
    return function_name(environment, "send_events")
