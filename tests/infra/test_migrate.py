"""`takip.py migrate`: up, down and status, and what a deployment says of the schema."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from click.testing import CliRunner, Result

from chalicelib.domain.schema import TableSchema
from chalicelib.storage import schema, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys.shape import Key
from infra.aws import Aws
from infra.cli import commands, migrate
from infra.deployment import tables
from infra.deployment.versions import Origin, Release
from infra.problem import Problem
from tests.administering import in_this_process
from tests.conftest import SetClock
from tests.floor import MORNING, Plant

Verb = Callable[..., Result]


@pytest.fixture
def verb(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verb, which asks in this process, on the table of the tests with three old machines."""
    in_this_process(monkeypatch)
    monkeypatch.setattr(migrate, "aws_of", lambda _stage: Aws("eu-central-1"))
    monkeypatch.setattr(getpass, "getuser", lambda: "ada")
    for number in range(3):
        made = item(Key("T#default", f"M#{number}"), "machine", {"id": str(number)})
        table.put(Item.of({**made.attribute_values, "schema": 1}))
    return lambda *arguments: CliRunner().invoke(commands.takip, ["migrate", *arguments])


def test_a_dry_run_counts_and_writes_nothing(verb: Verb) -> None:
    told = verb("up", "--dry-run")
    assert told.exit_code == 0, told.output
    assert "3 would be written in another form" in told.output
    assert "To be run         0002" in verb("status").output


def test_up_and_down_are_told_with_who_ran_them_and_when(verb: Verb, set_clock: SetClock) -> None:
    set_clock.set(MORNING)
    assert "3 were written in another form" in verb("up").output
    set_clock.forward(timedelta(hours=1))
    assert "Nothing is to be run" in verb("up").output
    assert "3 were written in another form" in verb("down").output
    told = verb("status").output
    assert "The table holds   schema 1\n" in told
    assert "0002 up, begun 2026-01-05T08:00:00.000Z by ada" in told
    assert "It ended 2026-01-05T09:00:00.000Z." in told


def test_what_was_interrupted_is_told_and_goes_on(verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: Any) -> Iterator[dict[str, Any]]:
        yield {"part": "0002"}
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(migrate, "ask", interrupted)
        told = verb("up")
    assert (told.exit_code, "The same command goes on from there." in told.output) == (130, True)


def test_what_people_changed_meanwhile_is_told(verb: Verb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "rewrite", lambda *_: False)
    assert "9 were changed by people meanwhile" in verb("up").output
    schema.put(TableSchema(1, 2, run=schema.find().history[-1], revision=schema.find().revision + 1))  # type: ignore[union-attr]
    assert "Not ended         0002 up" in verb("status").output


def test_a_deployment_is_refused_if_the_table_holds_what_the_release_cannot_read(
    verb: Verb, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate.refuse_unknown_schema(Aws("eu-central-1"), "none")  # a first deployment: there is no table
    monkeypatch.setattr(tables, "first", lambda _environment: "takip-test")
    migrate.refuse_unknown_schema(Aws("eu-central-1"), "local")
    schema.put(TableSchema(2, 3, revision=1))
    with pytest.raises(Problem, match="holds schemas 2 to 3, and this release knows schemas 1 to 2"):
        migrate.refuse_unknown_schema(Aws("eu-central-1"), "local")


def test_a_deployment_tells_which_migrations_come_with_it(verb: Verb, capsys: pytest.CaptureFixture[str]) -> None:
    migrate.tell_migrations(Aws("eu-central-1"), "local")
    told = capsys.readouterr().out
    assert "Migration 0002 comes with this release: Every machine, product and webhook has a revision." in told
    assert "python takip.py migrate up --stage local" in told
    verb("up")
    migrate.tell_migrations(Aws("eu-central-1"), "local")
    assert "Migration" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("holds", "reads", "direction"),
    [
        ((1, 2), "1-1", "down"),
        ((2, 2), "1-1", "down"),
        ((1, 1), "2-3", "up"),
        ((1, 2), "1-2", None),
        ((2, 2), "2-3", None),
    ],
)
@pytest.mark.usefixtures("verb")
def test_the_way_back_to_a_release_that_cannot_read_the_table_is_refused(
    holds: tuple[int, int], reads: str, direction: str | None
) -> None:
    schema.put(TableSchema(*holds, revision=1))
    release = Release(7, Origin(reads=reads), MORNING, {})
    told = rf"release 7 knows schema(?s:.*)migrate {direction} --stage dev\n(?s:.*)rollback 7 --stage dev"
    with pytest.raises(Problem, match=told) if direction else nullcontext():
        migrate.refuse_unreadable(Aws("eu-central-1"), "dev", release)


@pytest.mark.usefixtures("verb")
def test_the_way_back_needs_no_table_that_answers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def away(*_: object) -> Iterator[dict[str, Any]]:
        raise Problem("The table does not answer.")

    def unreachable(*_: object) -> dict[str, Any]:
        raise EndpointConnectionError(endpoint_url="https://dynamodb")

    release = Release(7, Origin(), MORNING, {})
    monkeypatch.setattr(migrate, "ask", away)
    for answers in (lambda *_: {"TableStatus": "ACTIVE"}, unreachable):
        monkeypatch.setattr(tables, "described", answers)
        migrate.refuse_unreadable(Aws("eu-central-1"), "dev", release)
        assert "could not be read, so it was not compared" in capsys.readouterr().out
    monkeypatch.undo()
    monkeypatch.setattr(migrate, "ask", away)
    with pytest.raises(
        Problem, match=r"Release 7 works with the table takip-dev, which was deleted(?s:.*)switch TABLE"
    ):
        migrate.refuse_unreadable(Aws("eu-central-1"), "dev", release)
