"""Reads an export page by page into its file."""

from typing import Protocol

from infra.exporting.asked import Asked
from infra.exporting.file import ExportFile
from infra.problem import Problem
from infra.replay.api import Api, Refused

BAD_CURSOR = "ERR_REQUEST_BAD_CURSOR"


class Progress(Protocol):
    """Receives the progress of an export."""

    def begin(self, what: str, total: int | None) -> None:
        """Start to count. Nobody knows the total before the end."""

    def advance(self, steps: int) -> None:
        """Count so many more."""


def export(api: Api, asked: Asked, file: ExportFile, progress: Progress) -> int:
    """Read what is not in the file yet. Returns how many rows the file has. Raises Problem."""
    progress.begin("Rows", None)
    progress.advance(file.progress.rows)
    while True:
        before = file.progress
        try:
            page, cursor = api.rows(asked.path, asked.media_type, asked.parameters(before.cursor))
        except Refused as refusal:
            if refusal.code == BAD_CURSOR:
                raise Problem(
                    f"Takip does not know any more how far the export was. --again begins anew.\n{refusal}"
                ) from refusal
            raise
        rows = asked.rows_in(page, first=before.pages == 0)
        file.add(page, rows, cursor)
        progress.advance(rows)
        if cursor is None:
            return file.progress.rows
