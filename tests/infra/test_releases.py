"""Releases: beside the old one until they have proved themselves, and the way back."""

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from click.testing import CliRunner

from chalicelib import __version__
from chalicelib.domain.schema import OLDEST_READ, WRITTEN
from infra import deployment
from infra.aws import Aws
from infra.cli import commands
from infra.cli import releases as verbs
from infra.deployment import releasing, versions
from infra.deployment.releasing import Rollout
from infra.deployment.versions import Known, Release
from infra.problem import Problem
from tests.infra.lambdas import API, FUNCTIONS, INGEST, change, delete, make


@pytest.fixture
def aws(emulated: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An account with the functions of dev, of which nothing was released. It keeps as many releases as Amazon's."""
    monkeypatch.setattr(releasing, "_KEPT_ON_AN_EMULATOR", 10)
    make(emulated, *FUNCTIONS)
    yield emulated
    delete(emulated, *FUNCTIONS)


def known(aws: Aws) -> Known:
    return releasing.read(aws, "dev", FUNCTIONS)


def release(aws: Aws, rollout: Rollout | None = None) -> int:
    """Change the code, and bring it to serve. Returns the number of the release."""
    number = known(aws).last + 1
    change(aws, number, *FUNCTIONS)
    releasing.bring(aws, "dev", FUNCTIONS, number, lambda _: nullcontext(), rollout)
    return number


def serving(aws: Aws) -> set[int | None]:
    now = known(aws)
    return {now.serving(function) for function in FUNCTIONS}


def weights(aws: Aws) -> list[float]:
    return [share for alias in known(aws).aliases.values() for share in alias.shares.values()]


def refuse(_: Release) -> None:
    raise Problem("The work order could not be started.")


def allow(_: Release) -> None:
    """Nothing of the table speaks against it."""


def test_a_release_is_a_version_of_every_function_with_its_own_environment(aws: Aws) -> None:
    assert [release(aws), release(aws)] == [1, 2]
    newest, first = known(aws).releases
    assert (newest.number, set(newest.versions), first.number) == (2, set(FUNCTIONS), 1)
    assert (newest.origin.app, newest.origin.schemas) == (__version__, (OLDEST_READ, WRITTEN))
    environment = aws.client("lambda").get_function_configuration(FunctionName=INGEST, Qualifier="live")["Environment"]
    assert environment["Variables"]["TAKIP_RELEASE"] == "2"


def test_the_release_before_serves_until_the_new_one_was_tried_and_watched_with_a_share(aws: Aws) -> None:
    seen: list[Any] = []
    look: Callable[[Release], None] = lambda new: seen.append((new.number, serving(aws), weights(aws)))  # noqa: E731
    release(aws, Rollout(look, look))
    release(aws, Rollout(look, look))
    first, tried, watched = seen
    assert first == (1, {None}, [])  # a first release has nobody to share with
    assert tried == (2, {1}, [])
    assert watched == (2, {1}, [0.1] * len(FUNCTIONS))
    assert (serving(aws), weights(aws)) == ({2}, [])


def test_what_fails_when_it_is_tried_never_serves(aws: Aws) -> None:
    with pytest.raises(Problem, match=r"could not be started(?s:.*)Release 1 does not serve. No release serves"):
        release(aws, Rollout(refuse))
    assert serving(aws) == {None}
    release(aws)
    with pytest.raises(Problem, match=r"Release 3 does not serve\. Release 2 serves everything, as before"):
        release(aws, Rollout(refuse))
    assert serving(aws) == {2}


@pytest.mark.parametrize("fault", [Problem("The alarm rings."), KeyboardInterrupt()])
def test_what_is_unhealthy_with_a_share_loses_it(aws: Aws, fault: BaseException) -> None:
    def ring(_: Release) -> None:
        raise fault

    release(aws)
    with pytest.raises(type(fault)):
        release(aws, Rollout(lambda _: None, ring))
    assert (serving(aws), weights(aws)) == ({1}, [])
    assert release(aws) == 3


def test_the_way_back_is_to_the_release_before_and_forward_again(aws: Aws) -> None:
    for _ in range(3):
        release(aws)
    assert [releasing.roll_back(aws, "dev", FUNCTIONS, None, allow).number for _ in range(2)] == [2, 3]
    assert releasing.roll_back(aws, "dev", FUNCTIONS, 1, allow).number == 1
    assert serving(aws) == {1}
    for missing, told in ((9, "There is no release 9. Releases that are kept: 3, 2, 1."), (4, "no release 4")):
        with pytest.raises(Problem, match=told):
            releasing.roll_back(aws, "dev", FUNCTIONS, missing, allow)
    assert serving(aws) == {1}


def test_before_the_first_release_there_is_no_way_back(aws: Aws) -> None:
    release(aws)
    with pytest.raises(Problem, match=r"No release served before this one\. Releases that are kept: 1\."):
        releasing.roll_back(aws, "dev", FUNCTIONS, None, allow)


def test_a_release_that_was_interrupted_while_it_was_published_is_none(aws: Aws) -> None:
    release(aws)
    change(aws, 2, INGEST)
    versions.publish(aws, [INGEST], API, 2, versions.Origin())
    assert ([each.number for each in known(aws).releases], serving(aws)) == ([1], {1})
    assert release(aws) == 3


def test_old_releases_are_deleted_but_never_what_serves_or_served_before(aws: Aws) -> None:
    for _ in range(4):
        release(aws)
    releasing.roll_back(aws, "dev", FUNCTIONS, 1, allow)  # it served 4 before
    change(aws, 5, INGEST)
    versions.publish(aws, [INGEST], API, 5, versions.Origin())  # interrupted
    versions.prune(aws, known(aws), 2)
    now = known(aws)
    assert [each.number for each in now.releases] == [4, 3, 1]
    assert set(now.versions[INGEST]) == {4, 3, 1}


def test_on_a_laptop_two_releases_are_kept(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    for _ in range(3):
        release(aws)
    assert [each.number for each in known(aws).releases] == [3, 2]


def test_a_function_that_a_release_does_not_have_stays_as_it_is(aws: Aws) -> None:
    release(aws)
    make(aws, "takip-dev-new")
    functions = (*FUNCTIONS, "takip-dev-new")
    change(aws, 2, *functions)
    releasing.bring(aws, "dev", functions, 2, lambda _: nullcontext(), Rollout(lambda _: None, lambda _: None))
    releasing.roll_back(aws, "dev", functions, 1, allow)
    now = releasing.read(aws, "dev", functions)
    assert (now.serving(API), now.serving("takip-dev-new")) == (1, 2)
    delete(aws, "takip-dev-new")


def test_the_verbs_list_what_serves_and_go_back(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "aws_of", lambda _: aws)
    monkeypatch.setattr(deployment.chalice, "found", lambda *_: type("There", (), {"functions": FUNCTIONS}))

    def told(*words: str) -> str:
        return CliRunner().invoke(commands.takip, [*words, "--stage", "dev"], catch_exceptions=False).output

    def refuse_first(_aws: Aws, environment: str, release: Release) -> None:
        if is_unreadable:
            raise Problem(f"{environment} cannot be read by release {release.number}.")

    monkeypatch.setattr(verbs, "refuse_unreadable", refuse_first)
    release(aws)
    release(aws)
    is_unreadable = True
    with pytest.raises(Problem, match=r"dev cannot be read by release 1\."):
        told("rollback")
    assert serving(aws) == {2}
    is_unreadable = False
    assert "Release 1 serves all of dev" in told("rollback")
    listed = json.loads(told("releases", "--json"))
    assert [(each["release"], each["serves"]) for each in listed] == [(2, ""), (1, "everything")]
    assert listed[0].keys() == {"release", "at", "app", "commit", "by", "serves"}
    versions.share(aws, known(aws), known(aws).releases[0], 0.1)
    now = known(aws)
    versions.serve(aws, now, 2, {INGEST: now.versions[INGEST][2]})
    shown = told("releases")
    assert ("10% of the calls" in shown, "3 of 4 functions" in shown) == (True, True)
