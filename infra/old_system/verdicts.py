"""What becomes of each row of the old system: it comes over, it is doubtful, or it stays."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from infra.old_system.tables import Row, Tables, identified
from infra.problem import Problem


class Outcome(StrEnum):
    """What becomes of a row. A doubtful one comes over, but not quite as it was."""

    COMES = "comes"
    DOUBTFUL = "doubtful"
    STAYS = "stays"


@dataclass(frozen=True)
class Verdict:
    """What becomes of a row, by its table and what `identified` calls it.

    Of what does not come over as it was, `reason` says why, and `way_out` what somebody can do about it.
    """

    table: str
    row_id: int | str
    outcome: Outcome
    reason: str | None = None
    way_out: str | None = None


@dataclass(frozen=True)
class Counts:
    """How many rows of a table come over, are doubtful and stay."""

    comes: int
    doubtful: int
    stays: int


@dataclass(frozen=True)
class Report:
    """The verdicts on all rows of all tables. Raises Problem unless every row has exactly one."""

    tables: Tables
    verdicts: Sequence[Verdict]

    def __post_init__(self) -> None:
        there = Counter((table, row_id) for table, rows in self.tables.items() for row_id, _ in identified(rows))
        judged = Counter((verdict.table, verdict.row_id) for verdict in self.verdicts)
        if there != judged:
            table, row_id = next(iter((there - judged) + (judged - there)))
            raise Problem(
                f"The report does not add up: {len(self.verdicts)} verdicts on {there.total()} rows."
                f" {table} {row_id} has {judged[table, row_id]} where it should have {there[table, row_id]}."
                " Nothing was written. This is a mistake in Takip: please report it."
            )

    @property
    def counts(self) -> Mapping[str, Counts]:
        """The counts of each table. Those of a table add up to its rows."""
        found = Counter((verdict.table, verdict.outcome) for verdict in self.verdicts)
        return {table: Counts(*(found[table, outcome] for outcome in Outcome)) for table in self.tables}

    def rows(self, outcome: Outcome) -> Sequence[tuple[Verdict, Row]]:
        """The rows with this outcome, each with its verdict, in the order of the tables."""
        by_row = {(verdict.table, verdict.row_id): verdict for verdict in self.verdicts}
        return [(by_row[at], row) for at, row in self.named().items() if by_row[at].outcome is outcome]

    def named(self) -> Mapping[tuple[str, int | str], Row]:
        """All rows, each by its table and what `identified` calls it, in the order of the tables."""
        return {(table, row_id): row for table, rows in self.tables.items() for row_id, row in identified(rows)}
