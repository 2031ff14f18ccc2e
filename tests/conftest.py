"""Fixtures of all tests: an environment, a table of the test's own, a clock that can be set, a small plant."""

import functools
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import hypothesis
import pytest
from chalice.test import Client
from moto import mock_aws
from pynamodb.connection.table import TableConnection
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

import chalicelib.aws
from app import app
from chalicelib import clock, observability, remembered
from chalicelib.domain.people.users import Role
from chalicelib.storage.items import Item
from tests import aws_in_memory, rights, untraced
from tests.aws_in_memory import Clients
from tests.floor import MORNING, Person, Plant, hire
from tests.items_in_memory import replace_items

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "TAKIP_ENVIRONMENT": "local",
    "TAKIP_TABLE": "takip-test",
    "TAKIP_READINGS_QUEUE": "takip-test-readings",
    "TAKIP_AGGREGATES_QUEUE": "takip-test-aggregates",
    "TAKIP_WEBHOOKS_QUEUE": "takip-test-webhooks",
    "TAKIP_EVENTS_TOPIC": "takip-test-events",
    "TAKIP_FILES_BUCKET": "takip-test-files",
    "TAKIP_PICTURES_QUEUE": "takip-test-pictures",
    "TAKIP_LIVE_ROLE": "takip-test-live",
    "TAKIP_SIGNING_KEYS": "/takip/test/signing-keys",
    "TAKIP_BCRYPT_COST": "4",
    "POWERTOOLS_SERVICE_NAME": "takip",
    "POWERTOOLS_METRICS_NAMESPACE": "Takip",
    "POWERTOOLS_TRACE_DISABLED": "true",
}

BUCKET = aws_in_memory.bucket(ENVIRONMENT)

# What is slow on a busy machine is not wrong.
hypothesis.settings.register_profile("normal", max_examples=40, deadline=None)
hypothesis.settings.load_profile("normal")
hypothesis.settings.register_profile("full", max_examples=1000, deadline=None)  # `takip.py test --full`


class Distribution(LoadFileScheduling):  # type: ignore[misc]
    """Which tests run on the same processor: those of one file, and all that use the deployed system they share."""

    def _split_scope(self, nodeid: str) -> str:
        is_shared = nodeid.startswith("tests/e2e/") and "/test_restore.py" not in nodeid
        return "tests/e2e" if is_shared else super()._split_scope(nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> Distribution:
    """Give this distribution to pytest-xdist."""
    return Distribution(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the tests of the deployed system first. They take longest, and others would wait for them at the end.

    Of these the costs come first: a list costs what it holds, and the others leave orders in the plant.
    """
    items.sort(key=lambda item: (not item.nodeid.startswith("tests/e2e/"), "/test_costs.py" not in item.nodeid))


def pytest_configure() -> None:
    """Run the doors under the policies of their Lambdas, and note what of the in-memory AWS changes, untraced."""
    untraced.leave_out()
    rights.watch()
    aws_in_memory.watch()
    aws_in_memory.read_once()


def pytest_testnodedown(node: Any) -> None:
    """Add the calls that another process recorded."""
    if "rights" in getattr(node, "workeroutput", {}):
        rights.add(node.workeroutput["rights"])


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the recorded calls to the first process, which keeps them."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["rights"] = rights.recorded()
    else:
        rights.keep()


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of one test; nothing is remembered from the test before."""
    for name in ("AWS_ENDPOINT_URL", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    forget()
    yield
    forget()


def forget() -> None:
    """Forget everything that a process remembers."""
    remembered.forget_everything()
    forget_logger()


# Clients and the connection of the in-memory AWS are made once: that takes longer than most tests.
_client = functools.cache(chalicelib.aws.client)


@functools.cache
def _connection() -> TableConnection:
    Item._connection, Item.Meta.table_name = None, ENVIRONMENT["TAKIP_TABLE"]
    return Item._get_connection()


@pytest.fixture(scope="module")
def aws() -> Iterator[Clients]:
    """An in-memory AWS for the tests of a module."""
    with pytest.MonkeyPatch.context() as patched, mock_aws():
        for name, value in ENVIRONMENT.items():
            patched.setenv(name, value)
        patched.setattr(chalicelib.aws, "client", _client)
        replace_items(patched)
        patched.setattr(Item, "_connection", _connection())
        yield aws_in_memory.clients()


def forget_logger() -> None:
    """Forget the logger. Otherwise it would write to the screen of an earlier test."""
    observability.logger.cache_clear()
    logging.Logger.manager.loggerDict.pop(ENVIRONMENT["POWERTOOLS_SERVICE_NAME"], None)


@pytest.fixture
def table(aws: Clients, environment: None) -> None:
    """An empty table, queues, a topic, a bucket and signing keys, in memory."""
    Item.Meta.table_name = ENVIRONMENT["TAKIP_TABLE"]
    aws_in_memory.make(aws, ENVIRONMENT)


class SetClock:
    """A clock that does not run by itself."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant

    def __call__(self) -> datetime:
        return self.instant

    def set(self, instant: datetime) -> None:
        """Set the clock."""
        self.instant = instant

    def forward(self, span: timedelta) -> datetime:
        """Turn the clock forward, and return the new time."""
        self.instant += span
        return self.instant


@pytest.fixture
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """A clock that a test can set. It starts on a Monday morning."""
    set_to = SetClock(MORNING)
    monkeypatch.setattr(clock, "now", set_to)
    monkeypatch.setattr(clock, "wait", set_to.forward)
    return set_to


@pytest.fixture
def plant(table: None) -> Iterator[Plant]:
    """A plant with an admin, a planner, two workers and a person without an account, on the API in this process."""
    # No stage of .chalice/config.json, whose environment would come before that of the test.
    with Client(app, stage_name="test") as client:
        # As requests to the table, these people would cost more than most tests.
        known = partial(hire, client, commit=partial(aws_in_memory.put, ENVIRONMENT))
        yield Plant(
            client,
            admin=known("ada", Role.ADMIN),
            planner=known("pelin", Role.PLANNER),
            worker=known("veli", Role.WORKER),
            other=known("oya", Role.WORKER),
            stranger=Person(client, None),
        )


Told = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]) -> Told:
    """The structured log lines since the last call. Any other output is an error."""
    forget_logger()

    def lines() -> list[dict[str, Any]]:
        written = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        return [line for line in written if "_aws" not in line]

    return lines
