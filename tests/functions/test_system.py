"""Health and readiness endpoints."""

import json
from typing import Any

import pytest

from chalicelib import __version__, settings
from chalicelib.domain.sentences import say
from chalicelib.settings import SigningKeysUnavailable
from chalicelib.storage.items import Item
from tests.aws_in_memory import Clients
from tests.conftest import SetClock
from tests.floor import Plant


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_health_is_told_to_everybody(plant: Plant, set_clock: SetClock, path: str) -> None:
    expected = {"status": "healthy", "version": __version__, "timestamp": "2026-01-05T08:00:00.000Z"}

    assert plant.stranger.get(path).data == plant.worker.get(path).data == expected


def test_ready_is_not_told_while_the_table_is_away(plant: Plant) -> None:
    Item._get_connection().delete_table()

    reply = plant.stranger.get("/ready")

    assert (reply.status, reply.error["code"], reply.headers["Retry-After"]) == (503, "ERR_STORAGE_UNAVAILABLE", "2")
    assert plant.stranger.get("/health").status == 200


def test_ready_is_not_told_while_the_queue_is_away(plant: Plant, aws: Clients) -> None:
    aws.sqs.delete_queue(QueueUrl=aws.sqs.get_queue_url(QueueName=settings.current().readings_queue)["QueueUrl"])

    reply = plant.stranger.get("/ready")

    assert (reply.status, reply.error["code"]) == (503, "ERR_READINGS_UNAVAILABLE")


def test_ready_is_not_told_while_the_keys_are_away(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise SigningKeysUnavailable(say("Try again in a moment."), retry_after=2)

    monkeypatch.setattr(settings, "signing_keys", away)

    assert plant.stranger.get("/ready").status == 503


def test_what_alarms_look_at_is_counted(plant: Plant, capsys: pytest.CaptureFixture[str]) -> None:
    def counted() -> dict[str, Any]:
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        (numbers,) = [line for line in lines if "_aws" in line]
        return {name: numbers[name][0] for name in ("Commands", "SignInsRefused", "Failures") if name in numbers}

    capsys.readouterr()
    plant.worker.get("/stages")
    assert counted() == {"Failures": 0}
    plant.order()
    assert counted() == {"Failures": 0, "Commands": 1}
    plant.stranger.post("/auth/login", {"username": "nobody", "password": "not the password"})
    assert counted() == {"Failures": 0, "SignInsRefused": 1}
