"""The readings that wait on disk until Takip has them: one SQLite file, which outlives a crash and a power cut."""

import logging
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from .readings import Reading

log = logging.getLogger(__name__)

SECONDS_BETWEEN_WARNINGS = 60
_OPENING = """
PRAGMA locking_mode = EXCLUSIVE;         -- a second gateway on the same file is refused
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;               -- what is kept is on the disk, not in its cache
PRAGMA journal_size_limit = 10000000;
CREATE TABLE IF NOT EXISTS reading (
    id INTEGER PRIMARY KEY AUTOINCREMENT, machine TEXT NOT NULL, received REAL NOT NULL, part TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS reading_of_machine ON reading (machine);  -- and by id, which SQLite adds
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class StoreFull(Exception):
    """The store has its full size, or the disk has no room. Nothing of what was to be kept is kept."""


@dataclass(frozen=True)
class Batch:
    """The oldest readings of a machine: their JSON, the id of the last, and when the first was received."""

    machine: str
    parts: list[str]
    last_id: int
    received: float


class Store:
    """Readings on disk. Its methods may be called by several threads."""

    def __init__(self, path: Path, megabytes: int, seconds_to_open: float = 5) -> None:
        self._lock = Lock()
        self._refused = 0
        self._warned = float("-inf")
        self._file = sqlite3.connect(path, timeout=seconds_to_open, check_same_thread=False, isolation_level=None)
        try:
            self._file.executescript(_OPENING)
        except sqlite3.Error:
            self._file.close()
            raise
        (page_bytes,) = self._file.execute("PRAGMA page_size").fetchone()
        self._file.execute(f"PRAGMA max_page_count = {megabytes * 1_000_000 // page_bytes}")

    def add(self, readings: Sequence[Reading]) -> None:
        """Keep readings: all of them, or none. Raises StoreFull, and says so in the log."""
        rows = [(each.machine, each.received_at.timestamp(), each.as_sent()) for each in readings]
        with self._lock:
            try:
                self._insert(rows)
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                    raise
                self._refuse(len(rows))
                raise StoreFull("the store is full") from None
            if self._refused and self._may_warn():
                log.warning("The store has room again. Readings refused meanwhile: %s.", self._refused)
                self._refused = 0

    def oldest(self, most: int) -> Batch | None:
        """Up to so many readings of the machine whose reading waits longest; None if nothing waits."""
        with self._lock:
            first = self._file.execute("SELECT machine FROM reading ORDER BY id LIMIT 1").fetchone()
            if first is None:
                return None
            found = self._file.execute(
                "SELECT id, received, part FROM reading WHERE machine = ? ORDER BY id LIMIT ?", (*first, most)
            ).fetchall()
        ids, received, parts = zip(*found, strict=True)
        return Batch(first[0], list(parts), ids[-1], received[0])

    def remove(self, batch: Batch) -> None:
        """Delete the readings of a batch, which Takip has."""
        with self._lock:
            self._file.execute("DELETE FROM reading WHERE machine = ? AND id <= ?", (batch.machine, batch.last_id))

    def mark(self, name: str) -> str | None:
        """What was last noted under a name."""
        with self._lock:
            found = self._file.execute("SELECT value FROM mark WHERE name = ?", (name,)).fetchone()
        return found and str(found[0])

    def set_marks(self, values: Mapping[str, str]) -> None:
        """Note values under names. A smaller value does not replace a larger one."""
        with self._lock:
            self._file.executemany(
                "INSERT INTO mark VALUES (?, ?) ON CONFLICT DO UPDATE SET value = max(value, excluded.value)",
                values.items(),
            )

    def waiting(self) -> int:
        """How many readings wait."""
        with self._lock:
            (count,) = self._file.execute("SELECT count(*) FROM reading").fetchone()
        return int(count)

    def close(self) -> None:
        """Close the file. It need not be closed before the program ends."""
        self._file.close()

    def _insert(self, rows: Sequence[tuple[str, float, str]]) -> None:
        self._file.execute("BEGIN IMMEDIATE")
        try:
            self._file.executemany("INSERT INTO reading (machine, received, part) VALUES (?, ?, ?)", rows)
            self._file.execute("COMMIT")
        except sqlite3.Error:
            with suppress(sqlite3.Error):  # SQLite may have taken the transaction back already
                self._file.execute("ROLLBACK")
            raise

    def _refuse(self, count: int) -> None:
        self._refused += count
        if self._may_warn():
            log.error(
                "THE STORE IS FULL: new readings are refused until older ones are sent; so far: %s. Older readings are "
                "kept. Make store_megabytes larger, or find out why nothing is sent.",
                self._refused,
            )

    def _may_warn(self) -> bool:
        """Whether the last warning is a minute old. A store at its limit may be full and have room in turns."""
        may = time.monotonic() - self._warned >= SECONDS_BETWEEN_WARNINGS
        self._warned = time.monotonic() if may else self._warned
        return may
