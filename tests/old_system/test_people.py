"""People of an old system: what becomes of each, and that everybody signs in with the password that they had there."""

import pytest

from chalicelib.domain.people.users import Role
from infra.old_system import people
from infra.old_system.people import OldPerson
from infra.old_system.reading import read
from infra.old_system.tables import Row, Value
from infra.old_system.verdicts import Outcome, Verdict
from tests.old_system.moving import expected
from tests.real_machines import folder

BCRYPT = "$2b$04$lBqjQc.KvlMVrmH9MsNvfu.t3YukE78xi/lby1odGvDK7GP5VHSyO"


def old(**columns: Value) -> Row:
    return {"id": 1, "username": "ada", "password_hash": BCRYPT, "role": "worker", **columns}


def judged(*rows: Row) -> tuple[list[Verdict], list[OldPerson]]:
    verdicts, coming = people.judged({"users": rows})
    return list(verdicts), list(coming)


@pytest.mark.parametrize("name", ["first.db", "latest.db", "latest.sql"])
def test_everybody_of_the_old_systems_comes_over_with_the_role_that_is_expected(name: str) -> None:
    verdicts, coming = people.judged(read(str(folder("old_system") / name)))

    assert {each.username: each.role.value for each in coming} == {
        username: each["role"] for username, each in expected()["users"].items()
    }
    doubtful = {each.row_id: each.reason for each in verdicts if each.outcome is Outcome.DOUBTFUL}
    assert doubtful == {
        10: "Takip cannot check their password.",
        12: "They have no role: they are a worker.",
    }
    assert len(verdicts) == 12


@pytest.mark.parametrize(
    ("told", "role"),
    [("ADMIN", Role.ADMIN), (" Manager ", Role.PLANNER), ("planner", Role.PLANNER), ("worker", Role.WORKER)],
)
def test_a_role_is_known_however_it_is_written(told: str, role: Role) -> None:
    (verdict,), (person,) = judged(old(role=told))

    assert (verdict.outcome, person.role) == (Outcome.COMES, role)


@pytest.mark.parametrize(
    ("told", "why"),
    [(None, "They have no role"), ("", "Takip does not have the role "), ("boss", "Takip does not have the role boss")],
)
def test_who_has_a_role_that_takip_does_not_have_is_a_worker_and_that_is_told(told: str | None, why: str) -> None:
    (verdict,), (person,) = judged(old(role=told))

    assert (verdict.outcome, person.role) == (Outcome.DOUBTFUL, Role.WORKER)
    assert verdict.reason == f"{why}: they are a worker."
    assert verdict.way_out == "Set it in Takip."


@pytest.mark.parametrize("username", [None, "", "  ", "a\u200bb", "x" * 65, "a\x07b", "\ufffd"])
def test_who_has_no_username_that_takip_can_keep_stays(username: str | None) -> None:
    (verdict,), coming = judged(old(username=username))

    assert (verdict.outcome, coming) == (Outcome.STAYS, [])
    assert verdict.way_out == people.RENAME


def test_two_names_that_are_one_in_takip_are_told() -> None:
    verdicts, coming = judged(old(username="Işıl"), old(id=2, username="işil"), old(id=3, username="isil"))

    assert [each.outcome for each in verdicts] == [Outcome.COMES, Outcome.STAYS, Outcome.COMES]
    assert "işil and Işıl are one name" in str(verdicts[1].reason)
    assert [each.number for each in coming] == [1, 3]


def test_blanks_and_marks_of_a_username_are_put_right_and_told() -> None:
    (verdict,), (person,) = judged(old(username="  Ays\u0327e   K\u00a0"))

    assert (verdict.outcome, person.username) == (Outcome.COMES, "Ayşe K")
    assert verdict.reason


def test_what_takip_cannot_keep_of_a_person_is_left_out_and_told() -> None:
    (verdict,), (person,) = judged(old(full_name="A\x07", email="nowhere", phone="call me"))

    assert (person.full_name, person.email, person.phone) == (None, None, None)
    assert verdict.outcome is Outcome.DOUBTFUL
    for what in ("full name", "e-mail address nowhere", "phone number call me"):
        assert f"Takip cannot keep the {what}" in str(verdict.reason)


def test_the_name_the_address_and_the_number_of_a_person_come_over() -> None:
    (_,), (person,) = judged(old(name=" Ada  L. ", email=" ada@ornek.test", phone="0555  000"))

    assert (person.full_name, person.email, person.phone) == ("Ada L.", "ada@ornek.test", "0555 000")


def test_who_has_no_number_of_their_own_stays() -> None:
    verdicts, coming = judged(old(), old(username="veli"), old(id=None, username="oya"))

    assert [each.outcome for each in verdicts] == [Outcome.COMES, Outcome.STAYS, Outcome.STAYS]
    assert len(coming) == 1


def test_only_who_plans_and_can_sign_in_may_import() -> None:
    _, (planner, worker, locked) = judged(
        old(username="Işıl", role="manager"),
        old(id=2, username="veli"),
        old(id=3, username="oya", role="admin", password_hash="$6$x"),
    )

    assert planner.may_plan_as("IŞIL")
    assert not planner.may_plan_as("veli")
    assert not worker.may_plan_as("veli")
    assert not locked.may_plan_as("oya")
