"""PINs and badges: what is too easy, how often one may guess, and who gives what to whom."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.people.terminal_access import (
    MOST_WRONG_PINS,
    PIN,
    BadgeSecret,
    TerminalAccess,
    pin_errors,
)


@pytest.mark.parametrize(
    "pin", ["0000", "1234", "4321", "7890", "0987", "8901", "1212", "123123", "121212", "99999999", "25802580"]
)
def test_a_pin_is_not_one_of_those_that_people_guess_first(pin: str) -> None:
    assert [(error.field, error.code) for error in pin_errors(pin)] == [("pin", "too_easy")]


@pytest.mark.parametrize("pin", ["2580", "1123", "1243", "0001", "12345679", "90210"])
def test_others_will_do(pin: str) -> None:
    assert list(pin_errors(pin)) == []


def test_few_pins_are_too_easy() -> None:
    assert sum(bool(list(pin_errors(f"{n:04d}"))) for n in range(10_000)) == 120


@pytest.mark.parametrize("pin", ["258", "258014739", "25a0", "٢٥٨٠", "2580\n", ""])
def test_a_pin_has_four_to_eight_digits(pin: str) -> None:
    assert not re.fullmatch(PIN, pin)


@given(st.lists(st.booleans(), max_size=40))
def test_a_pin_is_locked_by_ten_wrong_ones_in_a_row(tries: list[bool]) -> None:
    access = TerminalAccess("u", pin_hash="hash")
    in_a_row = 0
    for right in tries:
        access, in_a_row = access.tried(right=right), 0 if right else in_a_row + 1
    assert access.pin_locked == (in_a_row >= MOST_WRONG_PINS)
    assert access.version == len(tries)
    assert not access.with_pin("another").pin_locked


def test_a_badge_is_found_however_a_reader_writes_it_and_only_with_the_secret_of_its_tenant() -> None:
    own, other = BadgeSecret(b"a"), BadgeSecret(b"b")
    assert own.digest("04:A2") == own.digest("04:a2") != own.digest("04:a3")
    assert own.digest("04:A2") != other.digest("04:A2")
