"""Another table for what serves: a release of the same code, and the way back. The functions are small."""

from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from infra import deployment
from infra.aws import Aws
from infra.cli import commands, drill
from infra.cli import restore as verbs
from infra.deployment import callers, releasing, switching, tables, watching
from infra.deployment.releasing import Rollout
from infra.deployment.versions import Origin
from infra.problem import Problem
from infra.restoring import making
from tests.infra.lambdas import API, FUNCTIONS, SENDER, delete, make, zipped
from tests.infra.test_callers import KEYS

FIRST, OTHER = "takip-dev", "takip-dev-restored-20260105t101500"
UNTRIED = Rollout(lambda _: None)


@pytest.fixture
def aws(emulated: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An account with two tables of dev, and release 1 of its functions. The stream of the first one calls."""
    monkeypatch.setattr(releasing, "_KEPT_ON_AN_EMULATOR", 10)
    make(emulated, *FUNCTIONS)
    for name in (FIRST, OTHER, "takip-device"):
        emulated.client("dynamodb").create_table(TableName=name, **KEYS)
    change(emulated, FIRST, 1)
    release(emulated, 1)
    stream = emulated.client("dynamodb").describe_table(TableName=FIRST)["Table"]["LatestStreamArn"]
    emulated.client("lambda").create_event_source_mapping(
        EventSourceArn=stream, FunctionName=f"{SENDER}:live", StartingPosition="LATEST"
    )
    yield emulated
    for each in callers.connections(emulated, FUNCTIONS):
        emulated.client("lambda").delete_event_source_mapping(UUID=each.id)
    for name in (FIRST, OTHER, "takip-device"):
        emulated.client("dynamodb").delete_table(TableName=name)
    delete(emulated, *FUNCTIONS)


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that alarms were made for."""
    made: list[str] = []
    monkeypatch.setattr(watching, "put", lambda aws, environment: made.append(tables.serving(aws, environment)))
    return made


def change(aws: Aws, table: str, number: int) -> None:
    for name in FUNCTIONS:
        variables = {"TAKIP_TABLE": table, "TAKIP_RELEASE": str(number)}
        aws.client("lambda").update_function_configuration(FunctionName=name, Environment={"Variables": variables})


def release(aws: Aws, number: int) -> None:
    origin = Origin("1.2.3", "abc")
    releasing.bring(aws, "dev", FUNCTIONS, number, lambda _: nullcontext(), None, origin=origin)


def streams(aws: Aws) -> list[tuple[str, bool]]:
    return [(each.source.split("/")[1], each.is_on) for each in callers.connections(aws, {SENDER})]


def switch(aws: Aws, table: str, rollout: Rollout = UNTRIED) -> int:
    return switching.switch(aws, "dev", FUNCTIONS, table, lambda _: nullcontext(), rollout)


def code(aws: Aws, qualifier: str) -> str:
    found: str = aws.client("lambda").get_function_configuration(FunctionName=API, Qualifier=qualifier)["CodeSha256"]
    return found


def test_stream_and_alarms_follow_the_table_there_and_back(aws: Aws, looked_at: list[str]) -> None:
    assert switch(aws, OTHER) == 2
    assert (tables.serving(aws, "dev"), streams(aws), looked_at) == (OTHER, [(OTHER, True)], [OTHER])
    newest, first = releasing.read(aws, "dev", FUNCTIONS).releases
    assert newest.origin == first.origin == Origin("1.2.3", "abc")
    assert releasing.roll_back(aws, "dev", FUNCTIONS, None, lambda _: None).number == 1
    assert switching.follow(aws, "dev") == FIRST
    assert (streams(aws), looked_at) == ([(FIRST, True)], [OTHER, FIRST])
    assert switching.follow(aws, "dev") == FIRST
    assert looked_at == [OTHER, FIRST]


def test_a_brake_stays(aws: Aws, looked_at: list[str]) -> None:
    (connection,) = callers.connections(aws, {SENDER})
    aws.client("lambda").update_event_source_mapping(UUID=connection.id, Enabled=False)
    switch(aws, OTHER)
    assert streams(aws) == [(OTHER, False)]


def test_the_code_that_serves_goes_on_also_if_a_newer_release_was_rolled_back(
    aws: Aws, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    serves = code(aws, "live")
    for name in FUNCTIONS:
        aws.client("lambda").update_function_code(FunctionName=name, ZipFile=zipped("newer.py"))
    change(aws, FIRST, 2)
    release(aws, 2)
    releasing.roll_back(aws, "dev", FUNCTIONS, 1, lambda _: None)
    assert code(aws, "$LATEST") != serves
    with pytest.raises(Problem, match="Deploy the release that shall serve, then switch"):
        switch(aws, OTHER)  # the emulator hands out the newest code, whatever version is asked for
    handed_out = httpx.Response(200, content=zipped("empty.py"), request=httpx.Request("GET", "http://code"))
    monkeypatch.setattr(httpx, "get", lambda *_, **__: handed_out)
    assert switch(aws, OTHER) == 3
    assert code(aws, "live") == serves


def test_a_table_with_which_the_release_fails_never_serves(aws: Aws, looked_at: list[str]) -> None:
    def refuse(_: Any) -> None:
        raise Problem("The probe could not sign in.")

    with pytest.raises(Problem, match="Release 1 serves everything, as before"):
        switch(aws, OTHER, Rollout(refuse))
    assert (tables.serving(aws, "dev"), streams(aws), looked_at) == (FIRST, [(FIRST, True)], [])
    with pytest.raises(Problem, match=f"dev has no table takip-device. Its tables: {FIRST}, {OTHER}"):
        switch(aws, "takip-device")


def test_what_was_published_beside_is_taken_away_again(aws: Aws) -> None:
    before = aws.client("lambda").list_versions_by_function(FunctionName=API)["Versions"]
    beside = switching.beside(aws, "dev", [API, SENDER], OTHER)
    assert tables.serving(aws, "dev", beside.versions[API]) == OTHER
    assert tables.serving(aws, "dev") == FIRST
    switching.forget(aws, "dev", [API, SENDER], OTHER)
    after = aws.client("lambda").list_versions_by_function(FunctionName=API)["Versions"]
    assert [each["Version"] for each in after] == [each["Version"] for each in before]
    assert tables.serving(aws, "dev", "$LATEST") == FIRST


def test_a_switch_that_was_interrupted_is_run_again(
    aws: Aws, looked_at: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verbs, "aws_of", lambda _stage: aws)
    stream = aws.client("dynamodb").describe_table(TableName=OTHER)["Table"]["LatestStreamArn"]
    aws.client("lambda").create_event_source_mapping(
        EventSourceArn=stream, FunctionName=f"{SENDER}:live", StartingPosition="LATEST"
    )  # an earlier run came so far
    for _ in range(2):
        told = CliRunner().invoke(commands.takip, ["switch", FIRST, "--stage", "dev"])
        assert (told.exit_code, f"{FIRST} serves all of dev already." in told.output) == (0, True)
        assert streams(aws) == [(FIRST, True)]
    assert looked_at == [FIRST, FIRST]


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "either --to-time or --backup"),
        (["--to-time", "2026-01-05T10:15:00Z", "--backup", "latest"], "either --to-time or --backup"),
        (["--backup", "arn:aws:dynamodb:x", "--of", OTHER], "A backup is of one table, so leave out --of."),
        (["--to-time", "2026-01-05T10:15:00Z", "--of", "takip-no"], "There is no table takip-no"),
        (["--to-time", "2026-01-05T10:15:00Z"], f"{OTHER} was made for this time and serves dev"),
    ],
)
def test_a_restore_refuses_what_makes_no_sense(
    monkeypatch: pytest.MonkeyPatch, aws: Aws, looked_at: list[str], words: list[str], why: str
) -> None:
    monkeypatch.setattr(verbs, "aws_of", lambda _stage: aws)
    tables.recover(aws, OTHER)
    switch(aws, OTHER)
    assert why in str(CliRunner().invoke(commands.takip, ["restore", "--stage", "dev", *words]).exception)


