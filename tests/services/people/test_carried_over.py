"""People of another system sign in with the password that they had there; it is hashed anew when they do."""

from dataclasses import replace

import bcrypt
import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.people.credentials import InactiveAccount
from chalicelib.domain.people.users import NewUser, Role, UsernameTaken
from chalicelib.domain.tenants import DEFAULT_TENANT, TenantNotFound
from chalicelib.services.people import users
from chalicelib.services.people.sign_in import change_password
from chalicelib.storage import writes
from chalicelib.storage.people import users as people
from tests.disturbances import times
from tests.floor import Person, Plant, on_device
from tests.machines import watched
from tests.services.coming_in import HERE, NEW, come_in, is_let_in, kept, kinds

OLD = "zeynep-1"
HASH = bcrypt.hashpw(OLD.encode(), bcrypt.gensalt(5, b"2a")).decode()
ZEYNEP = NewUser("zeynep", full_name="Zeynep", email="z@ornek.test", role=Role.PLANNER, phone="0555  000")


def test_who_is_carried_over_signs_in_with_their_password_which_is_then_hashed_anew(plant: Plant) -> None:
    carried = users.carry_over(DEFAULT_TENANT, ZEYNEP, HASH)

    assert carried.one_time_password is None
    assert (carried.user.active, carried.user.must_change_password, carried.user.role) == (True, False, Role.PLANNER)
    assert (carried.user.email, carried.user.phone) == ("z@ornek.test", "0555 000")
    assert kept().password_hash == f"carried:{HASH}"
    assert not is_let_in("zeynep-2")
    assert come_in(OLD).user == carried.user
    assert kept().password_hash.startswith("$2b$04$")
    assert is_let_in(OLD)
    assert kinds()[:2] == ["user_registered", "sign_in_failed"]


def test_a_password_longer_than_takip_takes_goes_on_until_it_is_changed(plant: Plant) -> None:
    long = "p" * 80
    carried = users.carry_over(DEFAULT_TENANT, ZEYNEP, bcrypt.hashpw(long[:72].encode(), bcrypt.gensalt(4)).decode())

    actor = come_in(long).user
    before = kept().password_hash
    assert is_let_in(long)
    assert kept().password_hash == before
    assert before.startswith("cut:$2b$04$")
    assert not is_let_in("p" * 71)
    assert actor == carried.user


def test_whose_hash_cannot_be_checked_is_inactive_with_a_one_time_password(plant: Plant) -> None:
    carried = users.carry_over(DEFAULT_TENANT, ZEYNEP, "$6$rounds=656000$x$y")

    assert carried.one_time_password
    assert (carried.user.active, carried.user.must_change_password) == (False, True)
    with pytest.raises(InactiveAccount):
        come_in(carried.one_time_password)
    plant.admin.patch(f"/auth/users/{carried.user.id}", {"active": True})
    assert come_in(carried.one_time_password).user.must_change_password


def test_who_has_no_hash_at_all_gets_a_one_time_password(plant: Plant) -> None:
    assert users.carry_over(DEFAULT_TENANT, ZEYNEP, None).one_time_password


def test_a_carried_password_can_be_changed_to_one_that_follows_the_rules(zeynep: Person) -> None:
    """Zeynep is there already: her hash becomes one that was carried over."""
    here = on_device(zeynep)
    login = kept()
    writes.commit(people.rehash(DEFAULT_TENANT, replace(login, password_hash=f"carried:{HASH}")))

    change_password(here.actor, OLD, NEW, HERE)

    assert (is_let_in(OLD), is_let_in(NEW)) == (False, True)
    assert kept().password_hash.startswith("$2b$04$")


def test_nobody_is_carried_over_twice_or_against_the_rules_of_names(plant: Plant) -> None:
    users.carry_over(DEFAULT_TENANT, ZEYNEP, HASH)

    with pytest.raises(UsernameTaken):
        users.carry_over(DEFAULT_TENANT, NewUser("ZEYNEP"), HASH)
    with pytest.raises(InvalidFields):
        users.carry_over(DEFAULT_TENANT, NewUser(" a"), HASH)
    with pytest.raises(TenantNotFound):
        users.carry_over("nowhere", NewUser("a"), HASH)


def test_an_admin_of_the_old_system_is_an_admin_here(plant: Plant) -> None:
    before = people.find_admins(DEFAULT_TENANT).user_ids
    carried = users.carry_over(DEFAULT_TENANT, NewUser("yonetici", role=Role.ADMIN), HASH)

    assert people.find_admins(DEFAULT_TENANT).user_ids == before | {carried.user.id}


def test_a_password_that_was_changed_there_comes_over_until_its_owner_signs_in_here(plant: Plant) -> None:
    carried = users.carry_over(DEFAULT_TENANT, ZEYNEP, HASH)
    newer = bcrypt.hashpw(b"zeynep-2", bcrypt.gensalt(4)).decode()

    assert not users.carry_password(DEFAULT_TENANT, carried.user.id, HASH)
    assert not users.carry_password(DEFAULT_TENANT, carried.user.id, "$6$unknown")
    assert users.carry_password(DEFAULT_TENANT, carried.user.id, newer)
    assert (is_let_in(OLD), is_let_in("zeynep-2")) == (False, True)
    assert not users.carry_password(DEFAULT_TENANT, carried.user.id, HASH)
    assert (is_let_in(OLD), is_let_in("zeynep-2")) == (False, True)


def test_a_password_comes_over_although_somebody_changes_the_person_meanwhile(plant: Plant) -> None:
    carried = users.carry_over(DEFAULT_TENANT, ZEYNEP, "$6$unknown")
    assert not users.carry_password(DEFAULT_TENANT, carried.user.id, HASH)
    other = users.carry_over(DEFAULT_TENANT, NewUser("selin"), bcrypt.hashpw(b"selin-1", bcrypt.gensalt(4)).decode())

    def overtake() -> None:
        plant.admin.patch(f"/auth/users/{other.user.id}", {"phone": "117"})

    with watched(times(1, overtake)):
        assert users.carry_password(DEFAULT_TENANT, other.user.id, HASH)
    assert come_in(OLD, "selin").user.phone == "117"


def test_nobody_who_was_erased_gets_a_password(plant: Plant) -> None:
    carried = users.carry_over(DEFAULT_TENANT, ZEYNEP, HASH)
    login = kept()
    writes.commit(people.erasure(DEFAULT_TENANT, login, replace(login.user, username="silinmis", version=2)))
    users.carry_over(DEFAULT_TENANT, NewUser("silinmis"), HASH)

    newer = bcrypt.hashpw(b"zeynep-2", bcrypt.gensalt(4)).decode()
    assert not users.carry_password(DEFAULT_TENANT, carried.user.id, newer)
