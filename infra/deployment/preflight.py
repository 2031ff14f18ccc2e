"""What stands in the way of a deployment, and what it would change. Looking changes nothing that exists."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.rates import ALL
from infra import stack
from infra.aws import Aws
from infra.deployment import bucket, tables
from infra.deployment.changes import Wanted, planned
from infra.deployment.rights import GRANTS

# What machines, their numbers, pictures and webhooks may take at once, and as much again for people.
MACHINES_TAKE = 37
_FEWEST_RUNS = 2 * MACHINES_TAKE
_ASK = (
    f"; too few: machines, their numbers, pictures and webhooks may take {MACHINES_TAKE}."
    " Ask for 1,000 in Service Quotas (Lambda, Concurrent executions)"
)
_FEWEST_REQUESTS = ALL.a_second
_UNTOLD = {"AccessDenied", "AccessDeniedException"}


@dataclass(frozen=True)
class Finding:
    """One line of the report. What hinders would make the deployment fail."""

    subject: str
    text: str
    hinders: bool = False


def look(aws: Aws, environment: str, functions: tuple[str, ...], wanted: Wanted) -> Iterator[Finding]:
    """Everything to know before a deployment with these functions, in the order of asking."""
    caller = aws.client("sts").get_caller_identity()
    yield Finding("You are", f"{caller['Arn']} in account {caller['Account']}, region {aws.region}")
    yield from _rights(aws, caller, environment)
    yield from _quotas(aws)
    if stack.status_of(aws, environment) is None:
        yield from _taken(aws, environment)
    for change in planned(aws, environment, functions, wanted):
        yield Finding("Changes", change.text, hinders=change.loses)


def _rights(aws: Aws, caller: dict[str, str], environment: str) -> Iterator[Finding]:
    iam, account = aws.client("iam"), caller["Account"]
    who = _principal(iam, caller["Arn"])
    if who is None:
        yield Finding("Rights", f"{caller['Arn']} has all rights, or rights that cannot be asked about")
        return
    missing = []
    try:
        for grant in GRANTS:
            for resource in grant.on(aws.region, account, environment):
                missing += _refused(iam, who, grant.named(), resource)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _UNTOLD:
            raise
        yield Finding(
            "Rights", "unknown, because you may not iam:SimulatePrincipalPolicy; docs/deploying.md lists them"
        )
        return
    yield from (Finding("Rights", f"missing: {each}", hinders=True) for each in missing)
    if not missing:
        yield Finding("Rights", "none is missing")


def _principal(iam: Any, arn: str) -> str | None:
    """The user or role whose policies decide. None for the account's root, and for federated users."""
    kind, _, name = arn.rpartition(":")[2].partition("/")
    if kind == "user":
        return arn
    if kind != "assumed-role":
        return None
    role = name.partition("/")[0]
    try:
        found: str = iam.get_role(RoleName=role)["Role"]["Arn"]  # it may have a path, which the session does not tell
    except ClientError:
        return f"arn:aws:iam::{arn.split(':')[4]}:role/{role}"
    return found


def _refused(iam: Any, who: str, actions: list[str], resource: str) -> list[str]:
    """Which of the actions the principal may not do on a resource. A wildcard stands for any one name."""
    one = resource if resource == "*" else resource.replace("*", "any")
    answers = iam.get_paginator("simulate_principal_policy").paginate(
        PolicySourceArn=who, ActionNames=actions, ResourceArns=[one]
    )
    results = (result for page in answers for result in page["EvaluationResults"])
    return [f"{result['EvalActionName']} on {resource}" for result in results if result["EvalDecision"] != "allowed"]


def _quotas(aws: Aws) -> Iterator[Finding]:
    runs = aws.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    few = runs < _FEWEST_RUNS
    yield Finding("Quotas", f"{runs} runs of Lambdas at once{_ASK if few else ''}")
    requests = aws.client("apigateway").get_account().get("throttleSettings", {}).get("rateLimit", _FEWEST_REQUESTS)
    yield Finding("Quotas", f"{requests:,.0f} requests a second to all APIs; Takip takes {_FEWEST_REQUESTS} at most")


def _taken(aws: Aws, environment: str) -> Iterator[Finding]:
    """Names that the stack would give, and that something else has."""
    table = tables.first(environment)
    names = [
        *([f"table {table}"] if tables.described(aws, table) else []),
        *([f"bucket {bucket.name_of(aws, environment)}"] if bucket.is_there(aws, environment) else []),
        *(f"queue {name}" for name in _queues(aws, environment)),
        *(f"log group {name}" for name in _log_groups(aws, environment)),
    ]
    yield from (Finding("Names", f"taken, by no stack of Takip: {name}", hinders=True) for name in names)
    if not names:
        yield Finding("Names", "all are free")


def _queues(aws: Aws, environment: str) -> list[str]:
    sqs, found = aws.client("sqs"), []
    for name in stack.queue_names(environment):
        try:
            sqs.get_queue_url(QueueName=name)
            found.append(name)
        except sqs.exceptions.QueueDoesNotExist:
            continue
    return found


def _log_groups(aws: Aws, environment: str) -> list[str]:
    pages = aws.client("logs").get_paginator("describe_log_groups")
    return [
        group["logGroupName"]
        for folder in ("/aws/lambda/", "/aws/apigateway/")
        for page in pages.paginate(logGroupNamePrefix=f"{folder}takip-{environment}")
        for group in page["logGroups"]
        if group["logGroupName"].removeprefix(f"{folder}takip-{environment}")[:1] in {"", "-"}
    ]
