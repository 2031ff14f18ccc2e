"""The clock's door of the probe. The functions that it calls are the doors of this process."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from moto.core import config
from moto.core.botocore_stubber import MockRawResponse

from chalicelib import aws
from functions.probe_plant import probe_plant
from tests.lambdas import LambdaContext, every_minute
from tests.probing import call

NAMES = {
    "takip-local": "api_handler",
    "takip-local-ingest_readings": "ingest_readings",
    "takip-local-aggregate_bucket": "aggregate_bucket",
}
AS_WANTED = {"Message": "as the test wants it"}


class Lambda:
    """AWS's answers to calls of functions: what was called, and which function fails and how."""

    def __init__(self) -> None:
        self.called: set[tuple[str, str]] = set()
        self.fails: dict[str, tuple[int, dict[str, str]]] = {}

    def answer(self, request: Any, **_: object) -> AWSResponse:
        url = urlsplit(request.url)
        name = unquote(url.path.split("/")[3])
        self.called.add((name, parse_qs(url.query)["Qualifier"][0]))
        status, headers = self.fails.get(name, (200, {}))
        said = AS_WANTED if headers else call(NAMES[name], json.loads(request.body))
        return AWSResponse(request.url, status, HTTPHeaders.from_dict(headers), MockRawResponse(json.dumps(said)))


@pytest.fixture
def functions(table: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lambda]:
    """Functions that can be called by name."""
    made, client = Lambda(), aws.client("lambda")
    client.meta.events.register("before-send.lambda.Invoke", made.answer)
    monkeypatch.setitem(config.default_user_config["core"]["passthrough"], "services", ["lambda"])
    yield made
    client.meta.events.unregister("before-send.lambda.Invoke", made.answer)  # tests share their clients


def probed(capsys: pytest.CaptureFixture[str], **detail: Any) -> tuple[str | None, int, list[str]]:
    """What was wrong, the metric of the alarm, and the lines of level ERROR."""
    capsys.readouterr()
    answer = probe_plant(every_minute() | {"detail": detail}, LambdaContext())
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (failed,) = [line["ProbeFailed"] for line in lines if "ProbeFailed" in line]
    return answer["wrong"], *failed, [line["message"] for line in lines if line.get("level") == "ERROR"]


def test_what_serves_is_tried_by_its_alias(functions: Lambda, capsys: pytest.CaptureFixture[str]) -> None:
    assert probed(capsys) == (None, 0, [])
    assert functions.called == {(name, "live") for name in NAMES}


def test_a_release_is_tried_by_its_versions(functions: Lambda, capsys: pytest.CaptureFixture[str]) -> None:
    assert probed(capsys, versions=dict.fromkeys(NAMES, "7")) == (None, 0, [])
    assert functions.called == {(name, "7") for name in NAMES}


NO_SUCH = (404, {"x-amzn-errortype": "ResourceNotFoundException"})
CRASHED = (200, {"x-amz-function-error": "Unhandled"})


@pytest.mark.parametrize(("fails", "told"), [(NO_SUCH, "could not be called"), (CRASHED, "failed when it was called")])
def test_a_function_that_fails_rings_the_alarm(
    functions: Lambda, fails: Any, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    functions.fails["takip-local-ingest_readings"] = fails
    wrong, failed, errors = probed(capsys)
    assert (failed, errors) == (1, ["probe failed"])
    assert wrong is not None
    assert wrong.startswith(f"The function ingest_readings {told}: ")


def test_a_release_that_nobody_uses_rings_no_alarm(functions: Lambda, capsys: pytest.CaptureFixture[str]) -> None:
    functions.fails["takip-local"] = CRASHED
    wrong, failed, errors = probed(capsys, versions=dict.fromkeys(NAMES, "7"))
    assert (bool(wrong), failed, errors) == (True, 0, ["probe failed"])


def test_a_fault_of_the_probe_itself_rings_it_too(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    monkeypatch.setattr("chalicelib.services.probing.found_wrong", lambda _: int("no number"))
    with pytest.raises(ValueError, match="no number"):
        probe_plant(every_minute(), LambdaContext())
    assert '"ProbeFailed":[1.0]' in capsys.readouterr().out.replace(" ", "")
