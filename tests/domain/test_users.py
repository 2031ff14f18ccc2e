"""Who may do what, and which names are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.users import EVERYONE, PERMISSIONS, PLANNING, ActionForbidden, Actor, Role, authorize, login_name
from tests.domain.builders import ADA, OYA, PELIN, VELI


def test_planners_and_admins_act_for_others() -> None:
    assert [actor.plans for actor in (ADA, PELIN, VELI, OYA)] == [True, True, False, False]


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", PERMISSIONS)
def test_an_action_is_for_the_roles_it_names_and_no_others(action: str, role: Role) -> None:
    actor = Actor("default", "somebody", role)
    if role in PERMISSIONS[action]:
        authorize(actor, action)
        assert actor.may(action)
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


@pytest.mark.parametrize(("one", "other"), [("Veli", "vELI"), ("ﬁnn", "FINN"), ("straße", "STRASSE"), ("Å", "A\u030a")])
def test_names_are_compared_without_case_and_spelling(one: str, other: str) -> None:
    assert login_name(one) == login_name(other)


def test_different_people_keep_different_names() -> None:
    assert login_name("veli") != login_name("ve1i")


@given(st.text())
def test_a_name_that_was_brought_into_its_form_has_it(name: str) -> None:
    assert login_name(login_name(name)) == login_name(name)
