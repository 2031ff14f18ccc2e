"""The web origins whose pages may call: named once, and remembered by the environment."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import rich_click as click
from click.testing import CliRunner

from infra import deployment, stack
from infra.aws import Aws
from infra.cli.allowed_origins import allow_origin_option
from infra.deployment import chalice
from infra.emulator.fence import allowed_origins
from infra.emulator.process import Emulator
from infra.problem import Problem

TWO = "https://floor.example.com,http://localhost:5173"


@click.command()
@allow_origin_option
def named(origins: str | None) -> None:
    click.echo(repr(origins))


def read(*arguments: str) -> str:
    return CliRunner().invoke(named, list(arguments)).output.strip()


def test_origins_that_are_named_replace_the_earlier_ones() -> None:
    first, second = TWO.split(",")
    assert read("--allow-origin", first, "--allow-origin", second) == repr(TWO)
    assert read("--allow-origin", "capacitor://localhost") == "'capacitor://localhost'"


def test_without_the_option_nothing_changes_and_none_allows_no_page() -> None:
    assert read() == "None"
    assert read("--allow-origin", "none") == "''"


@pytest.mark.parametrize(
    "wrong",
    ["*", "null", "floor.example.com", "https://floor.example.com/", "https://Floor.example.com", "https://a,b"],
)
def test_what_no_browser_sends_as_an_origin_is_refused(wrong: str) -> None:
    assert CliRunner().invoke(named, ["--allow-origin", wrong]).exit_code == 2


def test_the_stack_remembers_them(monkeypatch: pytest.MonkeyPatch) -> None:
    remembered = {"ParameterKey": "Origins", "ParameterValue": TWO}
    described: list[dict[str, Any]] = []
    told = SimpleNamespace(describe_stacks=lambda **_: {"Stacks": [{"Parameters": described}]})
    monkeypatch.setattr(Aws, "client", lambda *_: told)
    aws = Aws("eu-central-1")

    assert stack.origins_of(aws, "dev") == ""
    described.append(remembered)
    assert stack.origins_of(aws, "dev") == deployment._origins(aws, "dev", None) == TWO
    assert deployment._origins(aws, "dev", "https://new.example") == "https://new.example"


def test_the_functions_get_them_from_the_build(tmp_path: Path) -> None:
    config = tmp_path / ".chalice" / "config.json"
    config.parent.mkdir()
    config.write_text(json.dumps({"stages": {"dev": {"environment_variables": {"A": "1"}}}}))

    chalice.tell(tmp_path, "dev", **{chalice.ORIGINS: TWO})

    assert chalice.setting(tmp_path, "dev", "environment_variables") == {"A": "1", chalice.ORIGINS: TWO}


def test_origins_in_the_tracked_file_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chalice, "setting", lambda *_: {chalice.ORIGINS: TWO})
    with pytest.raises(Problem, match="--allow-origin"):
        deployment._origins(Aws("eu-central-1"), "dev", None)


def test_pages_of_the_same_origins_may_use_the_emulator_at_once(tmp_path: Path) -> None:
    assert allowed_origins(tmp_path) == frozenset()
    Emulator(tmp_path).allow(TWO)
    assert allowed_origins(tmp_path) == frozenset(TWO.split(","))
    Emulator(tmp_path).allow("")
    assert allowed_origins(tmp_path) == frozenset()
