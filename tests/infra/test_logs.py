"""`takip.py logs`: which lines are shown; and how they are asked of CloudWatch."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from click.testing import CliRunner

from infra.aws import Aws
from infra.cli import commands, logs
from infra.log_events import since

AT = 1_767_600_000_000
QUARTER = 15 * 60 * 1000
MORNING = datetime(2026, 1, 1, tzinfo=UTC)
METRICS = '{"_aws":{"Timestamp":1},"Requests":[1.0]}'
REPORT = "REPORT RequestId: {}  Duration: 12 ms  Billed Duration: 12 ms"
TIMEOUT = "REPORT RequestId: c3  Duration: 29000 ms  Status: timeout"
WRITTEN = [
    ("a", "INIT_START Runtime Version: python:3.11"),
    ("a", "START RequestId: c1 Version: $LATEST"),
    ("b", "START RequestId: c2 Version: $LATEST"),
    ("a", '{"message":"security","event":"signed_in"}'),
    ("b", '{"message":"request","request_id":"req-2"}'),
    ("a", '{"message":"request","request_id":"req-1"}'),
    ("a", METRICS),
    ("a", "END RequestId: c1"),
    ("a", REPORT.format("c1")),
    ("b", "END RequestId: c2"),
    ("b", TIMEOUT),
    ("administration", '{"message":"security","event":"tenant_changed"}'),
]


class Logs:
    """CloudWatch Logs, which hold the same for every group but the API's."""

    exceptions = boto3.client("logs", region_name="eu-central-1").exceptions

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def get_paginator(self, _operation: str) -> "Logs":
        return self

    def paginate(self, *, logGroupName: str, **asked: Any) -> Iterator[dict[str, Any]]:  # noqa: N803  boto3's name
        if logGroupName.endswith("-sweep_events"):  # of an environment with an older version of Takip
            raise self.exceptions.ResourceNotFoundException({"Error": {"Code": "ResourceNotFoundException"}}, "")
        if logGroupName != "/aws/lambda/takip-local":
            return
        assert asked["startTime"] > 0
        self.asked.append(asked)
        named, streams = asked.get("filterPattern", ""), asked.get("logStreamNames")
        events = [
            {"timestamp": AT, "logStreamName": stream, "message": f"{text}\n"}
            for stream, text in WRITTEN
            if named in text and (streams is None or stream in streams)
        ]
        yield {"events": events}


@pytest.fixture(autouse=True)
def written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "aws_of", lambda _: Aws("eu-central-1"))
    monkeypatch.setattr(Aws, "client", lambda *_: Logs())


def shown(*arguments: str) -> list[str]:
    """The messages that are shown."""
    done = CliRunner().invoke(commands.takip, ["logs", *arguments])
    assert done.exit_code == 0
    lines = done.output.splitlines()
    assert all(line.startswith(f"{datetime.fromtimestamp(AT / 1000, UTC):%H:%M:%S}.000 api_handler ") for line in lines)
    return [line.split(maxsplit=2)[2] for line in lines]


def test_what_lambda_writes_around_every_call_is_left_out_but_not_its_errors() -> None:
    assert shown() == [WRITTEN[index][1] for index in (3, 4, 5, 10, 11)]


def test_everything_is_shown_to_who_asks_for_it() -> None:
    assert sorted(shown("--all")) == sorted(text for _, text in WRITTEN)


def test_one_request_is_shown_with_all_that_was_written_while_it_was_answered() -> None:
    assert shown("--request", "req-1") == [WRITTEN[3][1], WRITTEN[5][1]]
    assert shown("--request", "req-2") == [WRITTEN[4][1]]
    assert shown("--request", "req-1", "--all") == [WRITTEN[index][1] for index in (1, 3, 5, 6, 7)]
    assert shown("--request", "nobody's") == []


def test_what_was_done_at_the_command_line_belongs_to_no_call() -> None:
    assert shown("--request", "tenant_changed") == [WRITTEN[11][1]]


def test_of_a_request_only_its_streams_and_its_time_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Logs()
    monkeypatch.setattr(Aws, "client", lambda *_: client)
    found = since(Aws("eu-central-1"), {"api_handler": "/aws/lambda/takip-local"}, MORNING, "req-2")
    assert [event.message for event in found if event.call == "c2"] == [WRITTEN[n][1] for n in (2, 4, 9)]
    searched, read = client.asked
    assert searched["filterPattern"] == '"req-2"'
    assert (read["logStreamNames"], read["startTime"], read["endTime"]) == (["b"], AT - QUARTER, AT + QUARTER)
