"""A file of old readings: its lines, how far its import is, and the lines that cannot be used.

How far it is stands in a file beside it, with a digest of the content. So an import that was interrupted goes on, and
another content begins anew.
"""

import csv
import hashlib
import json
from codecs import getincrementaldecoder
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from chalicelib.domain.machines.history import COLUMNS, OPTIONAL, Line, RefusedLine
from infra.problem import Problem

A_BLOCK = 20_000
_SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Progress:
    """How far the import of a content to a place is: lines read, readings sent, lines refused and their bytes."""

    digest: str
    place: str
    lines: int = 0
    readings: int = 0
    refused: int = 0
    refused_bytes: int = 0


class ReadingsFile:
    """A CSV file of readings, with the state of its import to a place (environment and tenant) beside it."""

    def __init__(self, path: Path, place: str) -> None:
        self._path = path
        self._state = path.with_name(f"{path.name}.import.json")
        self.rejected = path.with_name(f"{path.stem}.rejected.csv")
        digest, self.total = _measured(path)
        self.progress = self._standing(Progress(digest, place))

    def begin_anew(self) -> None:
        """Forget how far the import is."""
        self.progress = Progress(self.progress.digest, self.progress.place)

    def blocks(self) -> Iterator[list[Line]]:
        """The lines that were not imported yet, in blocks. Raises Problem if the file has other columns."""
        with self._path.open(encoding="utf-8-sig", newline="") as file:
            header = file.readline().rstrip("\r\n")
            separator = max(_SEPARATORS, key=header.count)
            columns = [name.strip() for name in next(csv.reader([header], delimiter=separator), [])]
            self._refuse_columns(columns)
            rows = self._rows(csv.reader(file, delimiter=separator, strict=True), columns)
            waiting = islice(rows, self.progress.lines, None)
            while block := list(islice(waiting, A_BLOCK)):
                yield block

    def note(self, lines: int, readings: int, refused: Sequence[RefusedLine]) -> None:
        """Note that a block is done: keep its refused lines, then write how far the import is."""
        before = self.progress
        written = self._keep(refused, before.refused_bytes)
        self.progress = replace(
            before,
            lines=before.lines + lines,
            readings=before.readings + readings,
            refused=before.refused + len(refused),
            refused_bytes=written,
        )
        self._write()

    def _standing(self, anew: Progress) -> Progress:
        """How far the import of this content to this place is."""
        if not self._state.exists():
            return anew
        standing = Progress(**json.loads(self._state.read_text(encoding="utf-8")))
        return standing if (standing.digest, standing.place) == (anew.digest, anew.place) else anew

    def _write(self) -> None:
        """Write the state. Whoever reads it finds the old one or the new one, whole."""
        made = self._state.with_suffix(".new")
        made.write_text(json.dumps(asdict(self.progress)), encoding="utf-8")
        made.replace(self._state)

    def _keep(self, refused: Sequence[RefusedLine], at: int) -> int:
        """Write refused lines after so many bytes; what an interrupted run wrote there is replaced. Returns the end."""
        if not refused and not at:
            self.rejected.unlink(missing_ok=True)
            return 0
        with self.rejected.open("r+" if at else "w", encoding="utf-8", newline="") as file:
            file.seek(at)
            file.truncate()
            writer = csv.writer(file)
            if not at:
                writer.writerow(["line", "reasons", *COLUMNS])
            for each in refused:
                reasons = "; ".join(f"{wrong.field} {wrong.message} ({wrong.code})" for wrong in each.problems)
                writer.writerow([each.line.number, reasons, *(each.line.cells.get(name, "") for name in COLUMNS)])
            file.flush()
            return file.tell()

    def _rows(self, reader: Any, columns: Sequence[str]) -> Iterator[Line]:
        """The lines that are not empty. The first line of the file was read before."""
        try:
            for row in reader:
                cells = {name: cell.strip() for name, cell in zip(columns, row, strict=False) if cell.strip()}
                if cells:
                    yield Line(reader.line_num + 1, cells, surplus=len(row) > len(columns))
        except csv.Error as error:
            raise Problem(f"{self._path}, line {reader.line_num + 1}: {error}.") from None

    def _refuse_columns(self, columns: Sequence[str]) -> None:
        """Raise Problem unless these are the columns of readings, each once."""
        missing = {*COLUMNS} - OPTIONAL - {*columns}
        unknown = {*columns} - {*COLUMNS}
        if missing or unknown or len({*columns}) < len(columns):
            raise Problem(
                f"{self._path}: the first line must name the columns {', '.join(COLUMNS)};"
                f" {' and '.join(sorted(OPTIONAL))} may be left out. It names {', '.join(columns)}."
            )


def _measured(path: Path) -> tuple[str, int]:
    """The digest of a file, and how many lines it has, the first one not counted. Raises Problem if it is not UTF-8."""
    digest, lines, decoder = hashlib.sha256(), 0, getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
            try:
                decoder.decode(part)
            except UnicodeDecodeError as error:
                line = lines + part[: error.start].count(b"\n") + 1
                raise Problem(f"{path}, line {line}: this is not UTF-8. Save the file as CSV UTF-8.") from None
            lines += part.count(b"\n")
    return digest.hexdigest(), max(lines - 1, 0)
