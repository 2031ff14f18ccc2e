"""Files of people: the list that is read, and the one-time passwords that are written."""

import codecs
import csv
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chalicelib.domain.people.names import email_problem, login_name, username_problem
from chalicelib.domain.people.users import Role
from infra.problem import Problem

COLUMNS = ("username", "full_name", "email", "role")

Keep = Callable[[str, str], None]


@dataclass(frozen=True)
class Person:
    """Somebody on a line of the file, and what is wrong with the line already there."""

    line: int
    username: str
    full_name: str | None
    email: str | None
    role: str
    reasons: list[str]

    def fields(self) -> dict[str, str | None]:
        """What is said of them, without what is said of the line."""
        return {name: getattr(self, name) for name in COLUMNS}


@dataclass(frozen=True)
class PeopleFile:
    """The people of a file, and how it is written, so that another can be written like it."""

    people: list[Person]
    delimiter: str
    encoding: str


def read_people(path: Path) -> PeopleFile:
    """Read a CSV file with a header: UTF-8 with or without a mark, separated by commas or semicolons.

    Raises Problem where it is no such file; what is wrong with one line stands with the person on it.
    """
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Problem(f"{path} is not in UTF-8. A spreadsheet writes that as “CSV UTF-8”.") from None
    delimiter = ";" if ";" in text.partition("\n")[0] else ","
    rows = _rows(path, text, delimiter)
    header = _header(path, next(rows, (0, []))[1])
    seen: dict[str, int] = {}
    people = [_person(line, cells, header, seen) for line, cells in rows]
    return PeopleFile(people, delimiter, "utf-8-sig" if raw.startswith(codecs.BOM_UTF8) else "utf-8")


@contextmanager
def passwords_file(path: Path, like: PeopleFile) -> Iterator[Keep]:
    """A new file of one-time passwords, for its owner's eyes only; each is on the disk once it has been kept.

    Nothing is left where none was kept. Raises Problem where there is such a file already, or there can be none.
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


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold anything, each with the line it begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise Problem(f"{path}, line {line}: {error}.") from None
        if row is None:
            return
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield line, cells


def _header(path: Path, cells: list[str]) -> list[str]:
    """The names of the columns. Raises Problem where they are not those of people."""
    names = [cell.lower() for cell in cells]
    wrong = [f"“{name}” is not one" for name in names if name not in COLUMNS]
    wrong += [f"“{name}” is there twice" for name in COLUMNS if names.count(name) > 1]
    wrong += [] if "username" in names else ["“username” is missing"]
    if wrong:
        raise Problem(
            f"The first line of {path} must name the columns, and {'; '.join(wrong)}.\n"
            f"Columns: {', '.join(COLUMNS)}; all but username may be left out."
        )
    return names


def _person(line: int, cells: list[str], header: list[str], seen: dict[str, int]) -> Person:
    """Somebody, and what is wrong with their line; `seen` remembers who was on which line."""
    row = dict(zip(header, cells, strict=False))
    username, email, role = row.get("username", ""), row.get("email") or None, (row.get("role") or Role.WORKER).lower()
    first = seen.setdefault(login_name(username), line)
    reasons = {
        f"has {len(cells)} fields, and the first line {len(header)}": len(cells) > len(header),
        f"username: {username_problem(username)}": username_problem(username) is not None,
        f"username: is on line {first} already": username and first != line,
        f"email: {email and email_problem(email)}": email and email_problem(email),
        f"role: must be one of {', '.join(Role)}": role not in list(Role),
    }
    wrong = [reason for reason, is_so in reasons.items() if is_so]
    return Person(line, username, row.get("full_name") or None, email, role, wrong)
