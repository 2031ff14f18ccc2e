"""Files of people: reading a list, and writing the one-time passwords."""

import csv
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chalicelib.domain.people.names import NO_EMAIL, email_problem, login_name, username_problem
from chalicelib.domain.people.users import Role
from infra.cli import people_words
from infra.cli.tables import Table, read_table
from infra.problem import Problem

COLUMNS = tuple(people_words.COLUMNS)
# The passwords file is opened in a spreadsheet, which may begin a new cell after any of these separators.
_FORMULA = re.compile(r"""(?:^|[;,\t"])\s*[=+@-]""")
_NO_FORMULA = "must not begin with =, +, - or @, nor have one behind ; or a comma: a spreadsheet would calculate it"
# Stricter than Takip's own rule: in a typed list, an address without a dot is a mistake.
_ATOM, _LABEL = r"""[^\s@.,;:<>()\[\]\\"]+""", r"[^\W_](?:[\w-]*[^\W_])?"
_EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})+")

Keep = Callable[[str, str], None]


@dataclass(frozen=True)
class Person:
    """A person on a line of the file, with the errors of the line."""

    line: int
    username: str
    full_name: str | None
    email: str | None
    role: str
    reasons: list[str]

    def fields(self) -> dict[str, str | None]:
        """The fields of the person, without those of the line."""
        return {name: getattr(self, name) for name in COLUMNS}


@dataclass(frozen=True)
class PeopleFile:
    """The people of a file, and its format, so that another file can be written in the same format."""

    people: list[Person]
    table: Table


def read_people(path: Path) -> PeopleFile:
    """Read a table of people with a header, in the format of a spreadsheet.

    Raises Problem if it is no such file. Errors of one line are kept with its person.
    """
    table = read_table(path)
    header = _header(path, table.rows[0][1] if table.rows else [])
    seen: dict[str, int] = {}
    people = [_person(line, cells, header, seen) for line, cells in table.rows[1:]]
    return PeopleFile(people, table)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would calculate a text."""
    return _FORMULA.search(text) is not None


@contextmanager
def passwords_file(path: Path, like: Table) -> Iterator[Keep]:
    """A new file of one-time passwords, readable only by its owner. Each password is on the disk once it was written.

    If no password was written, the file is removed. Raises Problem if the file exists already or cannot be made.
    """
    try:
        path.touch(0o600, exist_ok=False)
    except FileExistsError:
        raise Problem(
            f"{path} is there already, and may hold passwords that somebody still needs.\n"
            "Hand them out and delete it, or name another file with --passwords."
        ) from None
    except OSError as error:
        raise Problem(f"{path} cannot be written: {error.strerror}.") from None
    kept = 0
    try:
        with path.open("w", encoding=like.encoding, newline="") as file:
            written = csv.writer(file, delimiter=like.delimiter)
            written.writerow(["username", "one_time_password"])

            def keep(username: str, password: str) -> None:
                nonlocal kept
                kept += 1
                written.writerow([username, password])
                file.flush()
                os.fsync(file.fileno())

            yield keep
    finally:
        if not kept:
            path.unlink()


def _header(path: Path, cells: list[str]) -> list[str]:
    """The names of the columns. Raises Problem if they are not columns of people."""
    names = [people_words.column(cell) or cell.lower() for cell in cells]
    wrong = [f"“{name}” is not one" for name in names if name not in COLUMNS]
    wrong += [f"“{name}” is there twice" for name in COLUMNS if names.count(name) > 1]
    wrong += [] if "username" in names else ["“username” is missing"]
    if wrong:
        raise Problem(
            f"The first line of {path} must name the columns, and {'; '.join(wrong)}.\n"
            f"Columns: {', '.join(COLUMNS)}; all but username may be left out.\n"
            "In Turkish: Kullanıcı Adı, Ad Soyad, E-posta, Rol."
        )
    return names


def _person(line: int, cells: list[str], header: list[str], seen: dict[str, int]) -> Person:
    """A person, with the errors of their line. `seen` maps names to the lines they were on."""
    row = dict(zip(header, cells, strict=False))
    username, email, role = row.get("username", ""), row.get("email") or None, row.get("role") or Role.WORKER
    meant = people_words.role(role)
    first = seen.setdefault(login_name(username), line)
    reasons = {
        f"has {len(cells)} fields, and the first line {len(header)}": len(cells) > len(header),
        f"username: {username_problem(username)}": username_problem(username) is not None,
        f"username: {_NO_FORMULA}": is_formula(login_name(username)),
        f"username: is on line {first} already": username and first != line,
        f"email: {NO_EMAIL}": email and (email_problem(email) or not _EMAIL.fullmatch(email)),
        f"role: must be one of {', '.join(Role)}": meant is None,
    }
    wrong = [reason for reason, is_so in reasons.items() if is_so]
    return Person(line, username, row.get("full_name") or None, email, meant or role, wrong)
