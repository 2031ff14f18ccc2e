"""The rules of a password, and who may sign in with the right one."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.people.credentials import (
    GIVEN_PASSWORD_LASTS,
    MAX_BYTES,
    InactiveAccount,
    Login,
    PasswordExpired,
    admit,
    password_errors,
)
from chalicelib.domain.people.users import Role, User
from tests.domain.builders import DAY, HOUR, MINUTE, MORNING

VELI = User("u1", "Veli", Role.WORKER, MORNING, devices_since=MORNING)
LOGIN = Login(VELI, "a hash")


def wrong(password: str, *, username: str = "veli", shortest: int = 8) -> list[str]:
    return [error.code for error in password_errors(password, username, shortest)]


@pytest.mark.parametrize("password", ["8 letters"[:8], "x" * MAX_BYTES, "ş" * (MAX_BYTES // 2), "pass word", " " * 8])
def test_a_password_is_good_by_its_length_alone(password: str) -> None:
    assert wrong(password) == []


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("7 chars", ["too_short"]),
        ("x" * 73, ["too_long"]),
        ("ş" * 37, ["too_long"]),
        ("with\0nul inside", ["contains_nul"]),
        ("I am VELI!", ["contains_username"]),
        ("\uff36\uff25\uff2c\uff29 of the press", ["contains_username"]),
        ("veli\0", ["too_short", "contains_nul", "contains_username"]),
        ("half \ud800 of one", ["not_text"]),
        ("\udfff" * 25, ["too_long", "not_text"]),
    ],
)
def test_everything_that_is_wrong_with_a_password_is_told_at_once(password: str, codes: list[str]) -> None:
    assert wrong(password) == codes


def test_how_short_is_too_short_is_the_callers_to_say() -> None:
    assert wrong("x" * 11, shortest=12) == ["too_short"]
    assert wrong("x" * 12, shortest=12) == []


def test_what_is_wrong_is_told_of_the_field_it_came_in() -> None:
    assert [error.field for error in password_errors("short", "veli", 8, "new")] == ["new"]


@given(st.text(st.characters(), max_size=80))
def test_no_password_that_is_good_is_more_than_bcrypt_takes(password: str) -> None:
    assert wrong(password) != [] or 8 <= len(password.encode()) <= MAX_BYTES


@pytest.mark.parametrize("expires_at", [None, MORNING + timedelta(milliseconds=1)])
def test_somebody_active_whose_password_lasts_may_come_in(expires_at: object) -> None:
    admit(replace(LOGIN, expires_at=expires_at), MORNING)  # type: ignore[arg-type]
    assert LOGIN.user.active


@pytest.mark.parametrize("expires_at", [MORNING, MORNING - DAY])
def test_a_password_that_was_given_is_good_for_nothing_once_it_has_expired(expires_at: object) -> None:
    with pytest.raises(PasswordExpired):
        admit(replace(LOGIN, expires_at=expires_at), MORNING)  # type: ignore[arg-type]


def test_somebody_who_is_not_active_may_not_come_in_whatever_their_password() -> None:
    gone = replace(VELI, active=False)
    for login in (Login(gone, "a hash"), Login(gone, "a hash", MORNING)):
        with pytest.raises(InactiveAccount):
            admit(login, MORNING)


def test_a_given_password_must_be_changed_lasts_a_weekend_and_signs_out_everywhere() -> None:
    given_one = LOGIN.with_given_password("another hash", MORNING + HOUR)

    assert given_one == Login(
        replace(VELI, must_change_password=True, devices_since=MORNING + HOUR, version=2),
        "another hash",
        MORNING + HOUR + GIVEN_PASSWORD_LASTS,
    )


def test_a_chosen_password_lasts_and_signs_out_everywhere() -> None:
    given_one = LOGIN.with_given_password("another hash", MORNING)

    chosen = given_one.with_password("a third", MORNING + MINUTE)

    assert chosen == Login(replace(VELI, devices_since=MORNING + MINUTE, version=3), "a third")


@given(st.lists(st.timedeltas(min_value=-HOUR, max_value=HOUR).map(lambda span: span // MINUTE * MINUTE), max_size=5))
def test_each_new_password_signs_out_also_where_clocks_go_backwards(spans: list[timedelta]) -> None:
    login, seen = LOGIN, [LOGIN.user.devices_since]
    for span in spans:
        login = login.with_password("a hash", MORNING + span)
        seen.append(login.user.devices_since)

    assert len(set(seen)) == len(spans) + 1
    assert login.user.version == len(spans) + 1


@pytest.mark.parametrize("password", ["adım IŞIK 7", "işik işik", "is\u0327ik is\u0327ik"])
@pytest.mark.parametrize("username", ["ışık", "Işık ", "İŞİK\u00a0"])
def test_a_password_contains_the_username_in_no_spelling(username: str, password: str) -> None:
    assert [error.code for error in password_errors(password, username, 8)] == ["contains_username"]
