"""The tables of a SQLite file. The file is only read."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from infra.old_system.tables import Raw
from infra.problem import Problem

_PATIENCE_SECONDS = 5.0
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def tables(path: Path) -> Iterator[tuple[str, list[Mapping[str, Raw]]]]:
    """Each table with its rows. All are as of one instant.

    Raises Problem if the file is damaged, or if somebody who writes into it does not let go of it.
    """
    try:
        address = f"{path.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE_SECONDS, isolation_level=None)) as database:
            database.execute("BEGIN")
            for (name,) in database.execute(_TABLES).fetchall():
                yield name, _rows(database, name)
    except sqlite3.Error as error:
        raise Problem(
            f"{path} cannot be read as a SQLite file: {error}.\n"
            "Stop the old system, copy the file with all that is beside it (-wal, -journal), and name the copy."
        ) from None


def _rows(database: sqlite3.Connection, table: str) -> list[Mapping[str, Raw]]:
    quoted = table.replace('"', '""')
    found = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608  # nosec B608  a table's own name, quoted
    columns = [column for column, *_ in found.description]
    return [dict(zip(columns, row, strict=True)) for row in found]
