"""Judging the people of an old system: who comes over, with which role, and with which password."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chalicelib import passwords
from chalicelib.domain import text
from chalicelib.domain.people.names import (
    email_problem,
    full_name_problem,
    login_name,
    phone_problem,
    tidied,
    trimmed,
    username_problem,
)
from chalicelib.domain.people.users import PLANNING, Role
from infra.old_system.remarks import Remark, Remarks, beyond, comes, doubtful, stays
from infra.old_system.tables import Row, Tables
from infra.old_system.verdicts import Verdict

USERS = "users"
PASSWORD = "password_hash"  # noqa: S105  the name of a column
COLUMNS = {"username", PASSWORD, "role", "full_name", "name", "email", "phone"}
ROLES = {"admin": Role.ADMIN, "planner": Role.PLANNER, "manager": Role.PLANNER, "worker": Role.WORKER}
RENAME = "Give them another username in the old system and import again."
IN_TAKIP = "Set it in Takip."
HAND_OUT = "They are inactive, with a one-time password: hand it out, and activate them in Takip."


@dataclass(frozen=True)
class OldPerson:
    """Somebody of the old system as they come over. `number` is their id there."""

    number: int
    username: str
    role: Role
    full_name: str | None
    email: str | None
    phone: str | None
    password_hash: str | None

    @property
    def can_sign_in(self) -> bool:
        """Whether Takip can check their password. Else they are inactive."""
        return self.password_hash is not None and passwords.carried(self.password_hash) is not None

    def may_plan_as(self, username: str) -> bool:
        """Whether they have this username, in any spelling, and plan, and can sign in."""
        return login_name(self.username) == login_name(username) and self.role in PLANNING and self.can_sign_in


def judged(tables: Tables) -> tuple[Sequence[Verdict], Sequence[OldPerson]]:
    """The verdicts on all people, and those who come over. Takip may still know somebody of their name."""
    remarks, found, named = Remarks(tables), [], dict[str, str]()
    for number, row in remarks.rows(USERS):
        person, said = _person(number, row)
        name = login_name(person.username)
        if problem := username_problem(person.username):
            said.append(stays(f"The username cannot be one in Takip: it {problem}.", RENAME))
        elif name in named:
            same = (
                f"{person.username} and {named[name]} are one name in Takip, which compares without case and dots of i."
            )
            said.append(stays(same, RENAME))
        else:
            named[name] = person.username
            found.append(person)
        remarks.add(USERS, number, *said)
    return remarks.verdicts([USERS]), found


def _person(number: int, row: Row) -> tuple[OldPerson, list[Remark]]:
    said = beyond(COLUMNS, row)
    written = str(row.get("username") or "")
    username = trimmed(tidied(written))
    if username != written:
        said.append(comes("The username is written without superfluous blanks, and with composed letters."))
    told = row.get("role")
    role = ROLES.get(str(told or "").strip().lower())
    if role is None:
        what = "They have no role" if told is None else f"Takip does not have the role {told}"
        said.append(doubtful(f"{what}: they are a worker.", IN_TAKIP))
    given = row.get(PASSWORD)
    if given is None or passwords.carried(str(given)) is None:
        said.append(doubtful("Takip cannot check their password.", HAND_OUT))
    person = OldPerson(
        number,
        username,
        role or Role.WORKER,
        full_name=_kept("full name", row.get("full_name") or row.get("name"), full_name_problem, said),
        email=_kept("e-mail address", row.get("email"), email_problem, said),
        phone=_kept("phone number", row.get("phone"), phone_problem, said),
        password_hash=None if given is None else str(given),
    )
    return person, said


def _kept(what: str, told: object, problem_of: Callable[[str], str | None], said: list[Remark]) -> str | None:
    """What is told of a person, on one line; None where there is nothing, or where Takip cannot keep it."""
    if told is None or not str(told).strip():
        return None
    try:
        kept = text.line(str(told))
        problem = problem_of(kept)
    except ValueError as wrong:
        kept, problem = "", str(wrong)
    if problem is None:
        return kept
    said.append(doubtful(f"Takip cannot keep the {what} {told}: it {problem}.", IN_TAKIP))
    return None
