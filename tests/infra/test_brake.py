"""The brake of what calls the functions."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.aws import Aws
from infra.cli import brake as verbs
from infra.cli import commands
from infra.deployment import chalice
from infra.deployment.found import Found
from infra.problem import Problem
from tests.infra.lambdas import CLOCK, FUNCTIONS, INGEST, SENDER
from tests.infra.test_callers import QUEUE, RULE, SCHEDULE, aws, connect, released

__all__ = ["aws", "released"]
Told = Callable[..., str]


@pytest.fixture
def brake(released: Aws, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Told:
    """`takip.py brake` of an environment with a queue, a stream and a clock."""
    connect(released, tmp_path, QUEUE, SCHEDULE)
    records = [{"name": "f", "resource_type": "lambda_function", "lambda_arn": f"a:{name}"} for name in FUNCTIONS]
    records += [{"name": "r", "resource_type": "cloudwatch_event", "rule_name": RULE}]
    monkeypatch.setattr(verbs, "aws_of", lambda _: released)
    monkeypatch.setattr(chalice, "found", lambda *_: Found(tuple(records), ()))

    def told(*words: str) -> str:
        run = CliRunner().invoke(commands.takip, ["brake", *words, "--stage", "dev"], catch_exceptions=False)
        return run.output

    return told


def stopped(brake: Told) -> set[str]:
    return {each["function"] for each in json.loads(brake("show", "--json")) if each["is_stopped"]}


def test_everything_that_calls_stops_and_goes_again(brake: Told) -> None:
    assert stopped(brake) == set()
    assert "are not called" in brake("on")
    assert stopped(brake) == {INGEST, SENDER, CLOCK}
    assert "are called again" in brake("off")
    assert stopped(brake) == set()


def test_one_function_can_be_stopped_alone_and_it_is_shown(brake: Told) -> None:
    brake("on", "ingest_readings")
    brake("on", "compute_aggregates")
    assert stopped(brake) == {INGEST, CLOCK}
    brake("off", "compute_aggregates")
    assert [line.split() for line in brake("show").splitlines()] == [
        [CLOCK, "clock", "goes", RULE],
        [INGEST, "queue", "stopped", "takip-dev-readings"],
        [SENDER, "stream", "goes", "takip-dev"],
    ]


def test_a_function_that_nothing_calls_is_told_and_nothing_stops(brake: Told) -> None:
    with pytest.raises(Problem, match=r"No queue, clock or stream calls takip-dev-nothing\. One of these"):
        brake("on", "nothing", "ingest_readings")
    assert stopped(brake) == set()
