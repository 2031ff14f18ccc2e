"""Remarks on rows while they are judged, from which each row gets its one verdict."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from infra.old_system.tables import Row, Tables, identified
from infra.old_system.verdicts import Outcome, Verdict

NO_ID = "It has no number of its own as its id."
GIVE_ID = "Give it one in the old system."
LOOK = "Look at it in Takip."
_LONGEST = 300
_NOT_TOLD = ("id", "created_at", "updated_at")
_WORST = (Outcome.COMES, Outcome.DOUBTFUL, Outcome.STAYS)


class Remark(NamedTuple):
    """What is said of a row: what becomes of it, why, and what somebody can do about it."""

    outcome: Outcome
    reason: str
    way_out: str | None = None


def comes(reason: str, way_out: str | None = None) -> Remark:
    """The row comes over as it was; this is good to know."""
    return Remark(Outcome.COMES, reason, way_out)


def doubtful(reason: str, way_out: str | None = None) -> Remark:
    """The row comes over, but not quite as it was."""
    return Remark(Outcome.DOUBTFUL, reason, way_out)


def stays(reason: str, way_out: str | None = None) -> Remark:
    """The row cannot come over."""
    return Remark(Outcome.STAYS, reason, way_out)


def lost(row: Row, **kept: object) -> list[Remark]:
    """What is said of the columns that hold something of which Takip keeps nothing."""
    names = [column for column, value in kept.items() if value is None and holds(row, column)]
    return [doubtful(f"Takip cannot keep its {', '.join(names)}.", LOOK)] if names else []


def beyond(columns: Collection[str], row: Row) -> list[Remark]:
    """What is said of columns that Takip does not know, where they hold something."""
    names = [column for column in row if column not in columns and column not in _NOT_TOLD and holds(row, column)]
    return [doubtful(f"Takip does not know its {', '.join(names)}.", "They are in kept.ndjson.")] if names else []


def holds(row: Row, column: str) -> bool:
    """Whether a column holds more than blanks."""
    value = row.get(column)
    return value is not None and bool(str(value).strip())


def _tidied(remark: Remark) -> Remark:
    """The remark on one line and not too long, whatever the old system holds."""
    reason = " ".join("".join(sign if sign.isprintable() else " " for sign in remark.reason).split())
    return remark._replace(reason=reason if len(reason) <= _LONGEST else f"{reason[:_LONGEST]}…")


class Remarks:
    """The remarks on the rows of all tables."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._of: dict[tuple[str, int | str], list[Remark]] = {}

    def add(self, table: str, row_id: int | str, *remarks: Remark) -> None:
        """Say something of a row."""
        self._of.setdefault((table, row_id), []).extend(map(_tidied, remarks))

    def stays(self, table: str, row_id: int | str) -> bool:
        """Whether a row cannot come over."""
        return any(each.outcome is Outcome.STAYS for each in self._of.get((table, row_id), ()))

    def rows(self, table: str) -> Iterator[tuple[int, Row]]:
        """The rows of a table that have a number as their id, by it. Of the others it is said that they stay."""
        numbered: list[tuple[int, Row]] = []
        for row_id, row in identified(self._tables.get(table, ())):
            if isinstance(row_id, int) and row_id > 0:
                numbered.append((row_id, row))
            else:
                self.add(table, row_id, stays(NO_ID, GIVE_ID))
        yield from sorted(numbered, key=lambda each: each[0])

    def verdicts(self, names: Iterable[str]) -> list[Verdict]:
        """The verdicts on all rows of these tables, in their order. Of what nothing was said, it comes."""
        return [
            _verdict(name, row_id, self._of.get((name, row_id), ()))
            for name in names
            for row_id, _ in identified(self._tables.get(name, ()))
        ]


def _verdict(table: str, row_id: int | str, remarks: Sequence[Remark]) -> Verdict:
    """The worst of the remarks, with the reasons of all."""
    outcome = max((each.outcome for each in remarks), key=_WORST.index, default=Outcome.COMES)
    said = [each for each in remarks if each.outcome is outcome or outcome is not Outcome.STAYS]
    reasons = list(dict.fromkeys(each.reason for each in said))
    ways_out = list(dict.fromkeys(each.way_out for each in said if each.way_out))
    return Verdict(table, row_id, outcome, " ".join(reasons) or None, " ".join(ways_out) or None)


def by(column: str, rows: Iterable[tuple[int, Row]]) -> Mapping[object, list[tuple[int, Row]]]:
    """Rows by the value of a column."""
    found: dict[object, list[tuple[int, Row]]] = {}
    for row_id, row in rows:
        found.setdefault(row.get(column), []).append((row_id, row))
    return found
