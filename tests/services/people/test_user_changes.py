"""Changing users concurrently: the last admin remains, and no change is done by half."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chalicelib import passwords, settings
from chalicelib.domain.people.admins import Admins
from chalicelib.domain.people.users import ChangeUser, Role, User, UserNotFound
from chalicelib.services import tenants
from chalicelib.services.idempotency import Request
from chalicelib.services.people import user_changes
from chalicelib.storage.people import users
from tests.disturbances import Crash, at_commit, cancelled, crash, raising, times
from tests.floor import Person, Plant, Reply, on_device
from tests.machines import standing, watched
from tests.phones import PASSWORD, employ, log_in

TENANT = "default"
Body = Mapping[str, object]
DEMOTED: Body = {"role": "planner"}
PROMOTED: Body = {"role": "admin"}
DEACTIVATED: Body = {"active": False}


@pytest.fixture
def boss(plant: Plant, waits: list[float]) -> Person:
    """A second admin; waiting costs nothing, and the signing keys are known."""
    settings.signing_keys()
    tenants.settings_of(TENANT)
    return employ(plant, "boss", Role.ADMIN)


def leave(actor: Person, other: Person, body: Body) -> Reply:
    return actor.patch(f"/auth/users/{other.id}{'/role' if 'role' in body else ''}", body)


def present(person: Person) -> User:
    found = users.find(TENANT, person.id)
    login = users.find_login(TENANT, person.user.username if person.user else "")
    assert found is not None
    assert login is not None
    assert login.user == found
    return found


def administering(plant: Plant, boss: Person) -> set[str]:
    """Who administers, as the people say; the list of admins, where there is one, says the same."""
    found = {person.id for person in (plant.admin, boss) if present(person).administers}
    listed = standing("admins")
    assert not listed or listed[0].read(Admins).user_ids == found
    return found


@pytest.mark.parametrize("body", [DEMOTED, DEACTIVATED])
def test_the_last_admin_stays_also_where_nobody_ever_wrote_down_who_they_are(plant: Plant, body: Body) -> None:
    before = present(plant.admin)

    reply = leave(plant.admin, plant.admin, body)

    assert (reply.status, reply.error["code"]) == (409, "ERR_USER_LAST_ADMIN")
    assert present(plant.admin) == before
    assert standing("admins") == []


@pytest.mark.parametrize("first", [DEMOTED, DEACTIVATED])
@pytest.mark.parametrize("second", [DEMOTED, DEACTIVATED])
def test_two_admins_who_demote_each_other_at_once_leave_one(
    plant: Plant, boss: Person, first: Body, second: Body
) -> None:
    replies: list[Reply] = []

    with watched(times(1, lambda: replies.append(leave(boss, plant.admin, second)))):
        replies.append(leave(plant.admin, boss, first))

    assert [reply.status for reply in replies] == [200, 409]
    assert replies[1].error["code"] == "ERR_USER_LAST_ADMIN"
    assert administering(plant, boss) == {boss.id}


@pytest.mark.parametrize("body", [DEMOTED, DEACTIVATED])
def test_two_admins_who_leave_at_once_leave_one(plant: Plant, boss: Person, body: Body) -> None:
    replies: list[Reply] = []

    with watched(times(1, lambda: replies.append(leave(boss, boss, body)))):
        replies.append(leave(plant.admin, plant.admin, body))

    assert [reply.status for reply in replies] == [200, 409]
    assert administering(plant, boss) == {plant.admin.id}


def test_the_last_admin_may_leave_once_there_is_another(plant: Plant, boss: Person) -> None:
    leave(boss, plant.admin, DEMOTED)
    assert leave(boss, boss, DEMOTED).status == 409

    leave(boss, plant.admin, PROMOTED)

    assert leave(boss, boss, DEMOTED).status == 200
    assert administering(plant, boss) == {plant.admin.id}


def test_who_the_admins_are_follows_every_change(plant: Plant, boss: Person) -> None:
    both = {plant.admin.id, boss.id}

    for body, left in (
        (DEMOTED, {plant.admin.id}),
        (PROMOTED, both),
        (DEACTIVATED, {plant.admin.id}),
        ({"active": False, "full_name": "Gone"}, {plant.admin.id}),
        ({"role": "worker"}, {plant.admin.id}),
        (PROMOTED, {plant.admin.id}),
        ({"active": True}, both),
    ):
        assert leave(plant.admin, boss, body).status == 200
        assert administering(plant, boss) == left


def test_two_changes_of_one_person_at_once_are_both_made(plant: Plant, boss: Person) -> None:
    def rename() -> None:
        boss.patch(f"/auth/users/{plant.worker.id}", {"full_name": "Veli"})

    with watched(times(1, rename)):
        reply = plant.admin.patch(f"/auth/users/{plant.worker.id}", {"email": "veli@example.com"})

    assert (reply.data["full_name"], reply.data["email"]) == ("Veli", "veli@example.com")
    assert present(plant.worker).version == 3


def test_a_password_that_is_reset_while_it_is_changed_is_the_given_one(plant: Plant, boss: Person) -> None:
    zeynep = on_device(employ(plant))
    given: list[str] = []

    def reset() -> None:
        given.append(plant.admin.post(f"/auth/users/{zeynep.id}/password").data["one_time_password"])

    with watched(times(1, reset)):
        reply = zeynep.post("/auth/password", {"current": PASSWORD, "new": "staple battery horse"})

    assert (reply.status, log_in(plant, password=PASSWORD).status) == (401, 401)
    assert log_in(plant, password=given[0]).data["user"]["must_change_password"] is True


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_the_commit_changes_all_or_nothing(plant: Plant, boss: Person, when: str) -> None:
    path = f"/auth/users/{boss.id}"
    with pytest.raises(Crash), at_commit(**{when: crash}):
        plant.admin.patch(path, DEACTIVATED, key="k")
    assert administering(plant, boss) == ({plant.admin.id} if when == "after" else {plant.admin.id, boss.id})

    reply = plant.admin.patch(path, DEACTIVATED, key="k")

    assert (reply.status, reply.data["active"]) == (200, False)
    assert ("Idempotent-Replayed" in reply.headers) is (when == "after")
    assert [each.data["kind"] for each in standing("security_event")] == ["user_deactivated"]


def test_a_change_that_collides_is_attempted_again_and_told_once(plant: Plant, boss: Person) -> None:
    with watched(times(3, raising(cancelled("TransactionConflict")))) as called:
        reply = leave(plant.admin, boss, DEMOTED)

    assert (reply.status, called.count("TransactWriteItems")) == (200, 4)
    assert [each.data["kind"] for each in standing("security_event")] == ["role_changed"]


def test_a_reset_that_lost_a_race_shows_the_password_that_was_set(plant: Plant, boss: Person) -> None:
    zeynep = employ(plant)

    with watched(times(2, raising(cancelled("TransactionConflict")))):
        given = plant.admin.post(f"/auth/users/{zeynep.id}/password").data["one_time_password"]

    login = users.find_login(TENANT, "zeynep")
    assert login is not None
    assert passwords.matches(given, login.password_hash, 4)


def test_somebody_without_a_login_cannot_be_changed(plant: Plant, boss: Person) -> None:
    (login,) = [each for each in standing("login") if each.data["user"]["id"] == plant.worker.id]
    login.delete()

    with pytest.raises(UserNotFound):
        user_changes.change(plant.admin.actor, plant.worker.id, ChangeUser(active=False), Request(), vars)


def test_what_is_the_same_as_before_is_a_change_that_nobody_is_told_of(plant: Plant, boss: Person) -> None:
    before = present(plant.worker)

    assert leave(plant.admin, plant.worker, {"active": True}).status == 200
    assert leave(plant.admin, plant.worker, {"role": "worker"}).status == 200

    assert present(plant.worker) == replace(before, version=before.version + 2)
    assert standing("security_event") == standing("admins") == []
