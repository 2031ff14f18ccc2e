"""The parts of a deployment agree: doors, configuration, policies, template and settings name the same things."""

import re
from dataclasses import MISSING, fields
from typing import Any

import pytest
from chalice.app import ScheduledEventConfig, SQSEventConfig

from chalicelib import settings
from chalicelib.settings import Settings
from functions._rules import OLD_RULES, RULES
from infra.deployment import bounds, preflight
from infra.deployment.bounds import access_log_group
from infra.documents.derived import load_everything
from tests.architecture.deployment import (
    CONFIG,
    ENVIRONMENTS,
    RESOURCES,
    functions,
    listed,
    named,
    policy,
    trespasses,
    variables,
)
from tests.architecture.sources import PROJECT

REQUIRED = {f"TAKIP_{field.name.upper()}" for field in fields(Settings) if field.default is MISSING}
KNOWN = {f"TAKIP_{field.name.upper()}" for field in fields(Settings)}


def test_every_door_that_is_a_lambda_of_its_own_is_configured() -> None:
    from app import app  # noqa: PLC0415 - only these tests need the whole application

    lambdas: list[Any] = [*app.event_sources, *app.pure_lambda_functions]
    assert functions() == {"api_handler"} | {each.name for each in lambdas}
    assert all(each.handler_string == f"functions.{each.name}.{each.name}" for each in lambdas)


def test_every_endpoint_that_is_declared_is_part_of_the_application() -> None:
    from app import app  # noqa: PLC0415 - only these tests need the whole application

    load_everything()
    served = {(method, path) for path, methods in app.routes.items() for method in methods if method != "OPTIONS"}
    assert served == {(rule.method, rule.path) for rule in (*RULES, *OLD_RULES)}


def test_the_doors_are_in_the_zip() -> None:
    assert (PROJECT / "vendor" / "functions").resolve() == PROJECT / "functions"


def test_the_environments_are_those_that_settings_know() -> None:
    assert set(CONFIG["stages"]) == set(ENVIRONMENTS)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_function_has_a_policy_and_every_policy_a_function(environment: str) -> None:
    configured = CONFIG["stages"][environment]["lambda_functions"]
    files = {path.name for path in (PROJECT / ".chalice").glob(f"policy-{environment}-*.json")}
    assert set(configured) == functions()
    assert {function["iam_policy_file"] for function in configured.values()} == files


@pytest.mark.parametrize("function", sorted(functions()))
@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_a_policy_grants_named_actions_on_its_own_environment_only(environment: str, function: str) -> None:
    assert trespasses(policy(environment, function), environment) == []


@pytest.mark.parametrize("function", sorted(functions()))
def test_a_function_may_do_the_same_in_every_environment(function: str) -> None:
    local, dev, prod = (
        re.sub(rf"(takip[-/]){environment}", r"\1", str(policy(environment, function))) for environment in ENVIRONMENTS
    )
    assert local == dev == prod


