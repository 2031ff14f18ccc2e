"""Registering the people of a file: every line is reported, and no password is lost or shown."""

import stat
import sys
from pathlib import Path

import pytest

from infra.problem import Problem
from tests.infra.enrolling import Enrolling, Import

HEADER = "username,full_name,email,role\n"


def passwords(folder: Path) -> str:
    return (folder / "people.passwords.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "content",
    [
        HEADER + "veli,Veli Çelik,veli@example.com,planner\n",
        "\ufeff" + HEADER + "veli,Veli Çelik,veli@example.com,planner",
        HEADER.replace(",", ";") + "veli;Veli Çelik;veli@example.com;Planner\r\n;;;\r\n",
        'Role , EMAIL,Full_Name,username\r\nplanner,veli@example.com,"Veli Çelik", veli \r\n\r\n',
    ],
    ids=["comma", "mark", "semicolon", "spreadsheet"],
)
def test_a_file_may_be_written_as_spreadsheets_write_them(import_: Import, takip: Enrolling, content: str) -> None:
    done = import_(content, "--tenant", "acme")

    veli = {"username": "veli", "full_name": "Veli Çelik", "email": "veli@example.com", "role": "planner"}
    assert takip.given == {"tenant": "acme", "dry_run": False, "people": [veli]}
    assert (done.exit_code, "1 enrolled, 0 already there, 0 refused" in done.output) == (0, True)


def test_what_is_left_out_is_nothing_and_the_role_is_worker(import_: Import, takip: Enrolling) -> None:
    import_("username;role\nveli;\noya\n")

    assert [person["role"] for person in takip.given["people"]] == ["worker", "worker"]
    assert all(person["email"] is person["full_name"] is None for person in takip.given["people"])


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("username,shift\nveli,1\n", "“shift” is not one.\nColumns: username, full_name, email, role;"),
        ("full_name,email\nVeli,v@example.com\n", "“username” is missing"),
        ("username,username\nveli,oya\n", "“username” is there twice"),
        ("veli,oya\n", "“veli” is not one; “oya” is not one; “username” is missing"),
        ("", "“username” is missing"),
        ('username\n"veli\n', "line 2: unexpected end of data"),
        ("username\nÇelik\n".encode() + b"\xde\n", "is not in UTF-8, nor in Windows-1254"),
        (b"username\n\x81\xde\n", "is not in UTF-8, nor in Windows-1254"),
        ("username\nveli\n".encode("utf-16"), "is not in UTF-8"),
    ],
)
def test_a_file_of_something_else_is_refused_as_a_whole(
    import_: Import, takip: Enrolling, content: str | bytes, problem: str
) -> None:
    done = import_(content)

    assert isinstance(done.exception, Problem)
    assert problem in str(done.exception)
    assert not takip.given


def test_every_line_that_is_wrong_is_told_with_all_that_is_wrong(import_: Import, takip: Enrolling) -> None:
    takip.refused["can"] = ["full_name: too long", "and something else"]
    lines = 'veli,"Veli\nÇelik",,', "VELI,,x,boss", ",Nobody,,", "", "can,,,", "oya,,,worker,too,many", "ali,,,"

    done = import_(HEADER + "\n".join(lines))

    assert [person["username"] for person in takip.given["people"]] == ["veli", "can", "ali"]
    told = [[cell.strip() for cell in row.split("│")[1:-1]] for row in done.output.splitlines() if "│" in row]
    assert [(line, name, what.partition(" must")[0]) for line, name, what in told] == [
        ("4", "VELI", "username: is on line 2 already"),
        ("", "", "email:"),
        ("", "", "role:"),
        ("5", "", "username:"),
        ("7", "can", "full_name: too long"),
        ("", "", "and something else"),
        ("8", "oya", "has 6 fields, and the first line 4"),
    ]
    assert "2 enrolled, 0 already there, 4 refused" in done.output
    assert done.exit_code == 1


def test_passwords_are_written_for_their_owner_only_and_never_shown(
    import_: Import, takip: Enrolling, tmp_path: Path
) -> None:
    takip.there = {"oya"}
    done = import_("username;role\nveli;\noya;\nali;\n")

    assert passwords(tmp_path) == "username;one_time_password\nveli;secret-of-veli\nali;secret-of-ali\n"
    assert "people.passwords.csv" in done.output
    assert "secret-of" not in done.output
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "people.passwords.csv").stat().st_mode) == 0o600


def test_a_spreadsheets_mark_comes_back_with_the_passwords(import_: Import, tmp_path: Path) -> None:
    import_("\ufeffusername\nçağdaş\n")

    assert passwords(tmp_path).startswith("\ufeffusername,")


def test_passwords_that_somebody_may_still_need_are_not_overwritten(
    import_: Import, takip: Enrolling, tmp_path: Path
) -> None:
    import_("username\nveli\n")
    takip.given = {}

    again = import_("username\nveli\noya\n")
    assert "--passwords" in str(again.exception)
    assert not takip.given
    assert import_("username\noya\n", "--passwords", str(tmp_path / "other.csv")).exit_code == 0
    assert "oya" in (tmp_path / "other.csv").read_text()
    assert "oya" not in passwords(tmp_path)
    nowhere = import_("username\noya\n", "--passwords", str(tmp_path / "no" / "where.csv"))
    assert "cannot be written" in str(nowhere.exception)


def test_the_same_file_may_come_again(import_: Import, takip: Enrolling, tmp_path: Path) -> None:
    takip.there = {"veli"}

    done = import_("username\nveli\n")

    assert (done.exit_code, "0 enrolled, 1 already there, 0 refused" in done.output) == (0, True)
    assert not (tmp_path / "people.passwords.csv").exists()


def test_what_was_done_before_an_interruption_is_kept_and_told(
    import_: Import, takip: Enrolling, tmp_path: Path
) -> None:
    takip.interrupted_after = 2

    done = import_("username\nveli\noya\nali\n")

    assert done.exit_code == 130
    assert "2 enrolled" in done.output
    assert passwords(tmp_path).count("secret-of") == 2


def test_a_dry_run_leaves_nothing_behind(import_: Import, takip: Enrolling, tmp_path: Path) -> None:
    done = import_("username\nveli\n", "--dry-run")

    assert takip.given["dry_run"] is True
    assert "1 could be enrolled" in done.output
    assert [path.name for path in tmp_path.iterdir()] == ["people.csv"]
