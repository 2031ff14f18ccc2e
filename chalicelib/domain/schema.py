"""The schema of what is stored: the forms that the table holds, those that this release knows, and how one follows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain.errors import Conflict, Unavailable
from chalicelib.domain.sentences import say

WRITTEN = 2
"""The schema in which this release writes."""
OLDEST_READ = 1
"""The oldest schema that this release reads."""
MOST_RUNS = 50

Direction = Literal["up", "down"]
Values = Mapping[str, Any]
"""An item: its keys, kind, schema, revision and data, as plain values."""


class UnknownSchema(Unavailable):
    """The table holds items in a form that this release does not know."""

    code = "ERR_SCHEMA_UNKNOWN"
    title = "The table has a schema that this release does not know"


class OtherMigrationRuns(Conflict):
    """A migration that was begun must end before another begins."""

    code = "ERR_SCHEMA_MIGRATION_RUNS"
    title = "Another migration was begun"


@dataclass(frozen=True)
class Migration:
    """From schema `number - 1` to `number` and back, for items of these kinds. The keys of an item stay.

    `down` of `up` is an item that the older release reads as it read the first one.
    """

    number: int
    name: str
    kinds: frozenset[str]
    up: Callable[[Values], Values]
    down: Callable[[Values], Values]

    def moved(self, item: Values, direction: Direction) -> Values | None:
        """The item in the schema to which this leads; None if it has that already, or is of another kind.

        Raises ValueError if its keys or its kind would be others.
        """
        before, after = (self.number - 1, self.number) if direction == "up" else (self.number, self.number - 1)
        if item["kind"] not in self.kinds or item["schema"] != before:
            return None
        changed = {**(self.up if direction == "up" else self.down)(item), "schema": after}
        for name in ("PK", "SK", "kind"):
            if changed[name] != item[name]:
                raise ValueError(f"Migration {self.number} changes {name}.")
        return changed


@dataclass(frozen=True)
class Run:
    """A migration that was begun: by whom, how many items it looked at, wrote, and had to leave to the next pass.

    `places` is where it is in each segment of the table; a segment that is not in it has ended.
    """

    number: int
    name: str
    direction: Direction
    by: str
    began: datetime
    places: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    seen: int = 0
    written: int = 0
    left: int = 0
    ended: datetime | None = None


@dataclass(frozen=True)
class TableSchema:
    """The forms that the table holds, from the oldest to the newest, what runs, and what has run (the newest last)."""

    lowest: int = 1
    highest: int = 1
    run: Run | None = None
    history: tuple[Run, ...] = ()
    revision: int = 0

    def is_known(self, oldest: int = OLDEST_READ, newest: int = WRITTEN) -> bool:
        """Whether a release that reads these schemas can read everything in the table."""
        return oldest <= self.lowest and self.highest <= newest

    def refuse_unknown(self) -> None:
        """Raise UnknownSchema if this release cannot read everything in the table."""
        if not self.is_known():
            raise UnknownSchema(
                say(
                    "The table holds schemas {lowest} to {highest}; this release knows {oldest} to {newest}. "
                    "Run takip.py migrate with the release that knows both.",
                    lowest=self.lowest,
                    highest=self.highest,
                    oldest=OLDEST_READ,
                    newest=WRITTEN,
                )
            )


def begun(state: TableSchema, migration: Migration, direction: Direction, by: str, now: datetime) -> TableSchema:
    """The state while a migration runs. One that was interrupted goes on where it was.

    Raises OtherMigrationRuns if another one was begun and has not ended.
    """
    standing = state.run
    if standing and (standing.number, standing.direction) != (migration.number, direction):
        raise OtherMigrationRuns(
            say(
                "Migration {number} ({direction}) was begun and has not ended. Run it to its end first.",
                number=standing.number,
                direction=standing.direction,
            )
        )
    run = standing or Run(migration.number, migration.name, direction, by, now)
    lowest = min(state.lowest, migration.number - 1)
    return replace(state, lowest=lowest, highest=max(state.highest, migration.number), run=run)


def ended(state: TableSchema, run: Run, now: datetime) -> TableSchema:
    """The state when a run has seen the whole table."""
    reached = run.number if run.direction == "up" else run.number - 1
    history = (*state.history, replace(run, places={}, ended=now))[-MOST_RUNS:]
    return replace(state, lowest=reached, highest=reached, run=None, history=history)
