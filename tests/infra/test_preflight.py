"""`takip.py deploy --check`: who deploys, what is missing, what is taken, what would change; nothing is changed."""

import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from click.testing import CliRunner

from infra import cloudformation, deployment, stack
from infra.aws import Aws
from infra.cli import commands
from infra.cli import deploy as cli
from infra.cloudformation import Change
from infra.deployment import chalice, check, preflight, watching
from infra.deployment.changes import Wanted, planned
from infra.deployment.edges import EdgeWishes, domain, firewall
from infra.deployment.preflight import Finding
from infra.deployment.rights import policy
from infra.deployment.watching import Wishes

ACCOUNT = "000000000000"
NOTHING = Wanted()


def found(aws: Aws, subject: str) -> list[Finding]:
    """What the check says about a subject."""
    return [finding for finding in check(aws, "dev") if finding.subject == subject]


@pytest.fixture
def deployer(emulated: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Becomes a user with a policy."""
    iam = emulated.client("iam")
    iam.create_user(UserName="deployer")
    key = iam.create_access_key(UserName="deployer")["AccessKey"]

    def become(document: dict[str, Any]) -> None:
        iam.put_user_policy(UserName="deployer", PolicyName="rights", PolicyDocument=json.dumps(document))
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", key["AccessKeyId"])
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", key["SecretAccessKey"])

    yield become
    iam.delete_user_policy(UserName="deployer", PolicyName="rights")
    iam.delete_access_key(UserName="deployer", AccessKeyId=key["AccessKeyId"])
    iam.delete_user(UserName="deployer")


def test_in_an_empty_account_all_names_are_free_and_everything_would_be_made(emulated: Aws) -> None:
    assert f":root in account {ACCOUNT}" in found(emulated, "You are")[0].text
    assert [finding.text for finding in found(emulated, "Names")] == ["all are free"]
    assert [finding.text for finding in found(emulated, "Changes")] == [
        "the stack takip-dev-resources would be made",
        "the stack takip-dev-alarms would be made",
        "the stack takip-dev-dashboards would be made",
        "the function takip-dev would be made",
        "the function takip-dev-ingest_readings would be made",
        "the function takip-dev-compute_aggregates would be made",
        "the function takip-dev-aggregate_bucket would be made",
        "the function takip-dev-escalate_issues would be made",
        "the function takip-dev-send_events would be made",
        "the function takip-dev-sweep_events would be made",
        "the function takip-dev-make_thumbnails would be made",
        "the function takip-dev-deliver_webhook would be made",
        "the function takip-dev-retry_webhooks would be made",
        "the function takip-dev-probe_plant would be made",
    ]
    assert stack.status_of(emulated, "dev") is None


def test_the_documented_policy_is_enough_for_what_is_asked(emulated: Aws, deployer: Any) -> None:
    deployer(policy())
    assert found(emulated, "Rights") == [Finding("Rights", "none is missing")]


def test_each_right_that_is_missing_is_named_with_its_resource(emulated: Aws, deployer: Any) -> None:
    mine = policy()
    mine["Statement"] = [each for each in mine["Statement"] if each["Sid"] != "SigningKeys"]
    deployer(mine)
    parameter = f"arn:aws:ssm:{emulated.region}:{ACCOUNT}:parameter/takip/dev/signing-keys"
    assert found(emulated, "Rights") == [
        Finding("Rights", f"missing: ssm:{action} on {parameter}", hinders=True)
        for action in ("PutParameter", "GetParameter", "DeleteParameters")
    ]


@pytest.mark.parametrize(("code", "told"), [("AccessDenied", True), ("Throttling", False)])
def test_who_may_not_ask_for_rights_is_told(
    emulated: Aws, deployer: Any, monkeypatch: pytest.MonkeyPatch, code: str, *, told: bool
) -> None:
    deployer(policy())

    def refused(*_: object) -> list[str]:
        raise ClientError({"Error": {"Code": code}}, "SimulatePrincipalPolicy")

    monkeypatch.setattr(preflight, "_refused", refused)
    if told:
        assert "unknown, because you may not" in found(emulated, "Rights")[0].text
    else:
        with pytest.raises(ClientError, match="Throttling"):
            check(emulated, "dev")


def test_the_rights_of_a_session_are_those_of_its_role(emulated: Aws) -> None:
    iam = emulated.client("iam")
    iam.create_role(RoleName="Admin", Path="/sso/", AssumeRolePolicyDocument=json.dumps(policy()))
    session = f"arn:aws:sts::{ACCOUNT}:assumed-role"
    assert preflight._principal(iam, f"{session}/Admin/ada") == f"arn:aws:iam::{ACCOUNT}:role/sso/Admin"
    assert preflight._principal(iam, f"{session}/Hidden/ada") == f"arn:aws:iam::{ACCOUNT}:role/Hidden"
    assert preflight._principal(iam, f"arn:aws:sts::{ACCOUNT}:federated-user/ada") is None


def test_a_name_that_something_else_has_is_told(emulated: Aws) -> None:
    tables, sqs, logs = (emulated.client(service) for service in ("dynamodb", "sqs", "logs"))
    tables.create_table(
        TableName="takip-dev",
        KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    queue, dead = (
        sqs.create_queue(QueueName=f"takip-dev-{name}")["QueueUrl"] for name in ("readings", "webhooks-dead")
    )
    for name in ("/aws/lambda/takip-dev", "/aws/lambda/takip-develop"):
        logs.create_log_group(logGroupName=name)
    taken = [finding.text.partition(": ")[2] for finding in found(emulated, "Names") if finding.hinders]
    tables.delete_table(TableName="takip-dev")
    sqs.delete_queue(QueueUrl=queue)
    sqs.delete_queue(QueueUrl=dead)
    for name in ("/aws/lambda/takip-dev", "/aws/lambda/takip-develop"):
        logs.delete_log_group(logGroupName=name)
    assert taken == [
        "table takip-dev",
        "queue takip-dev-readings",
        "queue takip-dev-webhooks-dead",
        "log group /aws/lambda/takip-dev",
    ]


def test_what_would_change_in_the_stack_is_told_and_not_done(
    emulated: Aws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def changes() -> list[Change]:
        return cloudformation.changes(emulated, *stack.request(emulated, "dev", ""))

    stack.put_stack(emulated, "dev")
    assert changes() == []
    text = stack.TEMPLATE.read_text(encoding="utf-8")
    monkeypatch.setattr(stack, "TEMPLATE", tmp_path / "other.yaml")
    stack.TEMPLATE.write_text(text.replace("VisibilityTimeout: ", "VisibilityTimeout: 1"), encoding="utf-8")
    told = changes()
    assert Change("Modify", "ReadingsQueue", "AWS::SQS::Queue", loses=False) in told
    assert not any(change.loses for change in told)
    stack.TEMPLATE.write_text(text.replace("TableName: !Sub takip-", "TableName: !Sub other-"), encoding="utf-8")
    (lost,) = (finding for finding in found(emulated, "Changes") if finding.hinders)
    assert lost.text == "Table (AWS::DynamoDB::Table): Modify, and its data would be lost"
    assert emulated.client("cloudformation").list_change_sets(StackName="takip-dev-resources")["Summaries"] == []


def test_alarms_dashboards_and_edges_are_told_too(emulated: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    def told(wanted: Wanted = NOTHING) -> list[str]:
        return [change.text for change in planned(emulated, "dev", (), wanted) if "resources" not in change.text]

    watching.put(emulated, "dev")
    assert told() == []
    (changed,) = told(Wanted(wishes=Wishes("ops@plant.example")))
    assert changed.startswith("AlarmsEmail (AWS::SNS::Subscription): ")
    monkeypatch.setattr(chalice, "found", lambda *_: SimpleNamespace(api="abc"))
    monkeypatch.setattr(domain, "of_api", lambda *_: ["old.plant.example"])
    assert told(Wanted(edges=EdgeWishes("api.plant.example", firewall=True))) == [
        "the domain old.plant.example would be removed",
        "the domain api.plant.example would be made",
        "the stack takip-dev-firewall would be made",
    ]
    firewall.put(emulated, "dev", "abc", "v1", wanted=True)
    assert told() == []
    assert told(Wanted(edges=EdgeWishes(firewall=False))) == ["the stack takip-dev-firewall would be deleted"]
    firewall.delete(emulated, "dev")
    watching.delete(emulated, "dev")


@pytest.mark.parametrize(("runs", "ends"), [(10, "Concurrent executions)"), (1000, "at once")])
def test_a_quota_that_is_too_small_says_where_to_ask(
    emulated: Aws, monkeypatch: pytest.MonkeyPatch, runs: int, ends: str
) -> None:
    class Lambda:
        def get_account_settings(self) -> dict[str, Any]:
            return {"AccountLimit": {"ConcurrentExecutions": runs}}

    made = Aws.client
    monkeypatch.setattr(Aws, "client", lambda aws, name: Lambda() if name == "lambda" else made(aws, name))
    first, _ = preflight._quotas(emulated)
    assert first.text.startswith(f"{runs} runs")
    assert first.text.endswith(ends)


@pytest.mark.parametrize("hinders", [True, False])
def test_the_command_ends_with_one_if_something_hinders(
    emulated: Aws, monkeypatch: pytest.MonkeyPatch, *, hinders: bool
) -> None:
    monkeypatch.setattr(cli, "amazon", lambda: emulated)
    monkeypatch.setattr(deployment, "check", lambda *_, **__: [Finding("Rights", "missing: x", hinders)])
    result = CliRunner().invoke(commands.takip, ["deploy", "--stage", "dev", "--check"])
    assert result.exit_code == int(hinders)
