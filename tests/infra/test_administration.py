"""What the tools ask of Takip's own code, in a process of its own, on the emulator's table."""

from collections.abc import Iterator

import pytest

from infra.administration import ask, make_admin
from infra.aws import Aws
from infra.deployment.stack import delete_stack, put_stack
from infra.problem import Problem


@pytest.fixture(scope="module")
def stacked(emulated: Aws) -> Iterator[Aws]:
    """The resources of the local environment, without any function."""
    put_stack(emulated, "local")
    yield emulated
    delete_stack(emulated, "local")


def test_an_admin_is_made_once(stacked: Aws) -> None:
    assert make_admin(stacked, "local", "ada", "a-long-password")
    assert not make_admin(stacked, "local", "ADA", "another-password")


def test_all_that_is_wrong_is_told_at_once(stacked: Aws) -> None:
    with pytest.raises(Problem) as refused:
        make_admin(stacked, "local", "ali", "ali")

    assert "password: must have at least 8 characters\npassword: must not contain the username" in str(refused.value)


def test_what_breaks_is_told_with_its_last_words(emulated: Aws) -> None:
    with pytest.raises(Problem, match=r"\(fly\)(?s:.*)KeyError: 'fly'"):
        list(ask(emulated, "local", "fly", {}))
