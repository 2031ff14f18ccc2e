"""Spans of time as text, read and written."""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.spans import parsed, written


@given(st.integers(0, 999_999 * 86_400))
def test_what_is_written_can_be_read(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert parsed(written(span)) == span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("0", timedelta(0)),
        ("0h", timedelta(0)),
        ("90m", timedelta(minutes=90)),
        ("36h", timedelta(hours=36)),
        ("1d12h", timedelta(hours=36)),
        ("1d2h3m4s", timedelta(days=1, hours=2, minutes=3, seconds=4)),
    ],
)
def test_a_span_is_counts_of_units_the_largest_first(text: str, span: timedelta) -> None:
    assert parsed(text) == span


@pytest.mark.parametrize("text", ["", "12", "h", "12 h", "1h2d", "1h1h", "-1h", "1.5h", "1H", "٣h", "1h\n", "1000000d"])
def test_anything_else_is_no_span(text: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(text)}$"):
        parsed(text)


def test_the_largest_units_come_first_and_what_is_not_there_is_left_out() -> None:
    assert written(timedelta(days=1, minutes=5)) == "1d5m"
    assert written(timedelta(hours=24)) == "1d"
    assert written(timedelta(0)) == "0"
