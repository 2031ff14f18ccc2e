"""Fixtures of tests in which an old system comes over."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.administration import old_system
from infra.aws import Aws
from infra.cli import commands, migrate_from
from infra.cli.console import console
from tests.administering import in_this_process
from tests.floor import Plant
from tests.old_system.asking import Verb
from tests.real_machines import folder


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write one order after the other: the table in memory is not made for more at once."""
    monkeypatch.setattr(old_system, "AT_ONCE", 1)


@pytest.fixture
def verb(plant: Plant, one_by_one: None, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verb, which asks in this process, on the table of the tests."""
    in_this_process(monkeypatch)
    monkeypatch.setattr(migrate_from, "aws_of", lambda _stage: Aws("eu-central-1"))
    monkeypatch.setattr(console, "_width", 200)
    return lambda *arguments: CliRunner().invoke(commands.takip, ["migrate-from", *arguments])


@pytest.fixture
def everything() -> str:
    """All that the old system holds."""
    return str(folder("old_system") / "latest.db")


@pytest.fixture
def source(everything: str, tmp_path: Path) -> str:
    """Its people and machines."""
    path = tmp_path / "people.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("ATTACH ? AS whole", (everything,))
        for table in ("users", "machines"):
            database.execute(f"CREATE TABLE {table} AS SELECT * FROM whole.{table}")  # noqa: S608  names of ours
        database.commit()
    return str(path)
