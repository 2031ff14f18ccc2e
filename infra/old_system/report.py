"""The report of an import: a folder that only its owner can read, written before anything comes over."""

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from infra.old_system.tables import Row
from infra.old_system.verdicts import Outcome, Report, Verdict
from infra.problem import Problem

SUMMARY, ROWS, KEPT, REFUSED = "report.md", "rows.csv", "kept.ndjson", "refused.ndjson"
PASSWORDS = "passwords"
SECRET = "(left out: it is a secret)"  # noqa: S105  what stands in the place of one
_SECRETS = ("password", "hash", "secret", "token")
_MOST_NAMED = 20
_TITLES = {
    Outcome.COMES: "Comes over",
    Outcome.DOUBTFUL: "Doubtful: comes over, but not quite as it was",
    Outcome.STAYS: "Stays: cannot come over",
}
_READ = f"""- `{ROWS}` has every row of every table, once, with what becomes of it, why, and what to do about it.
- `{KEPT}` has the doubtful rows and those that stay, as they were, one in a line. Hashes of passwords are left out.
- `{REFUSED}` has the rows that did not come as is said here, if there were any.
"""


def write(folder: Path, report: Report, source: str) -> None:
    """Write the report into a folder. One of an earlier run is replaced.

    Raises Problem if it cannot be written, or if the folder holds something else.
    """
    if folder.is_dir() and any(not _is_ours(path.name) for path in folder.iterdir()):
        raise Problem(f"{folder} holds something else than a report. Name a new folder with --report.")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        (folder / REFUSED).unlink(missing_ok=True)
        with _opened(folder / ROWS) as file:
            rows = csv.writer(file)
            rows.writerow(["table", "row", "outcome", "reason", "way_out"])
            rows.writerows(
                [each.table, each.row_id, each.outcome, each.reason, each.way_out] for each in report.verdicts
            )
        with _opened(folder / KEPT) as file:
            for outcome in (Outcome.DOUBTFUL, Outcome.STAYS):
                file.writelines(_line(verdict, row) for verdict, row in report.rows(outcome))
        with _opened(folder / SUMMARY) as file:
            file.write(_summary(report, source))
    except OSError as error:
        raise Problem(
            f"The report cannot be written into {folder}: {error.strerror}. Name another folder with --report."
        ) from None


def keep_refused(folder: Path, report: Report, refused: Sequence[tuple[str, int | str, str]]) -> None:
    """Keep the rows that were refused while they were written, as they were, with the reasons."""
    if not refused:
        return
    rows = report.named()
    with _opened(folder / REFUSED) as file:
        for table, row_id, reason in refused:
            file.write(_json(table=table, row_id=row_id, reason=reason, row=without_secrets(rows[table, row_id])))


def without_secrets(row: Row) -> Row:
    """A row without passwords, hashes of passwords and tokens."""
    return {
        column: SECRET if value is not None and any(word in column.lower() for word in _SECRETS) else value
        for column, value in row.items()
    }


def _is_ours(name: str) -> bool:
    """Whether a run writes a file of this name."""
    return name in {SUMMARY, ROWS, KEPT, REFUSED} or name.startswith(PASSWORDS)


def _opened(path: Path) -> TextIO:
    return path.open("w", encoding="utf-8", newline="")


def _line(verdict: Verdict, row: Row) -> str:
    return _json(
        table=verdict.table,
        row_id=verdict.row_id,
        outcome=verdict.outcome,
        reason=verdict.reason,
        row=without_secrets(row),
    )


def _json(**parts: Any) -> str:
    return json.dumps(parts, ensure_ascii=False) + "\n"


def _summary(report: Report, source: str) -> str:
    """The counts of each table, and what is said of its rows."""
    lines = [
        f"# What becomes of {source}",
        "",
        "| table | rows | come over | doubtful | stay |",
        "|---|---|---|---|---|",
    ]
    for table, counts in report.counts.items():
        total = len(report.tables[table])
        lines.append(f"| {table} | {total} | {counts.comes} | {counts.doubtful} | {counts.stays} |")
    lines += ["", *_READ.splitlines()]
    for outcome in reversed(Outcome):
        lines += _remarks(outcome, report)
    return "\n".join(lines) + "\n"


def _remarks(outcome: Outcome, report: Report) -> list[str]:
    """What is said of rows with an outcome, once for all rows of which the same is said."""
    alike: dict[tuple[str, str, str], list[str]] = {}
    for each in report.verdicts:
        if each.outcome is outcome and each.reason:
            alike.setdefault((each.table, each.reason, each.way_out or ""), []).append(str(each.row_id))
    if not alike:
        return []
    told = [
        f"- **{table}** {_named(rows)}: {reason} {way_out}".rstrip() for (table, reason, way_out), rows in alike.items()
    ]
    return ["", f"## {_TITLES[outcome]}", "", *told]


def _named(rows: Sequence[str]) -> str:
    """What rows are called, without those beyond the first ones."""
    more = len(rows) - _MOST_NAMED
    return ", ".join(rows[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
