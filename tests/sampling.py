"""What takes long is tested on a sample, and whole by `takip.py test --full`."""

from collections.abc import Iterable
from itertools import islice
from typing import TypeVar

from hypothesis import settings

Case = TypeVar("Case")

IS_FULL = settings.get_current_profile_name() == "full"


def sampled(cases: Iterable[Case], one_in: int, first: int = 0) -> Iterable[Case]:
    """One in so many cases, beginning with the one of that index, or all with `--full`."""
    return cases if IS_FULL else islice(cases, first % one_in, None, one_in)
