"""The report of an import: every row is in it once, what does not come is kept, and no secret is written."""

import csv
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from infra.old_system import report
from infra.old_system.verdicts import Outcome, Report, Verdict
from infra.problem import Problem

USERS: list[dict[str, Any]] = [
    {"id": 1, "username": "ada", "password_hash": "$2b$secret"},
    {"id": 2, "username": "veli", "password_hash": None},
    {"id": 3, "username": "oya", "password_hash": "$6$secret"},
]
VERDICTS = [
    Verdict("users", 1, Outcome.COMES),
    Verdict("users", 2, Outcome.STAYS, "No name.", "Name them."),
    Verdict("users", 3, Outcome.DOUBTFUL, "No password.", "Hand one out."),
]
JUDGED = Report({"users": USERS, "empty": []}, VERDICTS)


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_row_is_in_the_report_with_what_becomes_of_it(tmp_path: Path) -> None:
    report.write(tmp_path / "a" / "b", JUDGED, "old.db")

    with (tmp_path / "a" / "b" / "rows.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [
            ["table", "row", "outcome", "reason", "way_out"],
            ["users", "1", "comes", "", ""],
            ["users", "2", "stays", "No name.", "Name them."],
            ["users", "3", "doubtful", "No password.", "Hand one out."],
        ]
    summary = (tmp_path / "a" / "b" / "report.md").read_text(encoding="utf-8")
    assert "| users | 3 | 1 | 1 | 1 |\n| empty | 0 | 0 | 0 | 0 |" in summary
    assert "- **users** 2: No name. Name them." in summary


def test_the_same_is_said_once_for_all_rows(tmp_path: Path) -> None:
    odd, many = ([{"id": number} for number in range(1, count + 1)] for count in (2, 21))
    verdicts = [Verdict("odd", row["id"], Outcome.STAYS, "Unknown.") for row in odd]
    verdicts += [Verdict("many", row["id"], Outcome.STAYS, "Unknown.") for row in many]
    report.write(tmp_path, Report({"odd": odd, "many": many}, verdicts), "old.db")

    summary = (tmp_path / "report.md").read_text(encoding="utf-8")
    assert "- **odd** 1, 2: Unknown.\n" in summary
    assert ", 19, 20 and 1 more: Unknown.\n" in summary


def test_what_does_not_come_over_as_it_was_is_kept_as_it_was_without_secrets(tmp_path: Path) -> None:
    report.write(tmp_path, JUDGED, "old.db")

    assert [(each["row_id"], each["outcome"], each["reason"]) for each in lines(tmp_path / "kept.ndjson")] == [
        (3, "doubtful", "No password."),
        (2, "stays", "No name."),
    ]
    assert [each["row"] for each in lines(tmp_path / "kept.ndjson")] == [
        {"id": 3, "username": "oya", "password_hash": report.SECRET},
        {"id": 2, "username": "veli", "password_hash": None},
    ]
    assert not any("$6$" in path.read_text(encoding="utf-8") for path in tmp_path.iterdir())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such rights")
def test_only_its_owner_can_read_the_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    report.write(tmp_path, JUDGED, "old.db")

    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_what_a_rule_kept_out_is_kept_until_the_next_run(tmp_path: Path) -> None:
    report.write(tmp_path, JUDGED, "old.db")
    report.keep_refused(tmp_path, JUDGED, [("users", 1, "Taken.")])

    (kept,) = lines(tmp_path / "refused.ndjson")
    assert kept == {
        "table": "users",
        "row_id": 1,
        "reason": "Taken.",
        "row": {"id": 1, "username": "ada", "password_hash": report.SECRET},
    }
    report.write(tmp_path, JUDGED, "old.db")
    assert not (tmp_path / "refused.ndjson").exists()


def test_nothing_is_kept_where_nothing_was_refused(tmp_path: Path) -> None:
    report.keep_refused(tmp_path, JUDGED, [])

    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "passwords-2.csv").touch()
    report.write(tmp_path, JUDGED, "old.db")
    tmp_path.chmod(0o755)
    (tmp_path / "plant.db").touch()

    with pytest.raises(Problem, match="holds something else than a report"):
        report.write(tmp_path, JUDGED, "old.db")

    assert sys.platform == "win32" or stat.S_IMODE(tmp_path.stat().st_mode) == 0o755


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(Problem, match="Name another folder"):
        report.write(tmp_path / "file" / "folder", JUDGED, "old.db")


@pytest.mark.parametrize(
    "verdicts", [VERDICTS[:2], [*VERDICTS, VERDICTS[0]], [*VERDICTS, Verdict("x", 1, Outcome.STAYS)]]
)
def test_a_report_that_does_not_add_up_is_no_report(verdicts: list[Verdict]) -> None:
    with pytest.raises(Problem, match="does not add up"):
        Report({"users": USERS}, verdicts)
