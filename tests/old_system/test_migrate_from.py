"""`takip.py migrate-from`: a report first, then the people with their passwords, then the plant; and nothing twice."""

import json
from pathlib import Path

import pytest

from infra.cli import moving
from infra.problem import Problem
from tests.floor import Plant
from tests.old_system.asking import REPORT, Verb, asked
from tests.old_system.moving import lasting


def test_a_dry_run_reports_every_row_and_writes_nothing(verb: Verb, everything: str, tmp_path: Path) -> None:
    before = lasting()

    done = verb(*asked(everything, tmp_path / REPORT, "--dry-run"))

    assert done.exit_code == 0, done.output
    assert lasting() == before
    assert {each.name for each in (tmp_path / REPORT).iterdir()} == {"report.md", "rows.csv", "kept.ndjson"}
    rows = (tmp_path / REPORT / "rows.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 1 + 12 + 3 + 40 + 65 + 58 + 14 + 600 + 5 + 4 + 3
    assert "machine_readings" in done.output


def test_all_comes_over_and_a_second_run_changes_nothing_and_loses_no_password(
    verb: Verb, everything: str, tmp_path: Path
) -> None:
    done = verb(*asked(everything, tmp_path / REPORT))
    assert done.exit_code == 0, done.output
    assert "11 people came over" in done.output
    before, passwords = lasting(), (tmp_path / REPORT / "passwords.csv").read_bytes()

    again = verb(*asked(everything, tmp_path / REPORT))

    assert again.exit_code == 0, again.output
    assert lasting() == before
    assert "0 people came over, and 0 commands" in again.output
    assert (tmp_path / REPORT / "passwords.csv").read_bytes() == passwords
    assert not (tmp_path / REPORT / "passwords-2.csv").exists()


def test_a_planner_of_the_old_system_may_import_themselves(verb: Verb, source: str, tmp_path: Path) -> None:
    done = verb(*asked(source, tmp_path / REPORT, by="müdür"))

    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("by", "told"),
    [("nobody", "has the username nobody"), ("veli", "Your role may not do this"), ("eski_hash", "username eski_hash")],
)
def test_who_does_not_plan_cannot_import(verb: Verb, source: str, tmp_path: Path, by: str, told: str) -> None:
    done = verb(*asked(source, tmp_path / REPORT, "--dry-run", by=by))

    assert isinstance(done.exception, Problem)
    assert told in str(done.exception)
    assert not (tmp_path / REPORT / "report.md").exists()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (["--tenant", "nowhere"], "nowhere"),
        (["--planned-timezone", "Istanbul"], "Istanbul is no time zone"),
        (["--planned-timezone", "../etc"], "../etc is no time zone"),
        (["--planned-timezone", "Europe"], "Europe is no time zone"),
    ],
)
def test_what_is_asked_wrongly_is_told(verb: Verb, source: str, tmp_path: Path, more: list[str], told: str) -> None:
    done = verb(*asked(source, tmp_path / REPORT), *more)

    assert isinstance(done.exception, Problem)
    assert told in str(done.exception)


def test_the_zone_of_planned_times_is_never_guessed(verb: Verb, source: str) -> None:
    done = verb(source, "--as", "pelin")

    assert isinstance(done.exception, Problem)
    assert "--planned-timezone Europe/Istanbul" in str(done.exception)


def test_a_stopped_run_says_how_to_go_on(
    verb: Verb, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(_self: moving.Move) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(moving.Move, "bring", stopped)

    done = verb(*asked(source, tmp_path / REPORT))

    assert (done.exit_code, "The same command goes on" in done.output) == (130, True)


def test_what_a_rule_keeps_out_is_kept_and_told(
    verb: Verb, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bring = moving.Move.bring

    def refusing(self: moving.Move) -> None:
        bring(self)
        self.refused.append(("machines", 1, "It was taken."))

    monkeypatch.setattr(moving.Move, "bring", refusing)

    done = verb(*asked(source, tmp_path / REPORT))

    assert done.exit_code == 1
    (kept,) = (
        json.loads(each) for each in (tmp_path / REPORT / "refused.ndjson").read_text(encoding="utf-8").splitlines()
    )
    assert (kept["reason"], kept["row"]["name"]) == ("It was taken.", "Enjeksiyon 1")


def test_a_username_that_a_spreadsheet_would_calculate_is_written_as_a_text(
    verb: Verb, plant: Plant, tmp_path: Path
) -> None:
    dump = tmp_path / "a.sql"
    dump.write_text("COPY users (id, username, password_hash, role) FROM stdin;\n1\t=1+1\t$6$x\tworker\n\\.\n")

    assert verb(*asked(str(dump), tmp_path / REPORT)).exit_code == 0
    assert "\n'=1+1," in (tmp_path / REPORT / "passwords.csv").read_text(encoding="utf-8-sig").replace("\r", "")
    assert plant.planner.get("/auth/users?username=%3D1%2B1").items
