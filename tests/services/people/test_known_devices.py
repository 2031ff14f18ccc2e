"""Throttling over many addresses, and the devices where somebody is signed in, which others cannot block."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chalicelib.domain.people.credentials import BadCredentials
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.throttling import PER_ADDRESS, PER_NAME_EVERYWHERE, TooManyAttempts
from chalicelib.services.people import devices
from chalicelib.services.people.sign_in import SignedIn, change_password, sign_in
from tests.conftest import SetClock
from tests.disturbances import all_at_once, times
from tests.floor import MINUTE, MORNING, WEEK, Person, Plant, on_device
from tests.machines import standing, watched
from tests.phones import PASSWORD, employ
from tests.services.coming_in import HERE, NEW, TENANT, come_in, refreshed

WRONG, RIGHT, BLOCKED = "wrong", "right", "blocked"


@pytest.fixture
def phone(zeynep: Person) -> SignedIn:
    """Zeynep's phone, where she is signed in."""
    return come_in()


def outcome(password: str, address: str = HERE.address, token: str | None = None, name: str = "zeynep") -> str:
    try:
        sign_in(TENANT, name, password, Source(address, "phone"), token)
    except BadCredentials:
        return WRONG
    except TooManyAttempts:
        return BLOCKED
    return RIGHT


def from_addresses(count: int, name: str = "zeynep") -> list[str]:
    return [outcome("a guess", f"10.1.0.{number}", name=name) for number in range(count)]


@pytest.mark.parametrize("name", ["zeynep", "nobody"])
def test_a_name_is_guessed_at_no_more_often_from_many_addresses_than_from_a_few(phone: SignedIn, name: str) -> None:
    assert from_addresses(50, name) == [WRONG] * PER_NAME_EVERYWHERE + [BLOCKED] * (50 - PER_NAME_EVERYWHERE)
    assert outcome(PASSWORD, "10.9.9.9", name=name) == BLOCKED


def test_a_block_everywhere_ends_and_the_next_is_twice_as_long(phone: SignedIn, set_clock: SetClock) -> None:
    for minutes in (1, 2):
        assert from_addresses(21) == [WRONG] * 20 + [BLOCKED]
        with pytest.raises(TooManyAttempts) as refusal:
            come_in()
        assert refusal.value.retry_after == 60 * minutes
        set_clock.forward(minutes * MINUTE)

    assert outcome(PASSWORD) == RIGHT


def test_other_names_are_not_blocked_with_it(phone: SignedIn, plant: Plant) -> None:
    employ(plant, "ayla")
    from_addresses(20)

    assert outcome(PASSWORD, name="ayla") == RIGHT


def test_being_right_at_one_address_does_not_forgive_the_failures_at_others(phone: SignedIn) -> None:
    from_addresses(19)
    assert outcome(PASSWORD) == RIGHT

    assert outcome("a guess", "10.2.0.1") == WRONG

    assert outcome(PASSWORD) == BLOCKED