@pytest.mark.parametrize("function", sorted(functions()))
def test_what_a_function_may_do_to_the_table_it_may_do_to_one_that_a_restore_made(function: str) -> None:
    for statement in policy("prod", function)["Statement"]:
        named = {each for each in listed(statement["Resource"]) if ":table/" in each}
        assert {each.replace("-restored-*", "") for each in named if "-restored-*" in each} == {
            each for each in named if "-restored-*" not in each
        }


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:*", "arn:aws:dynamodb:*:*:table/takip-dev"),
        ("dynamodb:GetItem", "*"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/*"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/takip-*"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/takip-prod"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/takip-develop"),
        ("dynamodb:GetItem", "arn:aws:dynamodb:*:*:table/takip-prod-restored-*"),
        ("sqs:SendMessage", "arn:aws:sqs:*:*:takip-prod-readings"),
        ("s3:GetObject", "arn:aws:s3:::takip-dev-files-*/*"),
        ("s3:GetObject", "arn:aws:s3:::takip-*/uploads/*"),
    ],
)
def test_a_policy_that_grants_too_much_is_seen(action: str, resource: str) -> None:
    assert len(trespasses({"Statement": [{"Action": [action], "Resource": [resource]}]}, "dev")) == 1


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_the_lambdas_are_told_every_setting_without_a_default_and_none_that_is_unknown(
    environment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = {name: value for name, value in variables(environment).items() if name.startswith("TAKIP_")}
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    assert set(told) >= REQUIRED
    assert set(told) <= KNOWN
    assert settings.current.__wrapped__().environment == environment


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_settings_name_what_the_template_makes(environment: str) -> None:
    told = variables(environment)
    assert {told["TAKIP_TABLE"]} == named("TableName", environment)
    queues = {told[f"TAKIP_{name}_QUEUE"] for name in ("READINGS", "AGGREGATES", "PICTURES", "WEBHOOKS")}
    assert queues <= named("QueueName", environment)
    assert {f"{told['TAKIP_FILES_BUCKET']}-${{AWS::AccountId}}"} == named("BucketName", environment)
    assert {told["TAKIP_EVENTS_TOPIC"]} == named("TopicName", environment)


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_every_function_and_the_api_have_a_log_group_with_a_retention(environment: str) -> None:
    names = {f"/aws/lambda/takip-{environment}-{name}" for name in functions() - {"api_handler"}}
    names |= {f"/aws/lambda/takip-{environment}", access_log_group(environment)}
    assert named("LogGroupName", environment) == names
    groups = [resource for resource in RESOURCES.values() if resource["Type"] == "AWS::Logs::LogGroup"]
    assert all("RetentionInDays" in group["Properties"] for group in groups)


@pytest.mark.parametrize(
    ("queue", "function"),
    [
        ("ReadingsQueue", "ingest_readings"),
        ("AggregatesQueue", "aggregate_bucket"),
        ("PicturesQueue", "make_thumbnails"),
        ("WebhooksQueue", "deliver_webhook"),
    ],
)
def test_a_queue_keeps_a_message_hidden_for_six_times_what_its_function_may_take_and_the_window(
    queue: str, function: str
) -> None:
    from app import app  # noqa: PLC0415 - only these tests need the whole application

    sources = [event for event in app.event_sources if isinstance(event, SQSEventConfig) and event.name == function]
    (window,) = [source.maximum_batching_window_in_seconds for source in sources]
    hidden = RESOURCES[queue]["Properties"]["VisibilityTimeout"]
    assert hidden >= 6 * CONFIG["lambda_functions"][function]["lambda_timeout"] + window


def test_every_lambda_of_a_queue_has_a_maximum_concurrency() -> None:
    from app import app  # noqa: PLC0415 - only these tests need the whole application

    queues = [source for source in app.event_sources if isinstance(source, SQSEventConfig)]
    assert queues
    assert all(source.maximum_concurrency for source in queues)


def test_runs_of_the_clock_do_not_pile_up() -> None:
    assert CONFIG["lambda_functions"]["compute_aggregates"]["lambda_timeout"] <= 60
    assert bounds.ONCE["MaximumRetryAttempts"] == 0


def test_the_check_knows_how_many_runs_machines_may_take() -> None:
    from app import app  # noqa: PLC0415 - only these tests need the whole application

    ticks = [source for source in app.event_sources if isinstance(source, ScheduledEventConfig)]
    queues = [source.maximum_concurrency or 0 for source in app.event_sources if isinstance(source, SQSEventConfig)]
    assert sum(queues) + len(ticks) == preflight.MACHINES_TAKE


def test_the_sampling_rule_is_for_the_stage_of_the_api() -> None:
    rule = RESOURCES["ApiSampling"]["Properties"]["SamplingRule"]
    assert rule["ServiceName"] == f"{CONFIG['app_name']}/{CONFIG['api_gateway_stage']}"


def documented() -> dict[str, bool]:
    """The variables of .env.example, each with whether it is required."""
    lines = (PROJECT / ".env.example").read_text(encoding="utf-8").splitlines()
    found = [re.fullmatch(r"(# )?([A-Z_]+)=.*", line) for line in lines]
    return {match[2]: not match[1] for match in found if match and match[2].startswith("TAKIP_")}


def test_every_setting_is_documented_and_nothing_else() -> None:
    assert documented() == {name: name in REQUIRED for name in KNOWN}


def test_the_documented_defaults_are_the_defaults() -> None:
    text = (PROJECT / ".env.example").read_text(encoding="utf-8")
    shown = dict(re.findall(r"^# TAKIP_([A-Z_]+)=(\d+)$", text, re.MULTILINE))
    numbers = {field.name.upper(): str(field.default) for field in fields(Settings) if str(field.default).isdigit()}
    assert shown == numbers
