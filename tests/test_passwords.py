"""Passwords: what is stored, and how they are compared."""

import hashlib
import re
import time

import bcrypt
import pytest

from chalicelib import passwords, remembered

COST = 4
HASHED = passwords.hashed("correct horse", COST)


@pytest.fixture
def costs(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """At which cost bcrypt checked something."""
    made: list[int] = []
    real = bcrypt.checkpw

    def checkpw(word: bytes, salt: bytes) -> bool:
        made.append(int(salt[4:6]))
        return real(word, salt)

    monkeypatch.setattr(bcrypt, "checkpw", checkpw)
    return made


@pytest.mark.parametrize(
    ("password", "same"),
    [("correct horse", True), ("correct horsE", False), ("correct horse ", False), ("correct horse\0", False)],
)
def test_a_password_is_compared_exactly_as_it_was_given(password: str, *, same: bool) -> None:
    assert passwords.matches(password, HASHED, COST) is same


def test_two_hashes_of_a_password_are_two() -> None:
    assert passwords.hashed("correct horse", COST) != HASHED


@pytest.mark.parametrize("password", ["x" * 73, "x" * 1024, "x" * 71 + "ş", "x" * 72 + "\ud800"])
def test_what_begins_with_the_password_is_not_the_password(password: str) -> None:
    full = passwords.hashed("x" * 72, COST)

    assert passwords.matches("x" * 72, full, COST)
    assert not passwords.matches(password, full, COST)


@pytest.mark.parametrize("password", ["", "\0", "\ud800", "\udfff" * 80, "ş" * 40])
def test_whatever_is_compared_is_only_ever_right_or_wrong(password: str) -> None:
    assert not passwords.matches(password, HASHED, COST)


@pytest.mark.parametrize("password", ["", "x", "x" * 100])
def test_nobodys_password_is_right_for_nothing_and_costs_a_check_like_anybodys(costs: list[int], password: str) -> None:
    assert not passwords.matches(password, None, COST)
    assert costs == [COST]


@pytest.mark.parametrize("asked", [COST, COST + 1, COST + 4])
def test_a_wrong_password_costs_what_is_asked_for_now_also_where_the_hash_is_cheaper(
    costs: list[int], asked: int
) -> None:
    assert not passwords.matches("wrong", HASHED, asked)
    assert sum(2**cost for cost in costs) == 2**asked
    costs.clear()

    assert passwords.matches("correct horse", HASHED, asked)
    assert costs == [COST]


def test_a_wrong_password_costs_no_less_than_a_dearer_hash_does(costs: list[int]) -> None:
    assert not passwords.matches("wrong", passwords.hashed("correct horse", COST + 1), COST)
    assert costs == [COST + 1]


def test_nobodys_password_takes_as_long_as_anybodys() -> None:
    cost, taken = 9, {}
    for name, password_hash in (("somebody's", passwords.hashed("correct horse", cost)), ("nobody's", None)):
        began = time.process_time()
        for _ in range(3):
            passwords.matches("wrong", password_hash, cost)
        taken[name] = time.process_time() - began

    assert 0.4 < taken["nobody's"] / taken["somebody's"] < 2.5


@pytest.mark.usefixtures("environment")
def test_a_hash_that_is_made_once_is_made_when_it_is_first_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAKIP_BCRYPT_COST", str(COST))
    hashed = passwords.hashed_once("correct horse")
    monkeypatch.setenv("TAKIP_BCRYPT_COST", str(COST + 1))
    remembered.forget_everything()

    first = hashed()

    assert first.startswith(f"$2b${COST + 1:02d}$")
    assert passwords.matches("correct horse", first, COST + 1)
    assert hashed() == first


@pytest.mark.parametrize(("cost", "cheaper"), [(4, False), (5, True), (6, True)])
def test_a_hash_that_is_cheaper_than_is_asked_for_is_made_anew(cost: int, *, cheaper: bool) -> None:
    renewed = passwords.renewed("correct horse", HASHED, cost)

    assert (renewed is not None) is cheaper
    assert renewed is None or (
        renewed.startswith(f"$2b${cost:02d}$") and passwords.matches("correct horse", renewed, 4)
    )
    assert passwords.renewed("x", passwords.hashed("x", 5), 4) is None


def test_a_password_to_be_given_can_be_read_aloud_and_is_never_the_same() -> None:
    made = {passwords.one_time() for _ in range(200)}

    assert len(made) == 200
    assert all(re.fullmatch(r"([a-km-np-z2-9]{4}-){2}[a-km-np-z2-9]{4}", password) for password in made)
    assert len(set("".join(made)) - {"-"}) == len(passwords.READABLE) == 31


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize("password", ["password", "PassWord1", "1q2w3e4r"])
def test_what_is_guessed_first_is_refused_where_the_settings_say_so(
    monkeypatch: pytest.MonkeyPatch, password: str
) -> None:
    assert passwords.errors(password, "veli") == []
    remembered.forget_everything()
    monkeypatch.setenv("TAKIP_REFUSE_COMMON_PASSWORDS", "true")

    assert [(error.field, error.code) for error in passwords.errors(password, "veli", "new")] == [("new", "too_common")]
    assert passwords.errors("correct horse battery", "veli") == []


LONG = "x" * 80
OLD = {
    "bcrypt": bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(5)).decode(),
    "pbkdf2": f"pbkdf2:sha256:10$salt${hashlib.pbkdf2_hmac('sha256', LONG.encode(), b'salt', 10).hex()}",
}


@pytest.mark.parametrize("made_by", list(OLD))
def test_a_long_password_of_another_system_goes_on_and_is_hashed_anew_once(made_by: str) -> None:
    carried = passwords.carried(OLD[made_by])
    assert carried is not None
    assert passwords.matches(LONG, carried, COST)

    renewed = passwords.renewed(LONG, carried, 6)

    assert renewed is not None
    assert renewed.startswith("cut:$2b$06$")
    assert not passwords.awaits_its_owner(renewed)
    assert passwords.matches(LONG, renewed, COST)
    assert not passwords.matches("x" * 71, renewed, COST)
    assert passwords.renewed(LONG, renewed, 6) is None
    dearer = passwords.renewed("x" * 72, renewed, 7)
    assert dearer is not None
    assert passwords.matches(LONG, dearer, COST)


def test_a_password_of_another_system_that_is_not_long_is_hashed_as_everybodys() -> None:
    carried = passwords.carried(bcrypt.hashpw(b"veli-1", bcrypt.gensalt(6)).decode())
    assert carried is not None

    renewed = passwords.renewed("veli-1", carried, 5)

    assert renewed is not None
    assert renewed.startswith("$2b$05$")
    assert passwords.matches("veli-1", renewed, 5)


def test_what_cannot_be_checked_is_not_carried_and_right_for_nobody() -> None:
    assert passwords.carried("$6$rounds=656000$x$y") is None
    assert not passwords.matches("", "carried:$6$rounds=656000$x$y", COST)
    assert not passwords.matches("", "carried:", COST)


@pytest.mark.parametrize(("iterations", "costs_more"), [(1, 2**8), (25 * 256, 2**8 - 25), (2**16, 0), (2**18, 0)])
def test_a_wrong_password_of_a_carried_hash_costs_what_is_asked_for_now(
    costs: list[int], iterations: int, costs_more: int
) -> None:
    carried = passwords.carried(f"pbkdf2:sha256:{iterations}$salt${'ab' * 32}")

    assert not passwords.matches("wrong", carried, 8)

    assert 0 <= costs_more - sum(2**cost for cost in costs) < 2**COST
