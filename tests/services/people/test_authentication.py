"""The caller by their token and, for actions of admins only, by the table."""

import pytest

from chalicelib import clock, settings, tokens
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.permissions import ActionForbidden, PasswordChangeRequired
from chalicelib.domain.people.users import Role
from chalicelib.services.people.sign_in import SignedIn, authenticate, sign_in
from tests.floor import Person, Plant
from tests.machines import standing, watched
from tests.phones import PASSWORD, employ

HERE = Source("10.0.0.1", "phone")
TENANT = "default"


def come_in(password: str = PASSWORD, name: str = "zeynep") -> SignedIn:
    return sign_in(TENANT, name, password, HERE)


def test_a_request_with_a_good_token_reads_nothing_to_be_authenticated(zeynep: Person) -> None:
    token = come_in().access_token

    with watched() as called:
        actor = authenticate(token, "stage.start")

    assert (actor.user_id, actor.tenant, actor.role) == (zeynep.id, TENANT, Role.WORKER)
    assert actor.device_id == standing("device")[0].data["id"]
    assert called == []


def token_of(person: Person) -> str:
    return tokens.issue(person.actor, settings.signing_keys(), clock.now(), 30)


def test_what_only_an_admin_may_do_asks_who_is_an_admin_now(plant: Plant, zeynep: Person) -> None:
    boss = employ(plant, "boss", Role.ADMIN)
    token = token_of(boss)
    with watched() as called:
        assert authenticate(token, "user.register").user_id == boss.id
    assert called == ["GetItem"]

    plant.admin.patch(f"/auth/users/{boss.id}/role", {"role": "planner"})

    with pytest.raises(ActionForbidden):
        authenticate(token, "user.register")
    assert authenticate(token, "order.create").role is Role.ADMIN


def test_an_admin_who_is_not_active_or_not_there_any_more_is_none(plant: Plant, zeynep: Person) -> None:
    boss = employ(plant, "boss", Role.ADMIN)
    token = token_of(boss)
    plant.admin.patch(f"/auth/users/{boss.id}", {"active": False})
    with pytest.raises(ActionForbidden):
        authenticate(token, "event.list")

    (item,) = [each for each in standing("user") if each.data["id"] == boss.id]
    item.delete()

    with pytest.raises(ActionForbidden):
        authenticate(token, "event.list")


def test_an_admin_whose_password_was_reset_changes_it_before_they_administer(plant: Plant, zeynep: Person) -> None:
    boss = employ(plant, "boss", Role.ADMIN)
    token = token_of(boss)
    plant.admin.post(f"/auth/users/{boss.id}/password")

    with pytest.raises(PasswordChangeRequired):
        authenticate(token, "user.role")
