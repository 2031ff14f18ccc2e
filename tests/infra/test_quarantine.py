"""`takip.py quarantine`: what belongs to no tenant, for whoever runs Takip."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import ingest
from chalicelib.storage import table as storage
from chalicelib.storage.items import item
from chalicelib.storage.keys import numbers as keys
from infra.aws import Aws
from infra.cli import commands, quarantine
from tests.administering import in_this_process
from tests.machines import arrived, install, message, part, standing

Verb = Callable[..., Result]


@pytest.fixture
def verb(table: None, set_clock: object, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verb, which asks in this process, on the table of the tests."""
    in_this_process(monkeypatch)
    monkeypatch.setattr(quarantine, "aws_of", lambda _stage: Aws("eu-central-1"))
    return lambda *arguments, **given: CliRunner().invoke(commands.takip, ["quarantine", *arguments], **given)


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


def admins(tenant: str, *bodies: str) -> None:
    """Let so many messages of a tenant be in quarantine."""
    ingest(arrived(*(json.dumps({"tenant": tenant, **json.loads(body)}) for body in bodies)))


def test_messages_are_chosen_shown_taken_in_and_deleted(verb: Verb) -> None:
    admins("default", message("M1", part(1.0)), message("M1", part("warm")), message("M2", part(2.0)), "{}")
    listed = json.loads(verb("list", "--json", "--machine", "M1", "--code", "unknown_machine").output)
    assert [each["machine_id"] for each in listed] == ["M1", "M1"]
    assert "is not a registered machine" in verb("list", "--limit", "1").output
    shown = json.loads(verb("show", listed[0]["id"]).output)
    assert (shown["id"], shown["original_whole"]) == (listed[0]["id"], True)

    install("M1")
    assert "1 can be taken in, 1 are still wrong" in verb("replay", "--machine", "M1", "--dry-run").output
    taken = verb("replay", "--machine", "M1").output
    assert ("1 were taken in, 1 are still wrong" in taken, "readings[0].value" in taken) == (True, True)
    assert len(standing("chunk")) == 1

    assert "1 would be deleted" in verb("delete", "--machine", "M2", "--dry-run").output
    assert verb("delete", "--machine", "M2", input="n").exit_code == 1
    assert len(standing("quarantined")) == 3
    assert "1 were deleted" in verb("delete", "--machine", "M2", "--to", "2026-01-06T00:00:00Z", "--yes").output
    (event,) = standing("security_event")
    assert event.data["detail"] == {"machine_id": "M2", "count": "1"}
    (left,) = json.loads(verb("list", "--json", "--machine", "M1").output)
    assert "1 were deleted" in verb("delete", left["id"], "--yes").output
    assert len(standing("quarantined")) == 1


def test_messages_of_no_tenant_are_taken_in_once_it_is_there(verb: Verb) -> None:
    admins("north", message("M1", part(1.0)), message("M2", part(1.0)))
    assert [each["machine_id"] for each in json.loads(verb("list", "--strays", "--machine", "M1", "--json").output)]
    tenants.create("north", DEFAULT_SETTINGS)
    assert "0 were taken in, 2 are still wrong" in verb("replay", "--strays").output
    assert len(json.loads(verb("list", "--tenant", "north", "--json").output)) == 2
    assert "0 were deleted" in verb("delete", "--strays", "--yes").output


@pytest.mark.parametrize("wrong", ["yesterday", "2026-01-05T08:00:00"])
def test_a_time_that_is_none_is_refused_before_anything_is_asked(verb: Verb, wrong: str) -> None:
    assert verb("list", "--from", wrong).exit_code == 2


def test_a_message_that_is_not_there_is_refused(verb: Verb) -> None:
    assert "No such message" in str(verb("show", "2026-01-05-x").exception)


def test_an_interrupted_replay_says_how_to_go_on(verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: Any) -> Iterator[Any]:
        yield {"total": 1}
        raise KeyboardInterrupt

    monkeypatch.setattr(quarantine, "ask", interrupt)
    stopped = verb("replay")
    assert (stopped.exit_code, "Stopped." in stopped.output) == (130, True)