def test_many_guesses_at_once_from_as_many_addresses_get_no_more_answers(
    phone: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with all_at_once(50), ThreadPoolExecutor(50) as crowd:
        got = list(crowd.map(lambda number: outcome("a guess", f"10.1.0.{number}"), range(50)))

    assert (got.count(WRONG), got.count(BLOCKED)) == (20, 30)


def test_a_right_password_that_is_overtaken_by_the_block_of_its_name_is_not_answered(phone: SignedIn) -> None:
    with watched(times(1, lambda: from_addresses(20))):
        assert outcome(PASSWORD) == BLOCKED

    assert len(standing("device")) == 1


def a_colleague() -> None:
    """Guess at her name from the plant's own address."""
    assert [outcome("a guess") for _ in range(6)] == [WRONG] * 5 + [BLOCKED]


def many_addresses() -> None:
    """Guess at her name from many addresses."""
    assert from_addresses(21)[-1] == BLOCKED


def a_whole_address() -> None:
    """Guess at so many names that the plant's own address is blocked."""
    for number in range(PER_ADDRESS // 5):
        for _ in range(5):
            outcome("a guess", name=f"name-{number}")
    assert outcome(PASSWORD) == BLOCKED


@pytest.mark.parametrize("guess", [a_colleague, many_addresses, a_whole_address])
def test_nobody_is_kept_out_of_their_own_phone(phone: SignedIn, guess: Callable[[], None]) -> None:
    guess()

    assert outcome(PASSWORD) == BLOCKED
    assert outcome("her slip", token=phone.refresh_token) == WRONG
    assert outcome(PASSWORD, token=phone.refresh_token) == RIGHT
    assert outcome(PASSWORD) == BLOCKED  # her success does not end the block of who guesses


@pytest.mark.parametrize("guess", [a_colleague, many_addresses])
def test_nobody_is_kept_from_changing_their_password(
    phone: SignedIn, zeynep: Person, guess: Callable[[], None]
) -> None:
    desk = on_device(zeynep)
    guess()

    assert change_password(desk.actor, PASSWORD, NEW, HERE).user.id == zeynep.id


def test_a_known_device_may_be_wrong_five_times_too(phone: SignedIn, set_clock: SetClock) -> None:
    assert [outcome("a guess", token=phone.refresh_token) for _ in range(6)] == [WRONG] * 5 + [BLOCKED]
    assert outcome(PASSWORD, "10.5.5.5", phone.refresh_token) == BLOCKED
    assert outcome(PASSWORD) == BLOCKED
    assert outcome(PASSWORD, "10.5.5.5") == RIGHT  # as from anywhere else

    set_clock.forward(MINUTE)
    assert [outcome("a guess", token=phone.refresh_token) for _ in range(4)] == [WRONG] * 4
    assert outcome(PASSWORD, token=phone.refresh_token) == RIGHT
    assert [outcome("a guess", token=phone.refresh_token) for _ in range(5)] == [WRONG] * 5


def test_many_guesses_at_once_from_a_known_device_get_no_more_answers(
    phone: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: None)
    with all_at_once(20), ThreadPoolExecutor(20) as crowd:
        got = list(crowd.map(lambda n: outcome("a guess", f"10.1.0.{n}", phone.refresh_token), range(20)))

    assert (got.count(WRONG), got.count(BLOCKED)) == (5, 15)


def test_a_right_password_on_a_known_device_that_is_overtaken_by_its_block_is_not_answered(phone: SignedIn) -> None:
    def guess() -> None:
        for _ in range(5):
            outcome("a guess", "10.5.5.5", phone.refresh_token)

    with watched(times(1, guess)):
        assert outcome(PASSWORD, token=phone.refresh_token) == BLOCKED

    assert len(standing("device")) == 1


def test_the_token_before_the_newest_is_as_good_and_an_older_one_as_good_as_none(phone: SignedIn) -> None:
    newest = refreshed(phone.refresh_token)
    from_addresses(20)
    assert outcome(PASSWORD, token=phone.refresh_token) == outcome(PASSWORD, token=newest) == RIGHT

    refreshed(newest)

    assert outcome(PASSWORD, token=phone.refresh_token) == BLOCKED
    assert len(standing("device")) == 3  # nobody is signed out for it


def test_a_token_that_shows_nothing_is_as_good_as_none(phone: SignedIn, plant: Plant, zeynep: Person) -> None:
    employ(plant, "ayla")
    hers = come_in(name="ayla").refresh_token
    head, _, secret = phone.refresh_token.rpartition(".")
    made_up = [f"{head}.{secret[::-1]}", f"{head[:-1]}1.{secret}", phone.refresh_token.replace("default", "another")]
    of_her = phone.refresh_token.replace(zeynep.id, come_in(name="ayla").user.id)
    tokens = [None, "", "no token", hers, *made_up, of_her]
    assert [outcome(PASSWORD, token=token) for token in tokens] == [RIGHT] * len(tokens)

    from_addresses(20)

    assert [outcome(PASSWORD, token=token) for token in tokens] == [BLOCKED] * len(tokens)
    assert outcome(PASSWORD, token=phone.refresh_token) == RIGHT


def test_a_device_that_is_signed_out_is_not_known(phone: SignedIn, zeynep: Person, set_clock: SetClock) -> None:
    (device,) = standing("device")
    other = come_in().refresh_token
    devices.sign_out(replace(zeynep, device_id=device.data["id"]).actor, HERE)
    from_addresses(20)
    assert outcome(PASSWORD, token=phone.refresh_token) == BLOCKED
    assert outcome(PASSWORD, token=other) == RIGHT

    set_clock.set(MORNING + WEEK)
    from_addresses(20)

    assert outcome(PASSWORD, token=other) == BLOCKED


def test_signing_in_on_a_known_device_is_one_read_and_one_transaction(phone: SignedIn) -> None:
    with watched() as called:
        sign_in(TENANT, "zeynep", PASSWORD, HERE, phone.refresh_token)

    assert called == ["BatchGetItem", "TransactWriteItems"]
