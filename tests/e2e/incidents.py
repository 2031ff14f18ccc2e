"""What incidents of docs/runbook.md need: the real commands, a company of their own, and whether an alarm goes off."""

import json
import shlex
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from uuid import uuid4

import httpx
import pytest
from click.testing import CliRunner

from infra.administration import make_admin
from infra.cli import commands, environments
from infra.deployment.watching import watched
from infra.deployment.watching.alarms import alarms
from infra.log_events import groups_of, matching
from infra.replay import readings_queue
from tests.administering import in_this_process
from tests.e2e.conftest import ENVIRONMENT, Deployed
from tests.e2e.people import PASSWORD, Someone

Takip = Callable[[str], str]
"""Runs a command, such as "dlq list", on the deployed system. Returns what it printed."""

READINGS = "takip-local-readings"
HOUR = "2026-01-05T10:00:00.000Z"


def takip_on(deployed: Deployed, patched: pytest.MonkeyPatch) -> Takip:
    """The command line, for which the deployed system is that of this machine. It asks Takip's code in this process."""
    in_this_process(patched)
    patched.setattr(environments, "read_status", lambda: None)
    patched.setattr(environments, "local", lambda: SimpleNamespace(aws=deployed.aws))

    def run(words: str) -> str:
        ended = CliRunner().invoke(commands.takip, shlex.split(words), catch_exceptions=False)
        assert ended.exit_code == 0, ended.output
        return ended.output

    return run


@dataclass(frozen=True)
class Company:
    """A company of a test's own, its admin, and the deployed system on which it is."""

    deployed: Deployed
    id: str
    admin: Someone

    def machine(self) -> str:
        """Register a machine."""
        machine_id = f"M-{uuid4().hex[:8]}"
        self.admin.post("/machines", {"id": machine_id, "name": "Press"}).raise_for_status()
        return machine_id

    def send(self, machine_id: str, minutes: Iterable[int], queue: str = READINGS) -> None:
        """Put a message on a queue for each of these minutes, with a reading of it."""
        sqs = self.deployed.client("sqs")
        url = sqs.get_queue_url(QueueName=queue)["QueueUrl"]
        readings_queue.send(sqs, url, [self._message(machine_id, n) for n in minutes], lambda _: None)

    def _message(self, machine_id: str, minute: int) -> str:
        reading = {"type": "temperature", "value": 20.5 + minute, "at": f"2026-01-05T10:{minute:02d}:00Z"}
        return json.dumps({"tenant": self.id, "machine_id": machine_id, "readings": [reading]})

    def in_quarantine(self) -> int:
        """How many of its messages are in quarantine; 100 at most are counted."""
        return len(self.admin.get("/machines/quarantine?limit=100")["items"])

    def counted(self, machine_id: str) -> int:
        """How many readings the numbers of the machine count, after all work that waits is done."""
        self.deployed.aggregate()
        found = self.admin.get(f"/machines/{machine_id}/rollups?from={HOUR}&to=2026-01-05T10:59:00Z")["items"]
        return sum(each["count"] for each in found)


def found(deployed: Deployed, takip: Takip, clients: ExitStack, *settings: str) -> Company:
    """A new company with these settings."""
    name = f"c-{uuid4().hex[:8]}"
    takip(f"tenant create {name} {' '.join(settings)}")
    make_admin(deployed.aws, ENVIRONMENT, "ada", PASSWORD, name)
    credentials = {"tenant": name, "username": "ada", "password": PASSWORD}
    signed_in = httpx.post(f"{deployed.url}/auth/login", json=credentials, timeout=30).raise_for_status()
    api = clients.enter_context(deployed.http(signed_in.json()["data"]["access_token"]))
    return Company(deployed, name, Someone(api, ""))


def written(deployed: Deployed, function: str, metric: str, since: datetime) -> float:
    """The sum of a metric that a function has written since then. The emulator makes none of its log lines."""
    (group,) = groups_of(ENVIRONMENT, function).values()
    lines = [json.loads(text) for _, text in matching(deployed.aws, group, since, f'"{metric}"') if "_aws" in text]
    return sum(sum(each.get(metric, ())) for each in lines)


def goes_off(name: str, **values: float) -> bool:
    """Whether an alarm goes off, if its metrics have these values in as many periods as it asks for."""
    (alarm,) = [each for each in alarms(watched(ENVIRONMENT)) if each.name == name]
    assert values.keys() == alarm.metrics.keys()
    known = {"IF": lambda is_so, one, other: one if is_so else other, "FILL": lambda value, _: value, **values}
    value: float = eval(alarm.formula or next(iter(values)), {"__builtins__": {}}, known)  # noqa: S307  our own formula
    return value > alarm.above
