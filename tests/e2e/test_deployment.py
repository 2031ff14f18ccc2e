"""What `chalice deploy` created on the emulator."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from chalicelib.rates import RATES
from infra.deployment import deploy
from tests.e2e.conftest import ENVIRONMENT, Deployed


def test_anybody_may_ask_whether_it_is_ready(deployed: Deployed) -> None:
    assert httpx.get(f"{deployed.url}/health", timeout=30).json()["data"]["status"] == "healthy"
    assert httpx.get(f"{deployed.url}/ready", timeout=30).is_success


def test_the_admin_made_from_the_command_line_can_sign_in(deployed: Deployed) -> None:
    with deployed.http() as api:
        assert api.get("/auth/me").json()["data"]["role"] == "admin"


def test_a_trailing_slash_is_the_same_resource(deployed: Deployed) -> None:
    with deployed.http() as api:
        assert api.get("/auth/me/").json()["data"] == api.get("/auth/me").json()["data"]


def test_an_unknown_path_is_answered_in_our_shape(deployed: Deployed) -> None:
    answer = httpx.get(f"{deployed.url}/nowhere", timeout=30)
    assert answer.status_code == 404
    error = answer.json()["error"]
    assert error["code"] == "ERR_ROUTE_NOT_FOUND"
    assert error["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"


def test_the_zip_holds_the_doors_and_the_packages_but_no_tools(deployed: Deployed) -> None:
    names = _names_in_zip(deployed, "takip-local")
    top = {name.partition("/")[0] for name in names}
    assert {"app.py", "chalicelib", "functions", "chalice", "pydantic", "pynamodb"} <= top
    assert "functions/ingest_readings.py" in names
    assert not {"infra", "tests", "vendor", "takip.py", "pytest"} & top


PROBE = """
from importlib.util import find_spec

def find(names, context):
    return [name for name in names if find_spec(name)]
"""


def test_a_function_finds_nothing_that_is_not_in_its_zip(deployed: Deployed) -> None:
    functions = deployed.client("lambda")
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as packed:
        packed.writestr("probe.py", PROBE)
    functions.create_function(
        FunctionName="probe",
        Runtime="python3.11",
        Role="arn:aws:iam::000000000000:role/probe",
        Handler="probe.find",
        Code={"ZipFile": content.getvalue()},
    )
    names = ["json", "probe", "ministack", "botocore", "pydantic", "pip", "chalicelib", "infra"]
    answer = functions.invoke(FunctionName="probe", Payload=json.dumps(names).encode())
    functions.delete_function(FunctionName="probe")
    assert json.loads(answer["Payload"].read()) == ["json", "probe"]


def test_every_door_has_its_function_and_the_schedule_is_set(deployed: Deployed) -> None:
    functions = {each["FunctionName"] for each in deployed.client("lambda").list_functions()["Functions"]}
    assert {
        "takip-local",
        "takip-local-ingest_readings",
        "takip-local-compute_aggregates",
        "takip-local-escalate_issues",
        "takip-local-aggregate_bucket",
        "takip-local-send_events",
        "takip-local-sweep_events",
        "takip-local-deliver_webhook",
        "takip-local-retry_webhooks",
        "takip-local-probe_plant",
        "takip-local-make_thumbnails",
    } <= functions
    rules = deployed.client("events").list_rules()["Rules"]
    assert sorted(rule["ScheduleExpression"] for rule in rules) == ["rate(1 minute)"] * 4 + ["rate(15 minutes)"]


def test_machines_are_bound_so_that_they_never_starve_people(deployed: Deployed) -> None:
    gateway, functions = deployed.client("apigateway"), deployed.client("lambda")
    (api,) = gateway.get_rest_apis()["items"]
    (stage,) = gateway.get_stages(restApiId=api["id"])["item"]
    limits = {
        path: (settings["throttlingRateLimit"], settings["throttlingBurstLimit"])
        for path, settings in stage["methodSettings"].items()
    }
    assert limits == {f"{rate.path}/{rate.method}": (rate.a_second, rate.at_once) for rate in RATES}
    assert limits["*/*"] == (500, 1000)
    sources = functions.list_event_source_mappings()["EventSourceMappings"]
    queues = [source for source in sources if ":sqs:" in source["EventSourceArn"]]
    assert sorted(source["ScalingConfig"]["MaximumConcurrency"] for source in queues) == [2, 10, 10, 10]
    calls = functions.get_function_event_invoke_config(FunctionName="takip-local-compute_aggregates", Qualifier="live")
    assert (calls["MaximumRetryAttempts"], calls["MaximumEventAgeInSeconds"]) == (0, 60)


def test_the_api_writes_access_logs_without_addresses(deployed: Deployed) -> None:
    gateway, groups = deployed.client("apigateway"), deployed.client("logs").describe_log_groups()["logGroups"]
    (api,) = gateway.get_rest_apis()["items"]
    (stage,) = gateway.get_stages(restApiId=api["id"])["item"]
    (group,) = (each for each in groups if each["logGroupName"] == "/aws/apigateway/takip-local")
    assert f"{stage['accessLogSettings']['destinationArn']}:*" == group["arn"]
    assert group["retentionInDays"] == 7
    logged = stage["accessLogSettings"]["format"]
    assert json.loads(logged)["request_id"] == "$context.requestId"
    assert "identity" not in logged
    assert gateway.get_account()["cloudwatchRoleArn"].endswith(":role/takip-api-gateway-logs")


def test_deploying_again_without_a_change_does_nothing(deployed: Deployed) -> None:
    steps: list[str] = []

    @contextmanager
    def step(sentence: str) -> Iterator[None]:
        steps.append(sentence)
        yield

    assert deploy(deployed.aws, ENVIRONMENT, deployed.home, step) == deployed.site
    assert steps == []


def test_the_doors_of_the_clock_and_of_a_worker_can_be_rung_at_once(deployed: Deployed) -> None:
    assert deployed.invoke("compute_aggregates")["buckets"] >= 0
    assert deployed.aggregate()["failed"] == 0
    assert deployed.invoke("sweep_events")["failed"] == 0
    assert deployed.invoke("escalate_issues")["failed"] == 0


def _names_in_zip(deployed: Deployed, function: str) -> set[str]:
    location = deployed.client("lambda").get_function(FunctionName=function)["Code"]["Location"]
    content = httpx.get(location, timeout=30).raise_for_status().content
    return set(zipfile.ZipFile(io.BytesIO(content)).namelist())
