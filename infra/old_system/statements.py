"""The statements of a dump that name tables and rows: CREATE TABLE, INSERT and COPY, as `pg_dump` writes them.

General parsers of SQL know no rows of COPY, and take 4 (pglast) to 10 times (sqlglot) as long for an INSERT. So only
these forms are read, and every other form of them is refused.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Name = tuple[str, ...]
"""The name of a table behind that of its schema, which is left out if it is `public`."""
Columns = tuple[str, ...]
Cells = tuple[str | None, ...]

_TOKEN = re.compile(
    r"""\s+ | --[^\n]* | /\*.*?\*/
    | (?P<kept> [eE]'(?:[^'\\]|''|\\.)*' | '(?:[^']|'')*' | "(?:[^"]|"")*" | (?P<quote>\$\w*\$).*?(?P=quote)
    | [^\W\d]\w* | [+-]?\d[\w.]*(?:(?<=[eE])[+-]\d+)? | . )""",
    re.DOTALL | re.VERBOSE,
)
_NO_COLUMN = {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "EXCLUDE", "LIKE"}
_SAYING = {"CREATE", "INSERT", "COPY"}
_LITERALS = {"NULL": None, "TRUE": "t", "FALSE": "f"}
_SIGNS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ESCAPED = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)


@dataclass(frozen=True)
class Created:
    """A table with its columns."""

    table: Name
    columns: Columns


@dataclass(frozen=True)
class Insert:
    """Rows of a table. The columns are those of the table where none are named."""

    table: Name
    columns: Columns
    rows: list[Cells]


@dataclass(frozen=True)
class Copy:
    """The beginning of a block of rows of a table."""

    table: Name
    columns: Columns


class NotUnderstood(Exception):
    """A statement that `pg_dump` does not write."""


class Tokens:
    """What is left to read of a statement."""

    def __init__(self, tokens: Sequence[str]) -> None:
        self._tokens = tokens
        self._at = 0

    @property
    def next(self) -> str:
        """The next token, a keyword in capitals; empty at the end."""
        token = self._tokens[self._at] if self._at < len(self._tokens) else ""
        return token if token[:1] in "'\"" else token.upper()

    def take(self) -> str:
        """Go on behind the next token, and return it as it is written. Raises NotUnderstood at the end."""
        if self._at >= len(self._tokens):
            raise NotUnderstood("a statement ends too early")
        self._at += 1
        return self._tokens[self._at - 1]

    def skip(self, *words: str) -> bool:
        """Go on behind these tokens, if they are the next ones."""
        before = self._at
        for word in words:
            if self.next != word:
                self._at = before
                return False
            self._at += 1
        return True

    def expect(self, *words: str) -> None:
        """Go on behind these tokens. Raises NotUnderstood where others stand."""
        if not self.skip(*words):
            raise NotUnderstood(f"there should be {' '.join(words)} before {self.next or 'the end'}")


def tokens_of(text: str) -> list[str] | None:
    """The tokens of a statement, without comments; None if a text that it begins does not end in it."""
    tokens = [token for match in _TOKEN.finditer(text) if (token := match["kept"]) is not None]
    return None if {"'", '"', "$"} & {*tokens} else tokens


def understood(tokens: Sequence[str]) -> Created | Insert | Copy | None:
    """What a statement says; None if it says nothing of tables and rows. Raises NotUnderstood."""
    for sign, word in pairwise(tokens):
        if sign == ";" and word.upper() in _SAYING:
            raise NotUnderstood(f"{word} stands behind the end of a statement. Put it on a line of its own")
    rest = Tokens(tokens)
    if rest.skip("INSERT", "INTO"):
        return Insert(_name(rest), _columns(rest), list(_rows(rest)))
    if rest.skip("COPY"):
        begun = Copy(_name(rest), _columns(rest))
        rest.expect("FROM", "STDIN", ";")
        return begun
    if rest.skip("CREATE", "TABLE") or rest.skip("CREATE", "UNLOGGED", "TABLE"):
        rest.skip("IF", "NOT", "EXISTS")
        return Created(_name(rest), tuple(_definitions(rest)))
    return None


def unescaped(text: str) -> str:
    """A text without the escapes of a backslash, which COPY and texts of the form E'…' have in common."""

    def character(found: re.Match[str]) -> str:
        hexadecimal, octal, sign = found.groups()
        if sign is not None:
            return _SIGNS.get(sign, sign)
        return chr(int(hexadecimal, 16) if hexadecimal else int(octal, 8))

    return _ESCAPED.sub(character, text)


def _name(rest: Tokens) -> Name:
    name = [_identifier(rest.take())]
    while rest.skip("."):
        name.append(_identifier(rest.take()))
    return tuple(name[1:] if name[0] == "public" else name)


def _identifier(token: str) -> str:
    return token[1:-1].replace('""', '"') if token.startswith('"') else token.lower()


def _columns(rest: Tokens) -> Columns:
    """The columns that are named behind a table; none if none are."""
    named: list[str] = []
    if rest.skip("("):
        named.append(_identifier(rest.take()))
        while rest.skip(","):
            named.append(_identifier(rest.take()))
        rest.expect(")")
    return tuple(named)


def _definitions(rest: Tokens) -> Iterator[str]:
    """The columns that a table is made with."""
    if not rest.skip("("):
        return
    depth, begins = 1, True
    while depth:
        if begins and rest.next not in _NO_COLUMN:
            yield _identifier(rest.take())
        sign = rest.take()
        depth += {"(": 1, ")": -1}.get(sign, 0)
        begins = depth == 1 and sign == ","


def _rows(rest: Tokens) -> Iterator[Cells]:
    rest.skip("OVERRIDING", "SYSTEM", "VALUE")
    rest.expect("VALUES")
    yield _cells(rest)
    while rest.skip(","):
        yield _cells(rest)
    rest.skip("ON", "CONFLICT", "DO", "NOTHING")
    rest.expect(";")


def _cells(rest: Tokens) -> Cells:
    rest.expect("(")
    cells = [_cell(rest)]
    while rest.skip(","):
        cells.append(_cell(rest))
    rest.expect(")")
    return tuple(cells)


def _cell(rest: Tokens) -> str | None:
    word, token = rest.next, rest.take()
    _skip_cast(rest)
    if word in _LITERALS:
        return _LITERALS[word]
    if token.startswith("'"):
        return token[1:-1].replace("''", "'")
    if token[:2] in {"E'", "e'"}:
        return unescaped(token[2:-1].replace("''", "'"))
    if token.lstrip("+-")[:1].isdigit():
        return token
    raise NotUnderstood(f"{token} is no value")


def _skip_cast(rest: Tokens) -> None:
    """Go on behind the type of a value, such as `::character varying(3)`."""
    if rest.skip(":", ":"):
        while rest.next not in {",", ")"}:
            if rest.take() == "(":
                while rest.take() != ")":
                    pass
