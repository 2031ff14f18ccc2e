"""Sign-in: its cost, and concurrent sign-ins."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from chalicelib.domain.errors import LostRace
from chalicelib.domain.people.credentials import BadCredentials, InactiveAccount
from chalicelib.domain.people.throttling import TooManyAttempts
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from chalicelib.services.people.sign_in import change_password, sign_in
from chalicelib.storage.people import users
from tests.disturbances import Crash, cancelled, crash, raising, times
from tests.floor import Person, Plant, on_device
from tests.machines import standing, watched
from tests.phones import PASSWORD
from tests.services.coming_in import HERE, NEW, TENANT, Checks, come_in, is_let_in, kept

Costs = Callable[[int], None]


@pytest.mark.usefixtures("zeynep")
def test_signing_in_costs_one_read_one_transaction_and_one_check(checks: Checks) -> None:
    with watched() as called:
        come_in()

    assert called == ["BatchGetItem", "TransactWriteItems"]
    assert checks == [("check", 4)]


@pytest.mark.usefixtures("zeynep")
@pytest.mark.parametrize(("name", "password"), [("zeynep", "wrong"), ("nobody", PASSWORD)])
def test_failing_costs_just_the_same(checks: Checks, name: str, password: str) -> None:
    with watched() as called, pytest.raises(BadCredentials):
        come_in(password, name)

    assert called == ["BatchGetItem", "TransactWriteItems"]
    assert checks == [("check", 4)]


@pytest.mark.usefixtures("zeynep")
def test_who_is_blocked_costs_a_read_and_no_check(checks: Checks) -> None:
    for _ in range(5):
        assert not is_let_in("wrong")
    checks.clear()

    with watched() as called, pytest.raises(TooManyAttempts):
        come_in()

    assert (called, checks) == (["BatchGetItem"], [])


@pytest.mark.usefixtures("zeynep")
def test_a_hash_is_made_again_when_the_cost_rises_and_stays_when_it_falls(checks: Checks, costs: Costs) -> None:
    costs(6)
    come_in()
    assert checks == [("check", 4), ("hash", 6)]
    assert kept().password_hash.startswith("$2b$06$")

    costs(5)
    come_in()

    assert checks[2:] == [("check", 6)]
    assert kept().password_hash.startswith("$2b$06$")
    assert is_let_in(PASSWORD)
    assert not is_let_in("wrong")


@pytest.mark.usefixtures("zeynep")
def test_a_wrong_password_is_never_hashed(checks: Checks, costs: Costs) -> None:
    costs(6)

    assert not is_let_in("wrong")
    # What the cheaper hash saved is made up for: 2⁴ + 2⁴ + 2⁵ = 2⁶.
    assert checks == [("check", 4), ("check", 4), ("check", 5)]


def test_a_hash_that_is_made_again_leaves_the_person_as_they_were(zeynep: Person, costs: Costs) -> None:
    before = kept()
    costs(5)

    come_in()

    assert kept() == replace(before, password_hash=kept().password_hash)
    assert users.find(TENANT, zeynep.id) == before.user


@pytest.mark.usefixtures("zeynep")
def test_a_lost_race_asks_bcrypt_no_second_time(checks: Checks) -> None:
    with watched(times(3, raising(cancelled("TransactionConflict")))) as called:
        come_in()

    assert called.count("TransactWriteItems") == 4
    assert checks == [("check", 4)]
    assert len(standing("device")) == 1


@pytest.mark.usefixtures("zeynep")
def test_patience_comes_to_an_end_and_nobody_is_signed_in() -> None:
    with watched(times(100, raising(cancelled("TransactionConflict")))), pytest.raises(LostRace):
        come_in()

    assert standing("device") == standing("security_event") == []


@pytest.mark.usefixtures("zeynep")
def test_a_crash_before_the_commit_leaves_nothing_behind() -> None:
    with watched(times(1, crash)), pytest.raises(Crash):
        come_in()

    assert standing("device") == standing("security_event") == []
    assert come_in().expires_in == 1800


def test_who_is_deactivated_while_they_sign_in_stays_outside(plant: Plant, zeynep: Person, costs: Costs) -> None:
    costs(5)  # so that the login is written too, on the condition that nobody else wrote it

    def deactivate() -> None:
        plant.admin.patch(f"/auth/users/{zeynep.id}", {"active": False})

    with watched(times(1, deactivate)), pytest.raises(InactiveAccount):
        come_in()

    assert standing("device") == []


def test_an_old_password_that_is_hashed_again_never_comes_back(zeynep: Person, costs: Costs) -> None:
    costs(5)
    desk = on_device(zeynep)

    def change() -> None:
        change_password(desk.actor, PASSWORD, NEW, HERE)

    with watched(times(1, change)), pytest.raises(BadCredentials):
        come_in()

    assert (is_let_in(PASSWORD), is_let_in(NEW)) == (False, True)


def test_coming_in_and_failing_are_events(zeynep: Person) -> None:
    come_in()
    assert not is_let_in("wrong")
    with pytest.raises(BadCredentials):
        come_in(name="nobody")

    found = sorted((each.data for each in standing("security_event")), key=lambda each: str(each["id"]))
    assert [(each["kind"], each.get("user_id"), each.get("actor_id"), each["address"]) for each in found] == [
        ("signed_in", zeynep.id, zeynep.id, "10.0.0.1"),
        ("sign_in_failed", zeynep.id, None, "10.0.0.1"),
        ("sign_in_failed", None, None, "10.0.0.1"),
    ]
    assert [each.get("detail") for each in found] == [None, *[{"code": "ERR_AUTH_BAD_CREDENTIALS"}] * 2]
    assert found[0]["device_id"] == standing("device")[0].data["id"]


@pytest.mark.usefixtures("table", "set_clock")
def test_failing_in_a_plant_that_there_is_not_is_counted_and_no_event() -> None:
    with pytest.raises(BadCredentials):
        sign_in("acme", "nobody", PASSWORD, HERE)
    assert (len(standing("throttle")), standing("security_event")) == (3, [])

    tenants.create("acme", DEFAULT_SETTINGS)
    with pytest.raises(BadCredentials):
        sign_in("acme", "nobody", PASSWORD, HERE)

    failed = [each for each in standing("security_event") if each.data["kind"] == "sign_in_failed"]
    assert [each.PK.split("#")[1] for each in failed] == ["acme"]
