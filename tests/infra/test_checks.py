"""The check of the CloudFormation templates, and the choice of the tests on LocalStack."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from infra.cli import checks
from infra.cli.checks import STATIC, Check
from infra.places import PROJECT
from infra.report.last_run import COVERAGE, TESTS
from infra.stack import TEMPLATE


def checked(folder: Path) -> subprocess.CompletedProcess[str]:
    """The check of `takip.py check`, in a folder."""
    (program, *arguments) = next(check.command for check in STATIC if check.name == "CloudFormation")
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_template_is_what_cloudformation_understands() -> None:
    done = checked(PROJECT)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("BillingMode: PAY_PER_REQUEST", "BillingMode: PAY_PER_DAY", "E3030"),
        ("GetAtt DeadReadingsQueue.Arn\n", "GetAtt DeadReadingsQueue.Name\n", "E1010"),
        ("VisibilityTimeout: 360", "VisibleTimeout: 360", "E3002"),
    ],
)
def test_a_template_that_cloudformation_would_refuse_is_seen(tmp_path: Path, right: str, wrong: str, rule: str) -> None:
    template = TEMPLATE.read_text(encoding="utf-8")
    assert right in template
    (tmp_path / "infra").mkdir()
    (tmp_path / "infra" / "resources.yaml").write_text(template.replace(right, wrong), encoding="utf-8")
    done = checked(tmp_path)
    assert done.returncode != 0
    assert rule in done.stdout


def test_only_a_whole_run_leaves_what_the_report_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    runs: list[list[tuple[str, ...]]] = []

    def note(asked: Sequence[Check]) -> NoReturn:
        runs.append([check.command for check in asked])
        raise SystemExit

    monkeypatch.setattr(checks, "_make", note)
    for verb, options in ((checks.test, []), (checks.test, ["tests/domain"]), (checks.check, [])):
        CliRunner().invoke(verb, options)
    whole, *others = runs
    (tests,) = (command for command in whole if command[0] == "pytest")
    assert f"--junitxml={TESTS}" in tests
    assert ("coverage", "json", "-q", "-o", str(COVERAGE)) in whole[whole.index(tests) :]
    assert [command for run in others for command in run if {f"--junitxml={TESTS}", str(COVERAGE)} & {*command}] == []


def test_localstack_is_tested_only_where_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[tuple[str, ...]] = []

    def note(asked: Sequence[Check]) -> NoReturn:
        commands.extend(check.command for check in asked if check.report)
        raise SystemExit

    monkeypatch.setattr(checks, "_make", note)
    for options in ([], ["--localstack"], ["--localstack", "-k", "destroy"]):
        CliRunner().invoke(checks.test, options)
    everything, alone, one = commands
    assert "tests/localstack" not in everything
    assert alone[-1] == "tests/localstack"
    assert one[-3:] == ("tests/localstack", "-k", "destroy")
