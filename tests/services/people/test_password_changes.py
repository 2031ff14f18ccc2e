"""Changing a password: it happens once, signs in this device and no other, also when replies are lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib import passwords
from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.people.credentials import BadCredentials, PasswordExpired
from chalicelib.domain.people.throttling import TooManyAttempts
from chalicelib.domain.people.users import Actor, Role, UserNotFound
from chalicelib.services.people import devices
from chalicelib.services.people.sign_in import SignedIn, authenticate, change_password
from tests.conftest import SetClock
from tests.disturbances import Crash, after, at_commit, crash, times
from tests.floor import MORNING, Person, Plant, on_device
from tests.machines import standing, watched
from tests.phones import PASSWORD, hashed
from tests.services.coming_in import HERE, NEW, TENANT, Checks, come_in, is_let_in, kept, kinds


@pytest.fixture
def zeynep(zeynep: Person) -> Person:
    """She calls from a device on which she is signed in."""
    return on_device(zeynep)


def test_a_new_password_counts_at_once(zeynep: Person) -> None:
    change_password(zeynep.actor, PASSWORD, NEW, HERE)

    assert (is_let_in(PASSWORD), is_let_in(NEW)) == (False, True)


def test_a_changed_password_that_lost_its_reply_is_changed_once_and_answered_again(
    zeynep: Person, checks: Checks
) -> None:
    change_password(zeynep.actor, PASSWORD, NEW, HERE)
    version = kept().user.version
    checks.clear()

    again = change_password(zeynep.actor, PASSWORD, NEW, HERE)

    assert authenticate(again.access_token, "user.me").user_id == zeynep.id
    assert kept().user.version == version
    assert checks == [("check", 4)]
    assert kinds() == ["password_changed", "signed_in"]


def test_a_changed_password_whose_process_was_gone_is_answered_again(zeynep: Person) -> None:
    with at_commit(after=crash), pytest.raises(Crash):
        change_password(zeynep.actor, PASSWORD, NEW, HERE)
    assert kept().user.version == 2

    assert change_password(zeynep.actor, PASSWORD, NEW, HERE).user.id == zeynep.id
    assert is_let_in(NEW)


def test_two_changes_of_a_password_at_once_are_one_and_a_refusal(zeynep: Person) -> None:
    def overtake() -> None:
        change_password(zeynep.actor, PASSWORD, "overtaken by this", HERE)

    with watched(times(1, overtake)), pytest.raises(BadCredentials):
        change_password(zeynep.actor, PASSWORD, NEW, HERE)

    assert (is_let_in(NEW), is_let_in("overtaken by this")) == (False, True)


@pytest.mark.parametrize("requests", [0, 1, 2])
def test_the_same_change_twice_at_once_is_made_once(zeynep: Person, requests: int) -> None:
    first: list[SignedIn] = []

    def overtake() -> None:
        first.append(change_password(zeynep.actor, PASSWORD, NEW, HERE))

    with watched(after(requests, overtake)):
        second = change_password(zeynep.actor, PASSWORD, NEW, HERE)

    assert kept().user.version == 2
    assert {authenticate(each.access_token, "user.me").user_id for each in (*first, second)} == {zeynep.id}
    assert kinds() == ["password_changed", "signed_in"]


def test_a_request_is_one_guess_and_never_at_the_new_password(zeynep: Person, checks: Checks) -> None:
    with pytest.raises(BadCredentials):
        change_password(zeynep.actor, "wrong", PASSWORD, HERE)

    assert checks == [("check", 4)]
    assert kinds() == ["sign_in_failed"]


def test_on_a_device_that_is_signed_out_only_the_new_password_counts(zeynep: Person, checks: Checks) -> None:
    devices.sign_out(zeynep.actor, HERE)

    for _ in range(5):
        with pytest.raises(BadCredentials):
            change_password(zeynep.actor, PASSWORD, NEW, HERE)
    with pytest.raises(TooManyAttempts):
        change_password(zeynep.actor, "wrong", PASSWORD, HERE)

    assert checks == [("check", 4)] * 5
    assert kinds() == ["device_revoked"] + ["sign_in_failed"] * 5


def test_who_knows_the_password_is_signed_in_on_a_device_that_is_signed_out(zeynep: Person) -> None:
    devices.sign_out(zeynep.actor, HERE)

    assert change_password(zeynep.actor, "wrong", PASSWORD, HERE).user.id == zeynep.id
    assert (kinds(), kept().user.version) == (["device_revoked", "signed_in"], 1)


def test_a_wrong_current_password_counts_like_a_failed_sign_in(zeynep: Person, checks: Checks) -> None:
    for _ in range(5):
        with pytest.raises(BadCredentials):
            change_password(zeynep.actor, "wrong", NEW, HERE)
    checks.clear()

    with pytest.raises(TooManyAttempts):
        change_password(zeynep.actor, PASSWORD, NEW, HERE)
    with pytest.raises(TooManyAttempts):
        come_in()
    assert checks == []
    assert kinds() == ["sign_in_failed"] * 5


def test_a_right_current_password_forgives(zeynep: Person) -> None:
    for _ in range(4):
        assert not is_let_in("wrong")

    change_password(zeynep.actor, PASSWORD, NEW, HERE)

    for _ in range(4):
        assert not is_let_in("wrong")
    assert is_let_in(NEW)


@pytest.mark.parametrize(
    ("new", "code"),
    [
        (PASSWORD, "unchanged"),
        ("short", "too_short"),
        ("x" * 73, "too_long"),
        ("zeynep's own", "contains_username"),
        ("with\0nul inside", "contains_nul"),
    ],
)
def test_a_new_password_is_a_good_one_and_another(zeynep: Person, new: str, code: str, checks: Checks) -> None:
    with pytest.raises(InvalidFields) as refusal:
        change_password(zeynep.actor, PASSWORD, new, HERE)

    assert [(error.field, error.code) for error in refusal.value.errors] == [("new", code)]
    assert ("hash", 4) not in checks
    assert standing("security_event") == []


def test_what_is_wrong_with_a_new_password_is_told_only_to_who_knows_the_current_one(zeynep: Person) -> None:
    with pytest.raises(BadCredentials):
        change_password(zeynep.actor, "wrong", "short", HERE)


def test_somebody_who_is_not_there_any_more_changes_no_password(plant: Plant, zeynep: Person) -> None:
    with pytest.raises(UserNotFound):
        change_password(Actor(TENANT, "gone", Role.WORKER), PASSWORD, NEW, HERE)


def test_somebody_whose_login_is_gone_has_no_right_password(zeynep: Person) -> None:
    (login,) = [each for each in standing("login") if each.data["user"]["id"] == zeynep.id]
    login.delete()

    with pytest.raises(BadCredentials):
        change_password(zeynep.actor, PASSWORD, NEW, HERE)


def test_a_given_password_that_expires_in_the_hand_lets_nobody_change_it(
    plant: Plant, zeynep: Person, set_clock: SetClock
) -> None:
    given = plant.admin.post(f"/auth/users/{zeynep.id}/password").data["one_time_password"]
    desk = on_device(replace(zeynep, user=come_in(given).user))
    set_clock.set(MORNING + timedelta(days=3))

    with pytest.raises(PasswordExpired):
        change_password(desk.actor, given, NEW, HERE)
    assert passwords.matches(given, kept().password_hash, 4)
    assert kept().password_hash != hashed()
