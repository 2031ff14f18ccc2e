"""Enrolling the people of a file: every line is told of, and no password is ever lost or shown."""

import stat
import sys
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from infra.aws import Aws
from infra.cli import admin, commands
from infra.cli.console import console
from infra.problem import Problem

HEADER = "username,full_name,email,role\n"
Import = Callable[..., Result]


class Enrolling:
    """Takip's side of it: enrols everybody but those it is told to refuse or to know already."""

    def __init__(self) -> None:
        self.given: dict[str, Any] = {}
        self.refused: dict[str, list[str]] = {}
        self.there: set[str] = set()
        self.interrupted_after = sys.maxsize

    def __call__(self, _aws: Aws, _stage: str, verb: str, given: dict[str, Any]) -> Iterator[dict[str, Any]]:
        assert verb == "enrol people"
        self.given = given
        for number, person in enumerate(given["people"]):
            if number == self.interrupted_after:
                raise KeyboardInterrupt
            name = person["username"]
            if name in self.refused:
                yield {"outcome": "refused", "reasons": self.refused[name]}
            elif name in self.there:
                yield {"outcome": "already there"}
            else:
                yield {"outcome": "enrolled", "one_time_password": f"secret-of-{name}"}


@pytest.fixture
def takip(monkeypatch: pytest.MonkeyPatch) -> Enrolling:
    enrolling = Enrolling()
    monkeypatch.setattr(console, "_width", 200)  # so that a line of a table is one here too
    monkeypatch.setattr(admin, "ask", enrolling)
    monkeypatch.setattr(admin, "aws_of", lambda _stage: Aws("eu-central-1"))
    return enrolling


@pytest.fixture
def import_(takip: Enrolling, tmp_path: Path) -> Import:
    """`takip.py admin import-users` of a file that holds this."""

    def run(content: str | bytes, *options: str) -> Result:
        path = tmp_path / "people.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(commands.takip, ["admin", "import-users", str(path), *options])

    return run


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


TURKISH = "Kullanıcı Adı;Ad Soyad;E-posta;Rol\nışık;Işık Şahin;isik@example.com;{}\n"
ISIK = {"username": "ışık", "full_name": "Işık Şahin", "email": "isik@example.com", "role": "planner"}


@pytest.mark.parametrize(
    "content",
    [
        TURKISH,
        TURKISH.encode("cp1254"),
        TURKISH.replace(";", "\t"),
        TURKISH.replace("\n", "\r"),
        TURKISH.replace("\n", "\r").encode("cp1254"),
        "sep=;\r\n" + TURKISH.replace("\n", "\r\n"),
        '\ufeff"SEP=|"\n' + TURKISH.replace(";", "|"),
        TURKISH.replace("\n", ";;;\n"),
        "\n;;;\n" + TURKISH,
        TURKISH.replace("Kullanıcı Adı", "KULLANICI_ADI").replace("Rol", "GÖREV").replace("Ad Soyad", "ADI SOYADI"),
        unicodedata.normalize("NFD", "Kullanıcı Adı;Ad Soyad;E-posta;Rol\n") + TURKISH.partition("\n")[2],
    ],
    ids=["plain", "cp1254", "tabs", "cr", "cr-cp1254", "sep", "sep-bar", "columns", "blank", "capitals", "apart"],
)
@pytest.mark.parametrize("role", ["planlamacı", "PLANLAMACI", "Planlayıcı", "Planner"])
def test_a_file_may_be_in_turkish_as_a_turkish_excel_writes_it(
    import_: Import, takip: Enrolling, content: str | bytes, role: str
) -> None:
    done = import_(
        content.replace(b"{}", role.encode("cp1254")) if isinstance(content, bytes) else content.format(role)
    )

    assert (done.exit_code, takip.given["people"]) == (0, [ISIK])
    assert ("Windows-1254" in done.output) == isinstance(content, bytes)


@pytest.mark.parametrize(
    ("word", "role"),
    [("Yönetici", "admin"), ("YÖNETİCİ", "admin"), ("işçi", "worker"), ("İŞÇİ", "worker"), ("Operatör", "worker")],
)
def test_roles_may_be_in_turkish(import_: Import, takip: Enrolling, word: str, role: str) -> None:
    import_(f"Kullanıcı,Rol\nveli,{word}\n")

    assert [person["role"] for person in takip.given["people"]] == [role]


def test_passwords_come_back_in_the_encoding_of_the_file(import_: Import, tmp_path: Path) -> None:
    import_("Kullanıcı Adı;Rol\nışık;\n".encode("cp1254"))

    written = (tmp_path / "people.passwords.csv").read_text(encoding="cp1254")
    assert written == "username;one_time_password\nışık;secret-of-ışık\n"


@pytest.mark.parametrize(
    "email",
    [
        "veli",
        "veli@example",
        "veli@example,com",
        "veli@example..com",
        "veli@.example.com",
        "veli@example.com.",
        "veli.@example.com",
        ".veli@example.com",
        "veli@@example.com",
        "Veli <veli@example.com>",
        "mailto:veli@example.com",
        "veli@example.com; oya@example.com",
        "veli@-example.com",
    ],
)
def test_an_address_with_a_slip_is_told(import_: Import, takip: Enrolling, email: str) -> None:
    done = import_(f'username\temail\nveli\t"{email}"\n')

    assert "email: must be an address such as ada@example.com" in done.output
    assert (done.exit_code, takip.given["people"]) == (1, [])


@pytest.mark.parametrize("email", ["v.celik+1@fabrika.com.tr", "çelik@örnek.com", "v_c@a-b.example.com"])
def test_an_address_as_people_have_them_is_taken(import_: Import, takip: Enrolling, email: str) -> None:
    import_(f"username,email\nveli,{email}\n")

    assert [person["email"] for person in takip.given["people"]] == [email]


@pytest.mark.parametrize(
    "username", ["=1+1", "+veli", "-veli", "@veli", "\uff1d1+1", "veli;=1+1", "veli,@SUM(A1)", 'veli";=1+1', "a; -b"]
)
def test_what_a_spreadsheet_would_calculate_is_refused(
    import_: Import, takip: Enrolling, tmp_path: Path, username: str
) -> None:
    quoted = username.replace('"', '""')
    done = import_(f'username\trole\n"{quoted}"\tworker\n')

    assert "a spreadsheet would calculate it" in done.output
    assert takip.given["people"] == []
    assert not (tmp_path / "people.passwords.csv").exists()


def test_a_name_with_a_hyphen_or_an_address_for_a_name_is_no_formula(import_: Import, takip: Enrolling) -> None:
    import_("username\nayse-nur\nveli@example.com\n")

    assert [person["username"] for person in takip.given["people"]] == ["ayse-nur", "veli@example.com"]


def test_lines_are_counted_as_the_file_has_them_also_below_a_named_separator(import_: Import) -> None:
    done = import_("sep=;\nusername;role\nveli;boss\n")

    assert "│ 3 " in done.output


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
