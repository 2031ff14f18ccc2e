"""Permissions, the admins, and which usernames are equal."""

import sys
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain.people.admins import Admins, LastAdmin
from chalicelib.domain.people.names import LONGEST_EMAIL, LONGEST_NAME, email_problem, login_name, username_problem
from chalicelib.domain.people.permissions import (
    BEFORE_A_NEW_PASSWORD,
    PERMISSIONS,
    ActionForbidden,
    PasswordChangeRequired,
    authorize,
)
from chalicelib.domain.people.users import EVERYONE, PLANNING, Actor, Role, User
from tests.domain.builders import ADA, MORNING, OYA, PELIN, VELI

BOSS = User("u1", "ada", Role.ADMIN, MORNING)


def test_planners_and_admins_act_for_others() -> None:
    assert [actor.plans for actor in (ADA, PELIN, VELI, OYA)] == [True, True, False, False]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", PERMISSIONS)
def test_an_action_is_for_the_roles_it_names_and_no_others(action: str, role: Role) -> None:
    actor = Actor("default", "somebody", role)
    if role in PERMISSIONS[action]:
        authorize(actor, action)
        return
    with pytest.raises(ActionForbidden) as refusal:
        authorize(actor, action)
    assert role in refusal.value.detail


def test_people_and_quarantine_are_for_admins_and_plans_for_those_who_plan() -> None:
    for action in ("user.register", "quarantine.read"):
        assert PERMISSIONS[action] == {Role.ADMIN}
    for action in ("user.list", "order.create", "stage.assign", "machine.create", "reading.send", "metrics.daily"):
        assert PERMISSIONS[action] == PLANNING
    for action in ("stage.start", "stage.pause", "stage.report", "stage.done", "stage.book", "issue.report"):
        assert PERMISSIONS[action] == EVERYONE


@pytest.mark.parametrize("action", PERMISSIONS)
def test_before_a_given_password_is_changed_somebody_may_only_see_themselves_change_it_and_leave(action: str) -> None:
    actor = replace(ADA, must_change_password=True)
    if action in {"user.me", "user.password", "user.logout"}:
        authorize(actor, action)
        assert action in BEFORE_A_NEW_PASSWORD
        return
    with pytest.raises(PasswordChangeRequired):
        authorize(actor, action)


def test_whose_role_is_wrong_is_told_that_first() -> None:
    with pytest.raises(ActionForbidden):
        authorize(replace(VELI, must_change_password=True), "user.register")


@pytest.mark.parametrize(
    ("changed", "administers"), [({}, True), ({"active": False}, False), ({"role": Role.PLANNER}, False)]
)
def test_an_admin_is_one_who_can_act(changed: dict[str, object], *, administers: bool) -> None:
    assert replace(BOSS, **changed).administers is administers  # type: ignore[arg-type]


def test_the_admins_are_those_who_administer() -> None:
    planner = User("u2", "pelin", Role.PLANNER, MORNING)
    admins = Admins(frozenset({"u1"}))

    assert admins.after(replace(planner, role=Role.ADMIN)) == Admins(frozenset({"u1", "u2"}), 1)
    assert admins.after(planner) == admins.after(BOSS) == Admins(frozenset({"u1"}), 1)
    assert Admins(frozenset({"u1", "u2"}), 4).after(planner) == Admins(frozenset({"u1"}), 5)


@pytest.mark.parametrize("changed", [{"active": False}, {"role": Role.WORKER}])
def test_the_last_admin_stays(changed: dict[str, object]) -> None:
    with pytest.raises(LastAdmin):
        Admins(frozenset({"u1"})).after(replace(BOSS, **changed))  # type: ignore[arg-type]


