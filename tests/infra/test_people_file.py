"""Files of people in the formats of spreadsheets, and the reports of their mistakes."""

import unicodedata
from pathlib import Path

import pytest

from tests.infra.enrolling import Enrolling, Import

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


def test_two_spellings_of_one_name_on_two_lines_are_told(import_: Import, takip: Enrolling) -> None:
    done = import_("username\nışık\nIŞIK\u00a0\nİşik\nibrahim\n")

    assert [person["username"] for person in takip.given["people"]] == ["ışık", "ibrahim"]
    assert done.output.count("is on line 2 already") == 2
