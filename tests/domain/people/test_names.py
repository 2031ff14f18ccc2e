"""The errors of full names, email addresses and phone numbers, at the exact bounds."""

import pytest

from chalicelib.domain.people.names import (
    LONGEST_EMAIL,
    LONGEST_FULL_NAME,
    LONGEST_PHONE,
    NO_PHONE,
    email_problem,
    full_name_problem,
    phone_problem,
)


@pytest.mark.parametrize("full_name", ["A", "Veli Çağlar", "Zeynep O'Neill-Şahin", "x" * LONGEST_FULL_NAME])
def test_a_full_name_of_1_to_200_characters_is_taken(full_name: str) -> None:
    assert full_name_problem(full_name) is None


def test_a_full_name_of_another_length_is_refused() -> None:
    assert full_name_problem("x" * (LONGEST_FULL_NAME + 1)) == "must have 1 to 200 characters"
    assert full_name_problem("") == "must not be blank"


@pytest.mark.parametrize("character", ["\n", "\t", "\x00", "\x7f", "\x85"])
def test_a_full_name_holds_no_control_characters(character: str) -> None:
    assert full_name_problem(f"Veli{character}Kaya") == "must not contain control characters"


def test_an_address_of_254_characters_is_taken_and_a_longer_one_refused() -> None:
    longest = "a" * (LONGEST_EMAIL - len("@example.com")) + "@example.com"
    assert len(longest) == LONGEST_EMAIL
    assert email_problem(longest) is None
    assert email_problem(f"a{longest}") is not None


@pytest.mark.parametrize("phone", ["117", "+90 (555) 000-00/01", "0555.000.00.01", "1" * LONGEST_PHONE])
def test_a_phone_number_has_three_digits_and_32_characters_at_most(phone: str) -> None:
    assert phone_problem(phone) is None


@pytest.mark.parametrize(
    "phone", ["", "11", "+90", "call me", "117a", "1+17", "\u0661\u0661\u0667", "117\n", "1" * (LONGEST_PHONE + 1)]
)
def test_what_is_no_phone_number_is_refused(phone: str) -> None:
    assert phone_problem(phone) == NO_PHONE