def test_where_there_was_no_admin_people_come_and_go() -> None:
    assert Admins(frozenset()).after(replace(BOSS, active=False)) == Admins(frozenset(), 1)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Veli", "vELI"),
        ("ﬁnn", "FINN"),
        ("straße", "STRASSE"),
        ("Å", "A\u030a"),
        ("\u0390", "\u03aa\u0301"),
        ("ǰ", "J\u030c"),
        ("İbrahim", "ibrahim"),
        ("I\u0307brahim", "IBRAHIM"),
        ("ıŞIK", "ışık"),
        ("İŞİK", "ışık"),
        ("ışık", "IŞIK"),
        ("i\u0316\u0307", "I\u0316"),
        ("\U0001d6a4", "i"),
        ("zeynep ", "zeynep"),
        ("zeynep\u00a0", "Zeynep"),
        (" Veli\u00a0Çelik\t", "VELİ  ÇELİK"),
    ],
)
def test_names_are_compared_without_case_and_spelling(one: str, other: str) -> None:
    assert login_name(one) == login_name(other)


def test_different_people_keep_different_names() -> None:
    assert login_name("veli") != login_name("ve1i")
    assert login_name("işık") != login_name("isik")
    assert login_name("žan") != login_name("zan")


@given(st.text("iİıIiÎíĞg\u0307\u0301\u0316 "))
def test_the_dot_of_an_i_never_tells_two_names_apart(name: str) -> None:
    typed = [name.replace("İ", letter).replace("ı", letter) for letter in "iIİı"]

    assert {login_name(each) for each in typed} == {login_name(name)}


@given(st.text())
@example("\u0130\u0316")
@example("ß\u0301")
@example("\u0131\u0301\u0307")
@example("a \u0308 b")
def test_a_name_that_was_brought_into_its_form_has_it(name: str) -> None:
    assert login_name(login_name(name)) == login_name(name)


def test_every_letter_is_the_same_in_capitals() -> None:
    letters = (letter for letter in map(chr, range(sys.maxunicode + 1)) if letter.isalpha())

    assert [letter for letter in letters if login_name(letter.upper()) != login_name(letter)] == []


@pytest.mark.parametrize(
    "username",
    ["v", "Veli Çelik", "veli@example.com", "v.çelik-2", "李", "x" * LONGEST_NAME, "ß" * (LONGEST_NAME // 2)],
)
def test_a_name_may_be_anything_that_can_be_read(username: str) -> None:
    assert username_problem(username) is None


@pytest.mark.parametrize(
    "username",
    [
        "",
        " ",
        " veli",
        "veli ",
        "ve  li",
        "ve\u00a0li",
        "ve\tli",
        "ve\u2028li",
        "x" * (LONGEST_NAME + 1),
        "ß" * (LONGEST_NAME // 2 + 1),
        "ﷺ" * 4,
    ],
)
def test_a_name_has_single_spaces_inside_and_a_length_however_it_is_written(username: str) -> None:
    assert username_problem(username) is not None


@pytest.mark.parametrize(
    "hidden",
    "\0\x7f\u200b\u202e\ufeff\u00ad\ue000\uffff\U000e0041"
    "\u034f\u115f\u1160\u17b4\u180b\u2800\u3164\ufe0f\uffa0\U000e0100",
)
def test_two_names_never_differ_by_what_nobody_can_see(hidden: str) -> None:
    assert username_problem(f"ve{hidden}li") == "must not contain invisible characters"


@pytest.mark.parametrize("email", ["ada@example.com", "a@b", "ç+1@örnek.tr", "a" * (LONGEST_EMAIL - 2) + "@b"])
def test_an_address_has_something_on_both_sides_of_one_at(email: str) -> None:
    assert email_problem(email) is None


@pytest.mark.parametrize(
    "email", ["", "@", "a@", "@b", "ada", "a@b@c", "a b@c", "a@b\n", "a" * (LONGEST_EMAIL - 1) + "@b"]
)
def test_what_is_no_address_is_refused(email: str) -> None:
    assert email_problem(email) is not None


def test_signing_out_everywhere_is_another_instant_each_time() -> None:
    out = BOSS.without_devices(MORNING)
    again = out.without_devices(MORNING)

    assert out.devices_since == MORNING
    assert again.devices_since not in (None, MORNING)
