"""Tables in text files of spreadsheets: their encodings, separators and line ends."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from infra.problem import Problem

_WINDOWS = "cp1254"  # the encoding of plain “CSV” of a Turkish Excel
_SEPARATORS = (";", "\t", ",")
_NAMED_SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)
# The bytes of Turkish letters in UTF-8: a file with these is damaged UTF-8, not Windows-1254.
_TURKISH_IN_UTF_8 = re.compile(rb"\xc3[\x87\x96\x9c\xa7\xb6\xbc]|\xc4[\x9e\x9f\xb0\xb1]|\xc5[\x9e\x9f]")

Row = tuple[int, list[str]]


@dataclass(frozen=True)
class Table:
    """The rows of a file that are not empty, each with its first line number, and the format of the file."""

    rows: list[Row]
    delimiter: str
    encoding: str

    @property
    def is_windows(self) -> bool:
        """Whether the file was in the encoding of a Turkish Windows instead of UTF-8."""
        return self.encoding == _WINDOWS


def read_table(path: Path) -> Table:
    """Read a file of cells, separated by semicolons, tabs or commas, or by what a first line `sep=` names.

    The encoding is UTF-8 with or without a byte order mark, or Windows-1254. Raises Problem if it is no such file.
    """
    text, encoding = _decoded(path)
    first = next((line for line in text.splitlines() if line.strip()), "")
    named = _NAMED_SEPARATOR.fullmatch(first)
    delimiter = named[1] if named else max(_SEPARATORS, key=first.count) if _separates(first) else ","
    rows = list(_rows(path, text, delimiter))
    return Table(rows[1:] if named else rows, delimiter, encoding)


def _separates(line: str) -> bool:
    return any(separator in line for separator in _SEPARATORS)


def _decoded(path: Path) -> tuple[str, str]:
    raw = path.read_bytes()
    try:
        return raw.decode("utf-8-sig"), "utf-8-sig" if raw.startswith(codecs.BOM_UTF8) else "utf-8"
    except UnicodeDecodeError:
        problem = Problem(f"{path} is not in UTF-8, nor in Windows-1254. A spreadsheet writes UTF-8 as “CSV UTF-8”.")
    if b"\0" in raw or _TURKISH_IN_UTF_8.search(raw):
        raise problem
    try:
        return raw.decode(_WINDOWS), _WINDOWS
    except UnicodeDecodeError:
        raise problem from None


def _rows(path: Path, text: str, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise Problem(f"{path}, line {line}: {error}.") from None
        if row is None:
            return
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:  # a spreadsheet also writes the empty columns beside a table
            cells.pop()
        if cells:
            yield line, cells