def test_before_anything_is_deployed_the_table_of_the_stack_serves(emulated: Aws) -> None:
    assert tables.serving(emulated, "prod") == "takip-prod"
    assert deployment.tables.every(emulated, "prod") == []


def test_a_deployment_keeps_the_table_that_serves(
    aws: Aws, looked_at: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Gathered(Exception):
        pass

    def gather(_folder: Path, _environment: str, _there: object, variables: dict[str, str]) -> None:
        raise Gathered(variables["TAKIP_TABLE"])

    monkeypatch.setattr(deployment, "_put_resources", lambda *_: None)
    monkeypatch.setattr(deployment, "target_of", lambda _aws: None)
    monkeypatch.setattr(deployment, "_gather", gather)
    for table in (FIRST, OTHER):
        with pytest.raises(Gathered, match=f"^{table}$"):
            deployment.deploy(aws, "dev", tmp_path)
        if table == FIRST:
            switch(aws, OTHER)


def test_a_drill_that_fails_takes_everything_away_too(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def fail(*_: object) -> None:
        raise Problem("The table could not be compared.")

    def forget(_aws: Aws, _stage: str, _functions: object, table: str) -> None:
        taken.append(table)
        raise Problem("The versions could not be deleted.")

    monkeypatch.setattr(drill, "aws_of", lambda _stage: aws)
    monkeypatch.setattr(drill, "bring_back", fail)
    monkeypatch.setattr(switching, "forget", forget)
    monkeypatch.setattr(making, "delete", lambda _aws, table: taken.append(table))
    tables.recover(aws, FIRST)
    told = CliRunner().invoke(commands.takip, ["drill", "--stage", "dev"])
    assert (str(told.exception), "can be restored" in told.output) == ("The versions could not be deleted.", False)
    assert len(set(taken)) == 1
    assert len(taken) == 2
    assert taken[0].startswith("takip-dev-restored-drill-")
