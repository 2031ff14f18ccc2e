"""The benchmark of requests: the real API, on answers that were recorded before."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner
from moto.core.botocore_stubber import BotocoreStubber

from infra.bench import answering, requests
from infra.bench.answering import Table
from infra.bench.requests import Measured, Version, measure
from infra.cli import commands
from infra.places import PROJECT
from infra.problem import Problem

NAMES = ["sync of 10 commands", "list of 2 orders", "my work", "an order", "start", "report", "summary"]


@contextmanager
def these_files(_: str) -> Iterator[Path]:
    """The files of today in place of those of a commit."""
    yield PROJECT


def test_each_request_is_measured_at_the_commit_and_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "files_of", these_files)

    measured = list(measure("a commit", rounds=2, orders=2))

    assert [each.name for each in measured] == NAMES
    assert all(0 < each.today < 10 and 0 < each.before < 10 for each in measured)
    assert all(0.1 < each.ratio < 10 for each in measured)


def asked(body: bytes) -> Any:
    return SimpleNamespace(headers={"X-Amz-Target": "Query"}, body=body)


def test_equal_requests_are_answered_in_the_order_in_which_they_were_recorded_and_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    numbers = iter(range(9))
    monkeypatch.setattr(BotocoreStubber, "process_request", lambda *_: next(numbers))
    table, stubber = Table(), BotocoreStubber()

    def act() -> dict[str, Any]:
        return {"body": [table.answer(stubber, asked(body)) for body in (b"a", b"b", b"a")]}

    recording = table.recorded(act)
    table.give_again(recording.answers)

    assert act() == act() == recording.result == {"body": [0, 1, 2]}
    assert table.answer(stubber, asked(b"a write with a new id")) == (200, {}, b"{}")


def test_a_refusal_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answering, "app", lambda *_: {"statusCode": 404, "body": "no such order"})

    with pytest.raises(RuntimeError, match="/workorders: no such order"):
        answering.answered({"requestContext": {"path": "/workorders"}})


def test_a_version_that_ends_too_early_is_told() -> None:
    with (
        subprocess.Popen(
            [sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
        ) as process,
        pytest.raises(Problem, match="could not be measured"),
    ):
        Version(process).names()


def test_the_command_prints_both_times_and_the_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "measure", lambda _: [Measured("summary", 0.0101, 0.0055, 0.54)])

    said = CliRunner().invoke(commands.takip, ["bench", "requests", "--commit", "v1"]).output

    assert "ms at v1" in said
    assert ["summary", "10.1", "5.5", "0.54"] in [[*line.replace("│", " ").split()] for line in said.splitlines()]
    assert "Not included: DynamoDB, the network" in said
