"""What all tests share: an environment, a table that nobody else sees, a clock that can be set, a small plant."""

import base64
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import boto3
import pytest
from chalice.test import Client
from moto import mock_aws

from chalicelib import clock, observability, settings
from chalicelib.domain.users import Role
from chalicelib.outbound import queue
from chalicelib.services import known_machines, references
from chalicelib.storage.items import Item
from tests.floor import MORNING, Person, Plant, hire

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "TAKIP_ENVIRONMENT": "local",
    "TAKIP_TABLE": "takip-test",
    "TAKIP_READINGS_QUEUE": "takip-test-readings",
    "TAKIP_SIGNING_KEYS": "/takip/test/signing-keys",
    "TAKIP_BCRYPT_COST": "4",
    "POWERTOOLS_SERVICE_NAME": "takip",
    "POWERTOOLS_METRICS_NAMESPACE": "Takip",
    "POWERTOOLS_TRACE_DISABLED": "true",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment for one test, and nothing remembered from the one before."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    forget()
    yield
    forget()


def forget() -> None:
    """Forget everything that a process remembers."""
    settings.current.cache_clear()
    settings._signing_keys.cache_clear()
    for made in (observability.logger, observability.metrics, observability.tracer):
        made.cache_clear()
    references.forget()
    known_machines.forget()
    queue.forget()
    Item._connection = None


@pytest.fixture
def table(environment: None) -> Iterator[None]:
    """An empty table, a queue and signing keys, in memory."""
    with mock_aws():
        Item.Meta.table_name = ENVIRONMENT["TAKIP_TABLE"]
        Item.create_table(billing_mode="PAY_PER_REQUEST", wait=True)
        boto3.client("sqs").create_queue(QueueName=ENVIRONMENT["TAKIP_READINGS_QUEUE"])
        secret = base64.urlsafe_b64encode(bytes(range(32))).decode()
        ring = {"k1": {"secret": secret, "signs_from": "2020-01-01T00:00:00.000Z"}}
        name = ENVIRONMENT["TAKIP_SIGNING_KEYS"]
        boto3.client("ssm").put_parameter(Name=name, Value=json.dumps(ring), Type="SecureString")
        yield
    Item._connection = None


class SetClock:
    """A clock that stands where it was set."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant

    def set(self, instant: datetime) -> None:
        """Set the clock."""
        self.instant = instant

    def forward(self, span: timedelta) -> datetime:
        """Turn the clock forward, and say what it shows then."""
        self.instant += span
        return self.instant


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """A clock that a test can set; it stands at a Monday morning."""
    set_to = SetClock(MORNING)
    monkeypatch.setattr(clock, "now", set_to)
    return set_to


@pytest.fixture
def plant(table: None) -> Iterator[Plant]:
    """A plant with an admin, a planner, two workers and a stranger at the gate, on the API in this process."""
    from app import app

    with Client(app, stage_name="local") as client:
        yield Plant(
            client,
            admin=hire(client, "ada", Role.ADMIN),
            planner=hire(client, "pelin", Role.PLANNER),
            worker=hire(client, "veli", Role.WORKER),
            other=hire(client, "oya", Role.WORKER),
            stranger=Person(client, None),
        )


Told = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """The structured log lines of the test so far."""

    def lines() -> list[dict[str, Any]]:
        written = capsys.readouterr().out.splitlines()
        return [json.loads(line) for line in written if line.startswith("{")]

    return lines
