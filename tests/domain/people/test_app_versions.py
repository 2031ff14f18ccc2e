"""Versions of apps in the order of Semantic Versioning."""

from itertools import pairwise

import pytest

from chalicelib.domain.people.app_versions import AppOutdated, newest, order_of, refuse_older

# The example of semver.org, item 11, and more around it.
IN_ORDER = [
    "0.9.9",
    "1.0.0-alpha",
    "1.0.0-alpha.1",
    "1.0.0-alpha.beta",
    "1.0.0-beta",
    "1.0.0-beta.2",
    "1.0.0-beta.11",
    "1.0.0-rc.1",
    "1.0.0",
    "1.0.1",
    "1.2",
    "1.10.0",
    "2",
]


def test_versions_have_the_order_of_semantic_versioning() -> None:
    for older, newer in pairwise(IN_ORDER):
        refuse_older(newer, older)
        with pytest.raises(AppOutdated, match=f"This app is version {older}; {newer} or later is needed"):
            refuse_older(older, newer)


@pytest.mark.parametrize("same", ["1.2", "1.2.0", "1.2.0+build.7"])
def test_what_is_left_out_is_zero_and_a_build_does_not_count(same: str) -> None:
    assert order_of(same) == order_of("1.2.0")
    refuse_older(same, "1.2.0")


@pytest.mark.parametrize("nothing", [None, "", "latest", "1.2.3.4", "v1", "1.2-", "\uff11.2"])
def test_who_does_not_say_a_version_is_not_refused(nothing: str | None) -> None:
    refuse_older(nothing, "9")
    refuse_older("1", nothing)


def test_the_newest_of_two_minimums_counts() -> None:
    assert newest("1.10", "1.9") == "1.10"
    assert newest(None, "0") == "0"
    assert newest(None, None) is None
