"""`takip.py quarantine`: what belongs to no tenant, for whoever runs Takip."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.services.machines.ingest import ingest
from chalicelib.storage import table as storage
from chalicelib.storage.items import item
from chalicelib.storage.keys import numbers as keys
from infra import administration
from infra.administration.__main__ import _said
from infra.aws import Aws
from infra.cli import commands, quarantine
from tests.machines import arrived

Verb = Callable[..., Result]


@pytest.fixture
def verb(table: None, set_clock: object, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verb, which asks in this process, on the table of the tests."""

    def stream(command: list[str], _sentence: str, *, given: str, **_: Any) -> Iterator[str]:
        yield from map(json.dumps, _said(command[-1], json.loads(given)))

    monkeypatch.setattr(administration, "stream", stream)
    monkeypatch.setattr(quarantine, "aws_of", lambda _stage: Aws("eu-central-1"))
    return lambda *arguments: CliRunner().invoke(commands.takip, ["quarantine", *arguments])


def test_where_nothing_waits_it_says_so(verb: Verb) -> None:
    assert verb().output == "Nothing waits on local.\n"
    assert json.loads(verb("--json").output) == []


def test_messages_of_no_tenant_and_markers_that_cannot_be_read_are_shown(verb: Verb) -> None:
    ingest(arrived('{"tenant": "nort", "machine_id": "M1[red]", "readings": [1]}', "{"))
    ingest(arrived('{"tenant": "nort", "machine_id": "M2", "readings": [1]}'))
    storage.put(item(keys.marker("0", "default", "DAYS", "broken"), "marker", {"tenant": 5}))

    *messages, marker = json.loads(verb("--json").output)

    assert {each["what"] for each in messages} == {"message"}
    assert sorted(each["reasons"][0]["code"] for each in messages) == ["bad_id", "unknown_tenant"]
    assert (marker["what"], marker["id"]) == ("marker", "default#DAYS#broken")
    assert len(json.loads(verb("--json", "--limit", "1").output)) == 2
    shown = verb().output
    for told in ("is not a tenant", "[red]", "default#DAYS#broken"):
        assert told in shown
