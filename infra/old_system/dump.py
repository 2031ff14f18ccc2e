"""The tables of a plain PostgreSQL dump, read line by line without a server.

Both forms of `pg_dump` are read: COPY blocks, in PostgreSQL's text format, and INSERT statements.
https://www.postgresql.org/docs/current/sql-copy.html
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from infra.old_system import statements
from infra.old_system.statements import Columns, Copy, Created, Insert, Name
from infra.old_system.tables import Raw
from infra.problem import Problem

_END = "\\."
_NULL = "\\N"
_BESIDE = ("--", "\\")  # a comment, or a command to psql
_READ = {"'UTF8'", "'SQL_ASCII'"}

_Row = Mapping[str, Raw]


class Lines:
    """The lines of a dump, with the number of the last one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        with self.path.open("rb") as file:
            for self.number, line in enumerate(file, start=1):
                try:
                    yield line.decode("utf-8-sig" if self.number == 1 else "utf-8").removesuffix("\n")
                except UnicodeDecodeError:
                    raise self.wrong(
                        "this is not UTF-8. Dump again with pg_dump --encoding=UTF8 --file=plain.sql"
                    ) from None

    def wrong(self, what: str) -> Problem:
        """What is wrong with the line that was read last."""
        return Problem(f"{self.path}, line {self.number}: {what}.")


def tables(path: Path) -> Iterator[tuple[str, list[_Row]]]:
    """Each table of each schema with its rows as texts. Raises Problem, with the line, if this is no whole dump."""
    lines = Lines(path)
    rest = iter(lines)
    columns: dict[Name, Columns] = {}
    rows: dict[Name, list[_Row]] = {}
    for statement in _statements(lines, rest):
        _refuse_another_encoding(lines, statement)
        try:
            said = statements.understood(statement)
        except statements.NotUnderstood as error:
            raise lines.wrong(f"this is not understood: {error}") from None
        if said is None:
            continue
        if isinstance(said, Created):
            columns[said.table] = said.columns
        named, there = said.columns or columns.get(said.table, ()), rows.setdefault(said.table, [])
        if isinstance(said, Insert):
            there.extend(_row(lines, named, cells) for cells in said.rows)
        if isinstance(said, Copy):
            there.extend(_row(lines, named, cells) for cells in _block(lines, rest, said.table[-1]))
    yield from ((name[-1], found) for name, found in rows.items())


def _statements(lines: Lines, rest: Iterator[str]) -> Iterator[list[str]]:
    """The tokens of each statement. A COPY block behind one is read by whoever gets it."""
    begun: list[str] = []
    for line in rest:
        if not begun and (line.startswith(_BESIDE) or not line.strip()):
            continue
        begun.append(line)
        if line.rstrip().endswith(";") and (tokens := statements.tokens_of("\n".join(begun))) is not None:
            begun = []
            yield tokens
    if begun:
        raise lines.wrong("the dump ends within a statement; it was not copied as a whole")


def _refuse_another_encoding(lines: Lines, statement: Sequence[str]) -> None:
    if statement[:3] == ["SET", "client_encoding", "="] and statement[3].upper() not in _READ:
        raise lines.wrong(f"the dump is in {statement[3]}. Dump again with pg_dump --encoding=UTF8")


def _block(lines: Lines, rest: Iterator[str], table: str) -> Iterator[list[str | None]]:
    """The rows of a COPY block."""
    for line in rest:
        cells = line.removesuffix("\r")  # of Windows: those of a value are escaped
        if cells == _END:
            return
        yield [None if cell == _NULL else statements.unescaped(cell) for cell in cells.split("\t")]
    raise lines.wrong(f"the dump ends within the rows of {table}; it was not copied as a whole")


def _row(lines: Lines, columns: Sequence[str], cells: Sequence[str | None]) -> _Row:
    if len(cells) != len(columns):
        raise lines.wrong(f"there are {len(cells)} values for {len(columns)} columns")
    return dict(zip(columns, cells, strict=True))
