"""Sentences keep what they name, and library's words are never one."""

import copy
from decimal import Decimal

import pytest

from chalicelib.domain.sentences import said, say


def test_a_sentence_is_its_english_text_and_knows_what_it_names() -> None:
    told = say(
        "At most {left} of {kinds}, {share} more.", left=Decimal("335.000"), kinds=["a", "b"], share=0.5, unit="kg"
    )

    assert told == "At most 335 of a, b, 0.5 more."
    assert told.values == {"left": 335, "kinds": ["a", "b"], "share": 0.5, "unit": "kg"}
    assert copy.deepcopy(told).values == told.values


def test_a_sentence_in_a_sentence_names_what_both_name() -> None:
    told = say("{obstacle} Only before {until}.", obstacle=say("Held since {since}.", since="8:00"), until="9:00")

    assert told == "Held since 8:00. Only before 9:00."
    assert told.values == {"since": "8:00", "until": "9:00"}


@pytest.mark.parametrize(
    ("number", "text"), [(0.001, "0.001"), (123456.789, "123456.789"), (2.0, "2"), (1e15, "1e+15")]
)
def test_numbers_have_the_digits_that_matter(number: float, text: str) -> None:
    assert say("{number}", number=number) == text


def test_what_a_library_says_is_not_told() -> None:
    assert said(ValueError(say("must be blue"))) == "must be blue"
    assert said(ValueError("invalid literal for int()")) == "is not valid"
    assert said(ValueError()) == "is not valid"
