"""`takip.py migrate-from` brings people with their passwords, each once."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import bcrypt
import pytest

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import old_ids
from chalicelib.storage.people import users
from infra.cli import moving
from tests.floor import Plant
from tests.old_system.asking import REPORT, Verb, asked
from tests.old_system.moving import expected, lasting

THERE = "veli"  # he works in the plant of the tests already


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


def test_a_password_that_was_changed_in_the_old_system_since_comes_over(
    verb: Verb, plant: Plant, source: str, tmp_path: Path
) -> None:
    assert verb(*asked(source, tmp_path / REPORT)).exit_code == 0
    with closing(sqlite3.connect(source)) as database:
        newer = bcrypt.hashpw(b"mehmet-new", bcrypt.gensalt(4)).decode()
        database.execute("UPDATE users SET password_hash = ? WHERE username = 'mehmet'", (newer,))
        database.commit()
    before = lasting()
    assert verb(*asked(source, tmp_path / REPORT, "--dry-run")).exit_code == 0
    assert lasting() == before

    done = verb(*asked(source, tmp_path / REPORT))

    assert "1 people changed their password" in done.output
    assert plant.stranger.post("/auth/login", {"username": "mehmet", "password": "mehmet-new"}).status == 200


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
