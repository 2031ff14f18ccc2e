"""A file that is being exported. It can be gone on with wherever the export broke off.

The rows go to FILE.part. Beside it stands, in FILE.part.json, how far they are: a cursor, and the bytes that belong to
it. What was written after that is cut off, so no row is there twice. When the last page is written, FILE.part becomes
FILE.
"""

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from infra.exporting.asked import Asked
from infra.problem import Problem


@dataclass(frozen=True)
class Progress:
    """How far an export is: pages, rows and bytes that are written, and the cursor of the next page."""

    asked: Asked
    pages: int = 0
    rows: int = 0
    size: int = 0
    cursor: str | None = None


class ExportFile:
    """The file of an export, and how far it is."""

    def __init__(self, path: Path, asked: Asked, *, again: bool) -> None:
        self._path = path
        self._part = path.with_name(f"{path.name}.part")
        self._state = path.with_name(f"{path.name}.part.json")
        self.progress = Progress(asked) if again else self._standing(asked)

    def add(self, page: bytes, rows: int, cursor: str | None) -> None:
        """Write a page, then how far the export is. A page without a cursor is the last one."""
        before = self.progress
        with self._part.open("r+b" if before.size else "wb") as file:
            file.seek(before.size)
            file.truncate()
            file.write(page)
            file.flush()
            os.fsync(file.fileno())
        self.progress = replace(
            before, pages=before.pages + 1, rows=before.rows + rows, size=before.size + len(page), cursor=cursor
        )
        if cursor is None:
            self._part.replace(self._path)
            self._state.unlink(missing_ok=True)
        else:
            self._write()

    def _standing(self, asked: Asked) -> Progress:
        """How far this export is. Raises Problem if another one broke off here."""
        try:
            stored = json.loads(self._state.read_text(encoding="utf-8"))
            standing = Progress(**stored | {"asked": Asked(**stored["asked"])})
            written = self._part.stat().st_size
        except FileNotFoundError:
            return Progress(asked)
        if standing.asked != asked:
            raise Problem(f"Another export broke off in {self._part}. --again begins anew and loses it.")
        if written < standing.size:
            raise Problem(f"{self._part} is shorter than it was. --again begins anew.")
        return standing

    def _write(self) -> None:
        """Write the state. Whoever reads it finds the old one or the new one, whole."""
        made = self._state.with_name(f"{self._state.name}.new")
        made.write_text(json.dumps(asdict(self.progress)), encoding="utf-8")
        made.replace(self._state)
