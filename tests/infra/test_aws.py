"""Amazon's AWS: without credentials or a region, a verb says how to set them."""

import os

import pytest
from click.testing import CliRunner

from infra.cli import commands
from infra.problem import Problem

VERBS = (
    ("keys", "list"),
    ("admin", "create", "--username", "ada"),
    ("tenant", "list"),
    ("deploy",),
    ("destroy",),
)


@pytest.fixture(autouse=True)
def no_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    """Surroundings without any account, wherever the tests run."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, os.devnull)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def refusal(*verb: str) -> str:
    refused = CliRunner().invoke(commands.takip, [*verb, "--stage", "dev"], input="a-long-password\n").exception
    assert isinstance(refused, Problem), refused
    return str(refused)


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_without_credentials_the_way_to_some_is_told(verb: tuple[str, ...]) -> None:
    told = refusal(*verb)

    assert told.startswith("AWS says: Unable to locate credentials")
    for way in ("AWS_PROFILE", "aws configure", "aws sso login", "AWS_DEFAULT_REGION"):
        assert way in told


def test_so_it_is_for_a_profile_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "factory")

    assert "factory" in refusal("keys", "list")
