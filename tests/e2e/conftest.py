"""A really deployed Takip, for tests that use it as people and machines do."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from chalice.test import Client
from localstack_client.session import Session
from playwright.sync_api import Browser

from chalicelib.domain.people.users import Role
from chalicelib.storage import markers
from chalicelib.storage.items import Item
from infra.administration import make_admin
from infra.aws import Aws
from infra.cli.logs import wanted
from infra.deployment import Site, chalice, deploy
from infra.deployment.live import live
from infra.emulator.process import REGION, Emulator, free_port
from infra.log_events import groups_of, since
from tests import browsers, deploying
from tests import conftest as shared
from tests.e2e.people import PASSWORD, Hire, Someone
from tests.floor import HOUR, Person, Plant
from tests.floor import hire as employed
from tests.lambdas import handed_out
from tests.phones import at_address

ENVIRONMENT = "local"
ALLOWED_ORIGIN = "http://localhost:5173"
ADMIN = {"username": "admin", "password": "at-least-this-long"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark whatever needs the deployed system."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")


@dataclass(frozen=True)
class Deployed:
    """The deployed system and the ways into it."""

    site: Site
    aws: Aws
    emulator: Emulator | None  # None on an AWS that the environment named
    home: Path

    @property
    def url(self) -> str:
        """The base URL of the API."""
        return self.site.url

    def token(self, username: str = ADMIN["username"], password: str = ADMIN["password"]) -> str:
        """Sign in, by default as the admin; the access token."""
        answer = httpx.post(f"{self.url}/auth/login", json={"username": username, "password": password}, timeout=30)
        token: str = answer.raise_for_status().json()["data"]["access_token"]
        return token

    def http(self, token: str | None = None) -> httpx.Client:
        """A client of the API, signed in with the token, by default as the admin."""
        headers = {"Authorization": f"Bearer {token or self.token()}"}
        return httpx.Client(base_url=self.url, headers=headers, timeout=30)

    def client(self, service: str) -> Any:
        """A boto3 client of one of the AWS's services, as localstack-client makes them."""
        endpoint = urlsplit(self.site.endpoint or "")
        session = Session(
            aws_access_key_id="test",
            aws_secret_access_key="test",
            region_name=self.site.region,
            localstack_host=endpoint.netloc,
        )
        return session.client(service)

    def invoke(self, function: str, event: dict[str, Any] | None = None) -> Any:
        """Run a function now, such as "compute_aggregates", which the schedule would run within a minute."""
        answer = self.client("lambda").invoke(
            FunctionName=live(f"takip-{ENVIRONMENT}-{function}"), Payload=json.dumps(event or TICK).encode()
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
        return json.loads(answer["Payload"].read() or "null")

    def aggregate(self) -> dict[str, int]:
        """Do all work that markers name now, in one worker. The clock would hand it out within a minute."""
        outcome: dict[str, int] = self.invoke("aggregate_bucket", handed_out(*markers.BUCKETS))
        return outcome

    def worked_for(self, request_id: str) -> list[str]:
        """The functions that worked for a request of the last hour, in the order of `takip.py logs`."""
        lines = since(self.aws, groups_of(ENVIRONMENT), datetime.now(UTC) - HOUR, request_id)
        return list(dict.fromkeys(each.function for each in wanted(lines, request=request_id, everything=False)))


TICK = {"version": "0", "id": "1", "source": "aws.events", "detail-type": "Scheduled Event", "detail": {}} | {
    "account": "000000000000",
    "time": "2026-01-05T10:00:00Z",
    "region": REGION,
    "resources": [],
}


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    """Takip on an emulator with a port and a state of its own, or on the AWS that AWS_ENDPOINT_URL names."""
    with plant(tmp_path_factory.mktemp("emulator")) as made:
        yield made


@contextmanager
def plant(home: Path) -> Iterator[Deployed]:
    """Takip, deployed for those who use it; `deployed` for almost all."""
    if endpoint := os.environ.get("AWS_ENDPOINT_URL"):
        yield _deploy(home, Aws(os.environ.get("AWS_DEFAULT_REGION", REGION), endpoint), None)
        return
    emulator = Emulator(home, free_port())
    emulator.start()
    try:
        yield _deploy(home, emulator.aws, emulator)
    finally:
        emulator.stop()


def _deploy(home: Path, aws: Aws, emulator: Emulator | None) -> Deployed:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(chalice, "_WITH_ARCHIVE", "tests.recorded_chalice")
        site = deploy(aws, ENVIRONMENT, home, origins=ALLOWED_ORIGIN)
    deploying.TAKEN.update((home / "actions").read_text().split())
    make_admin(aws, ENVIRONMENT, **ADMIN)
    return Deployed(site, aws, emulator, home)


@pytest.fixture(scope="session")
def admin(deployed: Deployed) -> Iterator[Someone]:
    """The admin, signed in."""
    with admin_of(deployed) as signed_in:
        yield signed_in


@contextmanager
def admin_of(deployed: Deployed) -> Iterator[Someone]:
    """The admin of a plant, signed in."""
    with deployed.http() as api:
        yield Someone(api, api.get("/auth/me").json()["data"]["id"])


@pytest.fixture
def hire(deployed: Deployed, admin: Someone) -> Iterator[Hire]:
    """Registers people and signs them in, by default as workers."""
    with ExitStack() as clients:

        def register(role: str = "worker") -> Someone:
            name = f"{role}-{uuid4().hex[:8]}"
            user = admin.post("/auth/register", {"username": name, "password": PASSWORD, "role": role})
            api = clients.enter_context(deployed.http(deployed.token(name, PASSWORD)))
            return Someone(api, user.json()["data"]["id"])

        yield register


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A real Chromium. It is closed after its module: while it is open, nothing else can run an event loop here."""
    with browsers.started() as started:
        yield started


@pytest.fixture
def without_clock(deployed: Deployed) -> Iterator[None]:
    """The clock of the deployed system stands still: otherwise it would do, at any moment, what a test measures."""
    events = deployed.client("events")
    scheduled = [rule["Name"] for rule in events.list_rules()["Rules"] if "ScheduleExpression" in rule]
    for name in scheduled:
        events.disable_rule(Name=name)
    yield
    for name in scheduled:
        events.enable_rule(Name=name)


@pytest.fixture
def floor(deployed: Deployed, without_clock: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plant]:
    """A plant in this process, on the emulator's table, and nobody else does its work."""
    for name, value in shared.ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL", deployed.aws.endpoint or "")
    monkeypatch.setenv("TAKIP_TABLE", deployed.site.table)
    monkeypatch.setenv("TAKIP_READINGS_QUEUE", deployed.site.readings_queue)
    monkeypatch.setenv("TAKIP_SIGNING_KEYS", "/takip/local/signing-keys")
    monkeypatch.setenv("TAKIP_FILES_BUCKET", "takip-local-files")
    monkeypatch.setenv("TAKIP_PICTURES_QUEUE", "takip-local-pictures")
    monkeypatch.setenv("TAKIP_LIVE_ROLE", "takip-local-live")
    shared.forget()
    Item.Meta.table_name = deployed.site.table
    from app import app  # noqa: PLC0415  it is imported where its environment stands

    # From an address at which nobody else has failed to sign in.
    with at_address("10.0.0.1"), Client(app, stage_name="local") as client:
        roles = (Role.ADMIN, Role.PLANNER, Role.WORKER, Role.WORKER)
        admin, planner, worker, other = (employed(client, f"cost-{uuid4().hex[:8]}", role) for role in roles)
        yield Plant(client, admin, planner, worker, other, stranger=Person(client, None))
    shared.forget()
