"""Logins from when the dotted and the dotless i were two letters: found by their own name, and moved."""

import pytest

from chalicelib import clock, ids, settings
from chalicelib.domain.people.credentials import BadCredentials, Login
from chalicelib.domain.people.names import former_login_name
from chalicelib.domain.people.users import NewUser, Role, User, UsernameTaken
from chalicelib.services.people.former_names import move_all
from chalicelib.services.people.sign_in import change_password
from chalicelib.services.people.users import create_admin, enrol
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.people import users
from chalicelib.storage.table import Put
from tests.disturbances import times
from tests.floor import Person, Plant, on_device
from tests.machines import standing, watched
from tests.phones import PASSWORD, hashed
from tests.services.coming_in import HERE, NEW, TENANT, come_in


def registered_before(name: str, plant: Plant) -> Person:
    """Put somebody into the table as it was done before, with the password that everybody here has."""
    user = User(ids.new(), name, Role.WORKER, clock.now())
    key = keys.login(TENANT, former_login_name(name))
    items = (
        item(keys.user(TENANT, user.id), "user", user, revision=1),
        item(key, "login", Login(user, hashed()), revision=1),
    )
    table.transact([Put(each, table.absent()) for each in items])
    return Person(plant.client, user)


def who_comes_in(name: str) -> str | None:
    """The id of whom a name with the password of everybody lets in; None where it is nobody's."""
    try:
        return come_in(PASSWORD, name).user.id
    except BadCredentials:
        return None


def names() -> list[str]:
    """The names under which logins of people with an i are kept."""
    found = (each.PK.split("#LOGIN#")[1] for each in standing("login"))
    return sorted(name for name in found if "ş" in name)


def test_who_registered_before_signs_in_under_their_own_spelling_and_after_the_move_under_each(
    plant: Plant, waits: list[float]
) -> None:
    isik = registered_before("ışık", plant)
    assert (who_comes_in("ışık"), who_comes_in("IŞIK")) == (isik.id, None)

    (moved,) = move_all()
    assert (moved.tenant, moved.user, moved.is_moved) == (TENANT, isik.user, True)

    assert names() == ["işik"]
    assert {who_comes_in(name) for name in ("ışık", "IŞIK", "İşik", "işık", "ıŞIK ")} == {isik.id}
    assert list(move_all()) == []


def test_finding_somebody_under_either_name_is_one_read(plant: Plant, waits: list[float]) -> None:
    registered_before("ışık", plant)
    settings.signing_keys()

    with watched() as called:
        come_in(name="ışık")

    assert called == ["BatchGetItem", "TransactWriteItems"]


def test_before_the_move_a_change_stays_where_the_login_is(plant: Plant, waits: list[float]) -> None:
    isik = registered_before("ışık", plant)
    desk = on_device(isik)

    change_password(desk.actor, PASSWORD, NEW, HERE)
    assert names() == ["ışık"]
    assert [each.is_moved for each in move_all()] == [True]

    assert come_in(NEW, "IŞIK").user.id == isik.id
    assert plant.admin.patch(f"/auth/users/{isik.id}", {"full_name": "Işık"}).status == 200
    assert names() == ["işik"]


def test_of_two_who_have_one_name_by_now_each_signs_in_as_registered_and_nobody_registers_between(
    plant: Plant, waits: list[float]
) -> None:
    first, second = registered_before("ışık", plant), registered_before("işik", plant)
    third = registered_before("İŞIK", plant)

    for _ in range(2):
        assert {(each.user.username, each.is_moved) for each in move_all()} == {("ışık", False), ("İŞIK", False)}

    everybody = [first.id, second.id, third.id]
    assert [who_comes_in(name) for name in ("ışık", "işik", "İŞIK")] == everybody
    assert {who_comes_in(name) for name in ("IŞIK", "İşık", "işık")} == {second.id}
    assert plant.admin.post(f"/auth/users/{first.id}/password").status == 200
    assert (who_comes_in("ışık"), who_comes_in("işik")) == (None, second.id)
    for name in ("ışık", "işik", "İŞIK", "İşık"):
        with pytest.raises(UsernameTaken):
            enrol(TENANT, NewUser(name))


@pytest.mark.parametrize("dry_run", [False, True])
def test_a_name_that_is_kept_under_its_former_form_is_taken(plant: Plant, waits: list[float], *, dry_run: bool) -> None:
    registered_before("ışık", plant)

    with pytest.raises(UsernameTaken):
        enrol(TENANT, NewUser("ışık"), dry_run=dry_run)


def test_a_login_that_changes_while_it_is_moved_moves_as_it_is_then(plant: Plant, waits: list[float]) -> None:
    isik = registered_before("ışık", plant)
    desk = on_device(isik)

    with watched(times(1, lambda: change_password(desk.actor, PASSWORD, NEW, HERE))):
        assert [each.is_moved for each in move_all()] == [True]

    assert names() == ["işik"]
    assert come_in(NEW, "Işık").user.version == 2


def test_a_login_that_is_not_there_is_not_moved(plant: Plant, waits: list[float]) -> None:
    registered_before("ışık", plant)
    for each in standing("login"):
        each.delete()

    assert list(move_all()) == []


def test_names_at_the_command_line_are_trimmed_and_compared_alike(plant: Plant, waits: list[float]) -> None:
    made = create_admin(TENANT, "İbrahim\u00a0", "a long password")
    assert made.username == "İbrahim"

    for name in ("ibrahim", "IBRAHIM ", "ıbrahım"):
        with pytest.raises(UsernameTaken):
            enrol(TENANT, NewUser(name))
    assert users.find_login(TENANT, "ibrahim ") == users.find_login(TENANT, "İBRAHİM")
