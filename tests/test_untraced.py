"""What is left out of the trace of the test coverage, and that the trace goes on after it."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.untraced import untraced


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """The names of the functions whose lines are traced, while another trace than that of the coverage is set."""
    traced: list[str] = []

    def trace(frame: Any, event: str, _more: Any) -> Any:
        if event == "line":
            traced.append(frame.f_code.co_name)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    yield traced
    sys.settrace(before)


def ours() -> None:
    len("")


def theirs() -> None:
    len("")


def breaking() -> None:
    raise ValueError("broken")


def test_only_what_is_left_out_is_not_traced(lines: list[str]) -> None:
    ours()
    untraced(theirs)()
    with pytest.raises(ValueError, match="broken"):
        untraced(breaking)()
    first = set(lines)
    lines.clear()
    ours()

    assert ("ours" in first, "theirs" in first, "breaking" in first) == (True, False, False)
    assert "ours" in lines
