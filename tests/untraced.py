"""The in-memory AWS runs without the trace of the test coverage, which would cost more than the tests themselves.

Python before 3.12 tells the trace of every line of every library, also of those that are not measured. Most of what
tests run is moto. Later versions are not slowed down so; there, to stop and go on would cost more than it saves.
"""

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from moto.core.botocore_stubber import BotocoreStubber

Given = ParamSpec("Given")
Returned = TypeVar("Returned")


def leave_out() -> None:
    """Trace no more what answers in the place of AWS. What comes before and after is traced as ever."""
    if sys.version_info < (3, 12):
        BotocoreStubber.process_request = untraced(BotocoreStubber.process_request)  # type: ignore[method-assign]


def untraced(function: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """The function, during which nothing is traced."""

    @functools.wraps(function)
    def run(*args: Given.args, **named: Given.kwargs) -> Returned:
        trace = sys.gettrace()
        sys.settrace(None)
        try:
            return function(*args, **named)
        finally:
            sys.settrace(trace)

    return run
