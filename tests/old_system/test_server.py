"""A PostgreSQL that runs is read as its dumps and as SQLite are, in whatever form the dump is."""

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from infra.old_system import server
from infra.old_system.reading import read
from infra.problem import Problem
from tests.old_system.postgres import AWKWARD, awkward_texts, dumped, load, running
from tests.real_machines import folder

FORMS = ((), ("--inserts",), ("--column-inserts", "--no-owner"), ("--rows-per-insert=7",), ("--data-only",))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with running() as address:
        load(address, (folder("old_system") / "latest.sql").read_text(encoding="utf-8"))
        load(address, awkward_texts())
        yield address


def test_a_server_gives_the_tables_that_its_dump_and_the_sqlite_file_give(address: str) -> None:
    there = dict(read(address))
    odd = there.pop("Odd; one")

    assert there == read(str(folder("old_system") / "latest.sql")) == read(str(folder("old_system") / "latest.db"))
    assert [row['a "text"'] for row in odd] == [*AWKWARD, None]


@pytest.mark.parametrize("form", FORMS)
def test_whatever_the_form_of_a_dump_is_it_is_read_as_the_server_is(
    address: str, tmp_path: Path, form: tuple[str, ...]
) -> None:
    assert read(dumped(address, tmp_path / "dump.sql", *form)) == read(address)


def test_a_table_that_two_schemas_have_is_not_guessed(address: str, tmp_path: Path) -> None:
    load(address, "CREATE SCHEMA other; CREATE TABLE other.users (id integer);")
    try:
        with pytest.raises(Problem, match="Two schemas have a table users"):
            read(address)
    finally:
        load(address, "DROP SCHEMA other CASCADE;")


@pytest.mark.parametrize(
    "where",
    [
        "postgresql://ada:se.cret@127.0.0.1:1/plant",
        "postgresql://ada:se.cret@127.0.0.1:port/plant",
        "postgresql://ada:se.cret/x@127.0.0.1/plant",
        "postgresql://ada@127.0.0.1:1/plant?password=se.cret&nothing=1",
        "postgresql://ada:se.cret@[127.0.0.1/plant",
        "postgresql://ada:pass@se.cret@127.0.0.1/plant",
    ],
)
def test_an_error_never_tells_the_password(where: str) -> None:
    with pytest.raises(Problem) as problem:
        read(where)

    assert "se.cret" not in str(problem.value)
    assert "cannot be read" in str(problem.value)


def test_the_driver_is_installed_when_it_is_first_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, ...]] = []
    driver = ModuleType("psycopg")

    def import_module(name: str) -> ModuleType:
        if not asked:
            raise ImportError(name)
        return driver

    monkeypatch.setattr(importlib, "import_module", import_module)
    monkeypatch.setattr(server, "pip", lambda _failure, *arguments: asked.append(arguments))

    assert server._driver() is driver
    assert asked == [("install", "-r", str(server.REQUIREMENTS))]
    assert server.REQUIREMENTS.is_file()
