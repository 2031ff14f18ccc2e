"""The move of an old system: judging its rows, carrying people over, and bringing the plant after them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import chain, count
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from rich.markup import escape
from rich.table import Table

from chalicelib import clock
from chalicelib.domain.people.credentials import GIVEN_PASSWORD_LASTS
from infra.administration import ask
from infra.aws import Aws
from infra.cli import tables as files
from infra.cli.console import console, line
from infra.cli.people_file import is_formula, passwords_file
from infra.cli.progress import ShownProgress
from infra.old_system import people, report
from infra.old_system.judging import judged
from infra.old_system.people import RENAME, USERS, OldPerson
from infra.old_system.tables import Tables
from infra.old_system.verdicts import Outcome, Report, Verdict

IN_TAKIP = "Somebody of this name is in Takip already, and stays as they are there."
SURE = "If that is somebody else, give one of the two another username, and import again."
_FORMAT = files.Table([], ",", "utf-8-sig")  # a spreadsheet takes a file with this mark for UTF-8


@dataclass
class Move:
    """An old system that comes into a tenant, in the name of the planner whose username is `by`.

    It counts what was done: people who came over, newer passwords of those who came before, commands, and rows that a
    rule kept out.
    """

    aws: Aws
    stage: str
    tenant: str
    by: str
    zone: ZoneInfo
    tables: Tables
    people: int = 0
    passwords: int = 0
    commands: int = 0
    refused: list[tuple[str, int | str, str]] = field(default_factory=list)

    def judged(self) -> Report:
        """The verdict on every row. Of people, Takip says what it would do with them. Nothing is written.

        Raises Problem if there is no such tenant, or nobody who plans has the username.
        """
        found, coming = people.judged(self.tables)
        said = self._carried(coming, dry_run=True)
        answers: dict[int | str, dict[str, Any]] = {person.number: answer for person, answer in said}
        told = [_as_takip_says(verdict, answers.get(verdict.row_id)) for verdict in found]
        return Report(self.tables, [*told, *judged(self.tables, self.zone, clock.now()).verdicts])

    def carry_people(self, folder: Path) -> None:
        """Register the people who are not in Takip yet. One-time passwords go into a new file of the folder."""
        _, coming = people.judged(self.tables)
        path = next(path for path in _names(folder) if not path.exists())
        with passwords_file(path, _FORMAT) as keep, ShownProgress() as progress:
            progress.begin("People", len(coming))
            for person, answer in self._carried(coming, dry_run=False):
                if password := answer.get("one_time_password"):
                    keep(f"'{person.username}" if is_formula(person.username) else person.username, password)
                self.people += answer["outcome"] == "carried over"
                self.passwords += answer.get("changed", False)
                self.refused += [(USERS, person.number, reason) for reason in answer.get("reasons", ())]
                progress.advance()
        if path.exists():
            days = GIVEN_PASSWORD_LASTS.days
            line(f"One-time passwords are in {path}, good for {days} days. Activate whoever you give one to.")

    def bring(self) -> None:
        """Bring machines, products, orders and readings."""
        given = {
            "tenant": self.tenant,
            "by": self.by,
            "planned_timezone": self.zone.key,
            "tables": {name: list(map(report.without_secrets, rows)) for name, rows in self.tables.items()},
        }
        with ShownProgress() as progress:
            for told in ask(self.aws, self.stage, "bring old system", given):
                if "part" in told:
                    progress.begin(told["part"], told["total"])
                    continue
                progress.advance(told["done"])
                self.commands += told["commands"]
                self.refused += [(table, row_id, reason) for table, row_id, reason in told["refused"]]

    def _carried(self, coming: Sequence[OldPerson], *, dry_run: bool) -> Iterator[tuple[OldPerson, dict[str, Any]]]:
        given = {"tenant": self.tenant, "by": self.by, "people": list(map(asdict, coming)), "dry_run": dry_run}
        return zip(coming, ask(self.aws, self.stage, "carry old people", given), strict=True)


def show(judged: Report) -> None:
    """Print how many rows of each table come over, are doubtful and stay."""
    table = Table("Table", *(outcome.capitalize() for outcome in Outcome), "Rows")
    for name, counts in judged.counts.items():
        table.add_row(
            escape(name),
            f"{counts.comes:,}",
            f"{counts.doubtful:,}",
            f"{counts.stays:,}",
            f"{len(judged.tables[name]):,}",
        )
    console.print(table)


def _names(folder: Path) -> Iterator[Path]:
    """Names for a file of passwords: one of an earlier run may hold some that somebody still needs."""
    return (folder / f"{report.PASSWORDS}{suffix}.csv" for suffix in chain([""], (f"-{number}" for number in count(2))))


def _as_takip_says(verdict: Verdict, answer: Mapping[str, Any] | None) -> Verdict:
    """The verdict on a person, with what Takip says of them."""
    match answer:
        case {"outcome": "already there"}:
            reasons, ways_out = _joined(verdict.reason, IN_TAKIP), _joined(verdict.way_out, SURE)
            return replace(verdict, outcome=Outcome.DOUBTFUL, reason=reasons, way_out=ways_out)
        case {"outcome": "refused", "reasons": reasons}:
            return replace(verdict, outcome=Outcome.STAYS, reason="; ".join(reasons), way_out=RENAME)
        case _:
            return verdict


def _joined(*sentences: str | None) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
