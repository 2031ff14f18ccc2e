"""`takip.py dlq`: dead letters go back to their queues, and none is lost, whatever breaks."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result
from moto import mock_aws

from infra import dead_letters
from infra.aws import Aws
from infra.cli import commands, dlq
from infra.problem import Problem
from tests.disturbances import Crash, after, crash
from tests.machines import watched

Verb = Callable[..., Result]
AWS = Aws("eu-central-1")


@pytest.fixture
def sqs() -> Iterator[Any]:
    """Two queues with dead letters, in an AWS in memory, and another application's."""
    with mock_aws():
        client = AWS.client("sqs")
        for name in ("takip-local-readings", "takip-local-pictures", "other-local-readings"):
            client.create_queue(QueueName=name)
            client.create_queue(QueueName=f"{name}-dead")
        yield client


@pytest.fixture
def verb(sqs: Any, monkeypatch: pytest.MonkeyPatch) -> Verb:
    monkeypatch.setattr(dlq, "aws_of", lambda _stage: AWS)
    return lambda *arguments: CliRunner().invoke(commands.takip, ["dlq", *arguments])


def die(client: Any, count: int, name: str = "readings") -> None:
    """Let so many messages be dead letters."""
    for number in range(count):
        client.send_message(QueueUrl=url(client, f"{name}-dead"), MessageBody=f"message {number}")


def url(client: Any, name: str) -> str:
    return str(client.get_queue_url(QueueName=f"takip-local-{name}")["QueueUrl"])


def held(client: Any, name: str) -> list[str]:
    """Take every message that a queue holds, also those that are hidden for now."""
    found: list[str] = []
    while True:
        messages = client.receive_message(QueueUrl=url(client, name), MaxNumberOfMessages=10).get("Messages", [])
        if not messages:
            return sorted(found)
        for each in messages:
            found.append(each["Body"])
            client.delete_message(QueueUrl=url(client, name), ReceiptHandle=each["ReceiptHandle"])


def test_the_queues_of_the_environment_are_listed(sqs: Any, verb: Verb) -> None:
    die(sqs, 2)
    assert json.loads(verb("list", "--json").output) == [
        {"name": "pictures", "waiting": 0},
        {"name": "readings", "waiting": 2},
    ]
    assert "readings" in verb("list").output


def test_dead_letters_go_back_to_their_queue(sqs: Any, verb: Verb) -> None:
    die(sqs, 25)
    die(sqs, 1, "pictures")
    assert "readings: 25 messages would go back" in verb("redrive", "--dry-run").output
    assert verb("redrive", "readings", "--limit", "12").exit_code == 0
    assert (len(held(sqs, "readings")), held(sqs, "pictures")) == (12, [])
    assert verb("redrive").exit_code == 0
    assert (len(held(sqs, "readings")), held(sqs, "pictures")) == (13, ["message 0"])
    assert "No dead letter waits." in verb("redrive").output


def test_a_queue_that_is_not_there_is_refused(verb: Verb) -> None:
    assert "Choose one of pictures, readings" in str(verb("redrive", "reading").exception)


def test_what_dies_again_meanwhile_is_not_moved_again(sqs: Any) -> None:
    die(sqs, 3)
    (dead,) = (each for each in dead_letters.every(AWS, "local") if each.waiting)
    die(sqs, 20)
    assert sum(dead_letters.redrive(AWS, dead, 100)) == 3
    emptied = dead_letters.DeadQueue("pictures", url(sqs, "pictures-dead"), url(sqs, "pictures"), 5)
    assert list(dead_letters.redrive(AWS, emptied, 100)) == []


def test_a_crash_between_any_two_steps_loses_no_message(sqs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letters, "_HIDDEN_SECONDS", 0)
    for step in range(4):
        die(sqs, 2)
        (dead,) = (each for each in dead_letters.every(AWS, "local") if each.waiting)
        with watched(after(step, crash)):
            try:
                list(dead_letters.redrive(AWS, dead, 100))
            except Crash:
                assert step < 3
        came = {*held(sqs, "readings"), *held(sqs, "readings-dead")}
        assert came == {"message 0", "message 1"}


def test_large_messages_go_back_in_as_many_requests_as_they_need(sqs: Any) -> None:
    for number in range(10):
        sqs.send_message(QueueUrl=url(sqs, "readings-dead"), MessageBody=str(number) * 120 * 1024)
    (dead,) = (each for each in dead_letters.every(AWS, "local") if each.waiting)
    assert sum(dead_letters.redrive(AWS, dead, 100)) == 10
    assert "".join(body[0] for body in held(sqs, "readings")) == "0123456789"


def test_what_the_queue_refuses_stays(sqs: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dead_letters, "_HIDDEN_SECONDS", 0)
    die(sqs, 2)
    (dead,) = (each for each in dead_letters.every(AWS, "local") if each.waiting)

    def refuse(operation: str, parameters: dict[str, Any]) -> dict[str, Any] | None:
        failed = [{"Id": each["Id"], "Code": "Busy", "SenderFault": False} for each in parameters.get("Entries", [])]
        return {"Failed": failed} if operation == "SendMessageBatch" else None

    with watched(refuse), pytest.raises(Problem, match="refuses 2 messages: Busy"):
        list(dead_letters.redrive(AWS, dead, 100))
    assert len(held(sqs, "readings-dead")) == 2


def test_an_interrupted_redrive_says_how_to_go_on(sqs: Any, verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> Iterator[int]:
        raise KeyboardInterrupt

    die(sqs, 1)
    monkeypatch.setattr(dead_letters, "redrive", interrupt)
    stopped = verb("redrive")
    assert (stopped.exit_code, "Stopped." in stopped.output) == (130, True)
