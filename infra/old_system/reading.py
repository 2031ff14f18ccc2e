"""Reading an old system: a SQLite file, a plain dump of PostgreSQL, or a PostgreSQL that runs."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from infra.old_system import dump, server, sqlite
from infra.old_system.tables import Raw, Row, Tables, normalised
from infra.problem import Problem

Rows = Iterable[Mapping[str, Raw]]
ONE_OF_THEM = "users"
_SQLITE = b"SQLite format 3\0"
_WHAT_ELSE = {
    b"PGDMP": "It is a PostgreSQL dump in the custom format. Make a plain one of it: pg_restore -f plain.sql FILE",
    b"\x1f\x8b": "It is compressed. Unpack it first: gunzip FILE",
    b"PK": "It is a zip. Unpack it first.",
}


def read(source: str) -> Tables:
    """All tables of an old system: of a file, or of the database at a `postgresql://` address.

    Raises Problem if it cannot be read, or is no old system.
    """
    read: dict[str, list[Row]] = {}
    for name, rows in _source(source):
        if name in read:
            raise Problem(f"Two schemas have a table {name}. Make a dump of one, with pg_dump --schema, and name that.")
        read[name] = _table(rows)
    if ONE_OF_THEM not in read:
        there = f"It has {', '.join(sorted(read))}." if read else "It has no tables at all."
        raise Problem(f"This is no database of the old system: it has no table {ONE_OF_THEM}.\n{there}")
    return read


def _source(source: str) -> Iterable[tuple[str, Rows]]:
    if server.is_address(source):
        return server.tables(source)
    path = Path(source)
    if not path.is_file():
        raise Problem(f"There is no file {path}. Name a SQLite file, a dump, or a postgresql:// address.")
    with path.open("rb") as file:
        begin = file.read(len(_SQLITE))
    for sign, advice in _WHAT_ELSE.items():
        if begin.startswith(sign):
            raise Problem(f"{path} cannot be read as it is.\n{advice}")
    if not begin:
        raise Problem(f"{path} is empty.")
    return sqlite.tables(path) if begin == _SQLITE else dump.tables(path)


def _table(rows: Rows) -> list[Row]:
    """The rows of a table, in the order of their ids where all have one: a database gives them in any order."""
    read: list[Row] = [{column: normalised(column, raw) for column, raw in row.items()} for row in rows]
    numbered = [(row_id, row) for row in read if isinstance(row_id := row.get("id"), int)]
    if len(numbered) < len(read):
        return read
    return [row for _, row in sorted(numbered, key=lambda each: each[0])]
