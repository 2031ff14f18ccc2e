"""LocalStack with Docker: the compose file is valid, and its init script creates the resources."""

import os
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from infra import stack
from infra.aws import Aws
from infra.emulator.process import REGION
from infra.iot import has_iot
from infra.places import PROJECT
from tests import compose

SCRIPT = PROJECT / "infra" / "localstack" / "ready.d" / "resources.py"
STACK = "takip-local-resources"
# Executes the script as LocalStack does, then prints the packages outside the standard library that it has imported.
AS_LOCALSTACK_DOES = f"""
import sys
before = set(sys.modules)
exec(open({str(SCRIPT)!r}, "rb").read(), {{}})
print(*{{name.partition(".")[0] for name in set(sys.modules) - before
         if "site-packages" in (getattr(sys.modules[name], "__file__", None) or "")}})
"""
# What LocalStack's image has, too.
BOTO3 = {"boto3", "botocore", "certifi", "dateutil", "jmespath", "s3transfer", "six", "urllib3"}


def sound(schema: str, file: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_compose_file_is_what_the_compose_specification_asks_for() -> None:
    checked = sound("compose-spec", compose.FILE)
    assert checked.returncode == 0, checked.stdout


def test_a_compose_file_that_is_not_is_seen(tmp_path: Path) -> None:
    wrong = tmp_path / "compose.yml"
    wrong.write_text(compose.FILE.read_text(encoding="utf-8").replace("volumes:", "volume:"))
    assert sound("compose-spec", wrong).returncode == 1


def test_the_workflow_is_one_that_github_understands() -> None:
    checked = sound("github-workflows", PROJECT / ".github" / "workflows" / "ci.yml")
    assert checked.returncode == 0, checked.stdout


@pytest.fixture(scope="module")
def mounted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the container has of the project."""
    return compose.mount(tmp_path_factory.mktemp("container"))


def initialise(aws: Aws, mounted: Path) -> subprocess.CompletedProcess[str]:
    """Run the init script as LocalStack does: its text, from elsewhere, with nothing of the project but the mounts."""
    surroundings = {**os.environ, **aws.environment(), "PYTHONPATH": str(mounted)}
    command = [sys.executable, "-c", AS_LOCALSTACK_DOES]
    return subprocess.run(command, cwd="/", env=surroundings, capture_output=True, text=True, check=False)


def resources(aws: Aws) -> set[str]:
    found = aws.client("cloudformation").describe_stack_resources(StackName=STACK)["StackResources"]
    return {resource["LogicalResourceId"] for resource in found}


def test_the_init_script_puts_the_resources_there_and_may_run_again(emulated: Aws, mounted: Path) -> None:
    first, again = initialise(emulated, mounted), initialise(emulated, mounted)
    assert (first.returncode, first.stderr) == (0, "")
    assert (again.returncode, again.stderr) == (0, "")
    assert {"Table", "ReadingsQueue", "DeadReadingsQueue", "ReadingsRule"} <= resources(emulated)


def test_the_init_script_needs_no_package_but_boto3(emulated: Aws, mounted: Path) -> None:
    done = initialise(emulated, mounted)
    assert done.returncode == 0, done.stderr
    assert "boto3" in done.stdout.split()
    assert set(done.stdout.split()) <= BOTO3


class WithoutIot(BaseHTTPRequestHandler):
    """Answers as LocalStack answers for a service that its image does not have."""

    def do_GET(self) -> None:
        self.send_response(501)
        self.send_header("x-amzn-ErrorType", "InternalFailure")
        self.end_headers()
        self.wfile.write(b'{"message": "The API for service iot is not included in your current license plan"}')

    def log_message(self, *_: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def without_iot() -> Iterator[Aws]:
    server = HTTPServer(("127.0.0.1", 0), WithoutIot)
    Thread(target=server.serve_forever).start()
    yield Aws(REGION, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    server.server_close()


def test_iot_is_left_out_with_a_sentence_where_there_is_none(
    without_iot: Aws, caplog: pytest.LogCaptureFixture
) -> None:
    assert not has_iot(without_iot)
    assert caplog.messages == [
        f"{without_iot.endpoint} has no IoT, so machines cannot send by MQTT here; SQS and HTTP work."
    ]


def test_iot_is_there_on_the_emulator(emulated: Aws) -> None:
    assert has_iot(emulated)


def test_a_stack_without_iot_holds_everything_else(emulated: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack, "has_iot", lambda _: False)
    stack.put_stack(emulated, "dev")
    found = emulated.client("cloudformation").describe_stack_resources(StackName="takip-dev-resources")
    kinds = {resource["ResourceType"] for resource in found["StackResources"]}
    bucket = {"AWS::S3::Bucket", "AWS::S3::BucketPolicy"}
    assert kinds == bucket | {"AWS::DynamoDB::Table", "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::Logs::LogGroup"}
