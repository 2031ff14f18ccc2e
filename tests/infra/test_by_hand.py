"""The worked examples of the metrics' page can be computed by hand, and what is written there is right."""

import re

import pytest

from chalicelib.domain.numbers.catalogue import BY_NAME, ENTRIES
from infra.documents.by_hand import BY_HAND


def computed(arithmetic: str) -> object:
    """Compute minutes and instants of a day as a person would."""
    assert re.fullmatch(r"[0-9:+−÷>() ]+", arithmetic)
    minutes = re.sub(r"0?(\d+):(\d\d)", lambda at: str(int(at[1]) * 60 + int(at[2])), arithmetic)
    return eval(minutes.replace("−", "-").replace("÷", "/"))  # noqa: S307  only digits and signs


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_what_is_computed_by_hand_is_the_value(name: str) -> None:
    assert computed(BY_HAND[name][0]) == BY_NAME[name].worked.value


def test_every_metric_that_is_no_quotient_is_computed_by_hand() -> None:
    assert {entry.name for entry in ENTRIES if entry.worked.denominator is None} == {*BY_HAND}
