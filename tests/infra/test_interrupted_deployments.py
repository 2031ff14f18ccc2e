"""A deployment or a deletion that is interrupted after any call goes on with the next try, from any computer."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import deployment
from infra.aws import Aws
from infra.deployment import chalice
from infra.places import PROJECT
from tests.infra.interruptions import Interrupted, interruption, quick_chalice

__all__ = ["quick_chalice"]
ENVIRONMENT = "dev"
# Operations that make something. They are interrupted so many times at least, once for each thing.
INTERRUPTIONS = {
    "CreateStack": 3,
    "UpdateStack": 1,
    "PutParameter": 1,
    "CreateRole": 3,
    "PutRolePolicy": 3,
    "CreateFunction": 3,
    "PutRule": 1,
    "PutTargets": 1,
    "AddPermission": 2,
    "CreateEventSourceMapping": 1,
    "PublishVersion": 3,
    "CreateAlias": 3,
    "ImportRestApi": 1,
    "CreateDeployment": 2,
    "UpdateStage": 1,
}


pytestmark = [pytest.mark.usefixtures("quick_chalice"), pytest.mark.timeout(900)]


@pytest.fixture
def aws(emulated: Aws) -> Aws:
    """An account that runs functions on this machine's Python, so that no other one is fetched."""
    return Aws(emulated.region, emulated.endpoint, runs_functions_here=True)


@pytest.fixture
def computers(tmp_path: Path) -> Iterator[Path]:
    """The folders of computers, each of which knows nothing of the others."""
    return (tmp_path / str(number) for number in range(1_000))


Things = set[tuple[str, str]]


def found(aws: Aws) -> Things:
    """What is there, by type and name."""
    return things(list(chalice.found(aws, ENVIRONMENT).records))


CALLERS = {"cloudwatch_event": 5, "sqs_event": 4}


def recorded(computer: Path) -> Things:
    """What Chalice itself recorded on a computer where a deployment succeeded."""
    record = computer / "build" / ".chalice" / "deployed" / f"{ENVIRONMENT}.json"
    return things(json.loads(record.read_text())["resources"])


def things(records: list[dict[str, str]]) -> Things:
    named = [(record["resource_type"], record["name"]) for record in records]
    assert len(named) == len(set(named))
    return set(named)


def assert_all_is_called_by_its_alias(aws: Aws) -> None:
    """The API, the queues, the stream and the clock name the alias of a function, and nothing names another version."""
    functions, events = aws.client("lambda"), aws.client("events")
    known = deployment.releases(aws, ENVIRONMENT)
    assert set(known.releases[0].versions) == set(known.aliases)
    assert {known.serving(function) for function in known.aliases} == {known.releases[0].number}
    mapped = functions.list_event_source_mappings()["EventSourceMappings"]
    rules = [rule["Name"] for rule in events.list_rules()["Rules"]]
    called = [each["FunctionArn"] for each in mapped]
    called += [target["Arn"] for rule in rules for target in events.list_targets_by_rule(Rule=rule)["Targets"]]
    assert len(called) == len(known.aliases) - 1
    assert all(arn.endswith(":live") for arn in called)
    assert {arn.split(":")[6] for arn in called} == known.aliases.keys() - {f"takip-{ENVIRONMENT}"}


def release(aws: Aws) -> None:
    """Remove the protection of the table, as an admin does by hand."""
    aws.client("dynamodb").update_table(TableName=f"takip-{ENVIRONMENT}", DeletionProtectionEnabled=False)


def data(aws: Aws) -> tuple[bool, bool, bool]:
    """Whether the table, the queue and the signing keys are there."""
    keys = aws.client("ssm").get_parameters(Names=[f"/takip/{ENVIRONMENT}/signing-keys"])["Parameters"]
    return (
        f"takip-{ENVIRONMENT}" in aws.client("dynamodb").list_tables()["TableNames"],
        bool(aws.client("sqs").list_queues(QueueNamePrefix=f"takip-{ENVIRONMENT}-readings").get("QueueUrls")),
        bool(keys),
    )


def test_a_deployment_goes_on_after_an_interruption_at_any_call(aws: Aws, computers: Iterator[Path]) -> None:
    seen: dict[str, str] = {}
    left: list[Things] = []
    computer = None
    while computer is None:
        here = next(computers)
        with interruption(seen):
            try:
                deployment.deploy(aws, ENVIRONMENT, here)
                computer = here
            except Interrupted:
                left.append(found(aws))
    times = Counter(seen.values())
    assert {
        operation: times[operation] for operation in INTERRUPTIONS if times[operation] < INTERRUPTIONS[operation]
    } == {}
    there = found(aws)
    assert {each for each in there if each[0] not in CALLERS} == recorded(computer)
    assert Counter(kind for kind, _ in there if kind in CALLERS) == CALLERS
    assert_all_is_called_by_its_alias(aws)
    assert all(some <= there for some in left)
    permissions = json.loads(aws.client("lambda").get_policy(FunctionName=f"takip-{ENVIRONMENT}")["Policy"])
    called = [statement["Resource"].partition(f"takip-{ENVIRONMENT}")[2] for statement in permissions["Statement"]]
    assert sorted(called) == ["", ":live"]


def test_a_deletion_goes_on_after_an_interruption_at_any_call(aws: Aws, computers: Iterator[Path]) -> None:
    deployment.deploy(aws, ENVIRONMENT, next(computers))
    release(aws)
    seen: dict[str, str] = {}
    done = False
    while not done:
        with interruption(seen):
            try:
                deployment.destroy(aws, ENVIRONMENT, next(computers))
                done = True
            except Interrupted:
                done = any(call.startswith("DeleteStack") and "resources" in call for call in seen)
        assert data(aws) == (True, True, True) or found(aws) == set()
    times = Counter(seen.values())
    assert times["DeleteRestApi"] == 1
    assert (
        times["DeleteFunction"] == times["DeleteRole"] == len(chalice.setting(PROJECT, ENVIRONMENT, "lambda_functions"))
    )
    assert (found(aws), data(aws), deployment.is_there(aws, ENVIRONMENT)) == (set(), (False, False, False), False)
