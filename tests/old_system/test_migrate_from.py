"""`takip.py migrate-from`: a report first, then the people with their passwords, then the plant; and nothing twice."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import old_ids
from chalicelib.storage.people import users
from infra.aws import Aws
from infra.cli import commands, migrate_from, moving
from infra.cli.console import console
from infra.problem import Problem
from tests.administering import in_this_process
from tests.floor import Plant
from tests.old_system.moving import expected, lasting, one_by_one
from tests.real_machines import folder

Verb = Callable[..., Result]
REPORT = "report"
THERE = "veli"  # he works in the plant of the tests already

__all__ = ["one_by_one"]


@pytest.fixture
def verb(plant: Plant, one_by_one: None, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """The verb, which asks in this process, on the table of the tests."""
    in_this_process(monkeypatch)
    monkeypatch.setattr(migrate_from, "aws_of", lambda _stage: Aws("eu-central-1"))
    monkeypatch.setattr(console, "_width", 200)
    return lambda *arguments: CliRunner().invoke(commands.takip, ["migrate-from", *arguments])


@pytest.fixture
def everything() -> str:
    """All that the old system holds."""
    return str(folder("old_system") / "latest.db")


@pytest.fixture
def source(everything: str, tmp_path: Path) -> str:
    """Its people and machines."""
    path = tmp_path / "people.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("ATTACH ? AS whole", (everything,))
        for table in ("users", "machines"):
            database.execute(f"CREATE TABLE {table} AS SELECT * FROM whole.{table}")  # noqa: S608  names of ours
        database.commit()
    return str(path)


def asked(source: str, to: Path, *more: str, by: str = "pelin") -> list[str]:
    return [source, "--as", by, "--planned-timezone", "Europe/Istanbul", "--report", str(to), *more]


def test_a_dry_run_reports_every_row_and_writes_nothing(verb: Verb, everything: str, tmp_path: Path) -> None:
    before = lasting()

    done = verb(*asked(everything, tmp_path / REPORT, "--dry-run"))

    assert done.exit_code == 0, done.output
    assert lasting() == before
    assert {each.name for each in (tmp_path / REPORT).iterdir()} == {"report.md", "rows.csv", "kept.ndjson"}
    rows = (tmp_path / REPORT / "rows.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 1 + 1 + 12 + 3 + 40 + 65 + 58 + 14 + 600 + 5 + 4 + 3
    assert "machine_readings" in done.output


def test_everybody_signs_in_with_the_password_that_they_had(
    verb: Verb, plant: Plant, source: str, tmp_path: Path
) -> None:
    done = verb(*asked(source, tmp_path / REPORT))
    assert done.exit_code == 0, done.output

    for username, known in expected()["users"].items():
        if known["kind"] == "sha512" or username == THERE:
            continue
        reply = plant.stranger.post("/auth/login", {"username": username, "password": known["password"]})
        assert (reply.status, reply.data["user"]["role"]) == (200, known["role"]), username
        wrong = plant.stranger.post("/auth/login", {"username": username, "password": known["password"][1:]})
        assert wrong.status == 401
        again = plant.stranger.post("/auth/login", {"username": username, "password": known["password"]})
        assert again.status == 200


def test_whose_password_cannot_be_checked_gets_another_in_a_file_only(
    verb: Verb, plant: Plant, source: str, tmp_path: Path
) -> None:
    done = verb(*asked(source, tmp_path / REPORT))

    header, row = (tmp_path / REPORT / "passwords.csv").read_text(encoding="utf-8-sig").splitlines()
    name, password = row.split(",")
    assert (header, name) == ("username,one_time_password", "eski_hash")
    assert password not in done.output
    sign_in = {"username": name, "password": password}
    assert plant.stranger.post("/auth/login", sign_in).error["code"] == "ERR_AUTH_INACTIVE"
    user_id = old_ids.id_of(DEFAULT_TENANT, "user", 10)
    plant.admin.patch(f"/auth/users/{user_id}", {"active": True})
    assert plant.stranger.post("/auth/login", sign_in).data["user"]["must_change_password"] is True


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


def test_somebody_of_the_same_name_stays_as_they_are_and_that_is_told(
    verb: Verb, plant: Plant, source: str, tmp_path: Path
) -> None:
    plant.admin.post("/auth/register", {"username": "MEHMET", "password": "a long password", "role": "planner"})

    done = verb(*asked(source, tmp_path / REPORT, by="mehmet"))

    assert done.exit_code == 0, done.output
    login = users.find_login(DEFAULT_TENANT, "mehmet")
    assert login is not None
    assert (login.user.username, login.user.role.value) == ("MEHMET", "planner")
    assert old_ids.id_of(DEFAULT_TENANT, "user", 7) == login.user.id
    assert f"7, 9: {moving.IN_TAKIP}" in (tmp_path / REPORT / "report.md").read_text(encoding="utf-8")


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


def test_an_interrupted_run_keeps_the_number_of_whom_it_registered(
    verb: Verb, source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registered = old_ids.registered

    def crash(*_: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(old_ids, "registered", crash)
        assert isinstance(verb(*asked(source, tmp_path / REPORT)).exception, RuntimeError)
    assert old_ids.registered is registered

    assert verb(*asked(source, tmp_path / REPORT)).exit_code == 0

    login = users.find_login(DEFAULT_TENANT, "yonetici")
    assert login is not None
    assert old_ids.id_of(DEFAULT_TENANT, "user", 1) == login.user.id


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
