"""`takip.py check` and `takip.py test`: the fast checks, and all checks."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from xml.etree import ElementTree as ET

import rich_click as click
from rich.table import Table

from infra.cli.console import console, heading, line
from infra.places import KEPT, PROJECT
from infra.report.last_run import COVERAGE, TESTS
from infra.supply.advisories import SKIPPED

_FULLY_COVERED = ("chalicelib/domain", "chalicelib/services")
_COVERED_PERCENT = 90
_REPORT = KEPT / "tests.xml"
# What a whole run leaves for `takip.py report`. Chosen tests leave it as it is.
_KEEPING = ("coverage", "json", "-q", "-o", str(COVERAGE))
# Chosen tests run with pytest's defaults. All tests share the processors, in the order of tests/conftest.py. There is
# one process more than processors, because the one with the deployed system mostly waits.
_SHARED_OUT = ("-n", str(min(os.cpu_count() or 1, 4) + 1), "--no-loadscope-reorder")


@dataclass(frozen=True)
class Check:
    """One check: its heading, and its command (a program of this Python's environment)."""

    name: str
    command: tuple[str, ...]
    report: Path | None = None
    """What pytest writes about the tests, if it is a check of tests."""


@dataclass(frozen=True)
class Verdict:
    """The exit code of a check, and its duration in seconds."""

    check: Check
    code: int
    seconds: float

    @property
    def word(self) -> str:
        """Passed, failed, or skipped because this machine cannot make the check, which has said why."""
        return {0: "passed", SKIPPED: "skipped"}.get(self.code, "failed")


STATIC = (
    Check("Format", ("ruff", "format", "--check", ".")),
    Check("Style", ("ruff", "check", ".")),
    Check("Types", ("mypy",)),
    Check("Law of imports", ("lint-imports",)),
    Check("CloudFormation", ("cfn-lint", "infra/*.yaml")),
    Check(
        "Security of the code", ("bandit", "-q", "-ll", "-r", "app.py", "takip.py", "chalicelib", "functions", "infra")
    ),
)
_ADVISORIES = Check("Known weaknesses of what ships", ("python", "-m", "infra.supply.advisories"))
_RIGHTS = Check("Rights of the Lambdas: none missing, none spare", ("python", "-m", "tests.rights"))


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED)
def check(pytest_args: tuple[str, ...]) -> None:
    """Run the fast checks: format, style, types, imports, CloudFormation, and the tests that need no emulator."""
    command = ("pytest", "-q", "-m", "not e2e", f"--junitxml={_REPORT}", *(pytest_args or _SHARED_OUT))
    checks = (*STATIC, Check("Fast tests", command, _REPORT))
    _finish(_make(checks if pytest_args else (*checks, _RIGHTS)))


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--full", is_flag=True, help="Test whole what is otherwise a sample, such as 50 cases of a law.")
@click.option("--localstack", is_flag=True, help="Test deploy and destroy on LocalStack; needs Python 3.13, no Docker.")
@click.argument("pytest_args", nargs=-1, type=click.UNPROCESSED)
def test(pytest_args: tuple[str, ...], *, full: bool, localstack: bool) -> None:
    """Run all checks: those of `check`, every test (also of the deployed system), and the test coverage.

    The tests start an emulator of their own. A running Takip is not touched. With PYTEST_ARGS only those tests run, and
    the coverage is not checked. The same with --localstack, whose first run installs LocalStack (half a gigabyte).
    """
    if localstack:
        pytest_args = ("tests/localstack", *pytest_args)
    profile = ["--hypothesis-profile=full"] if full else []
    tests = ("pytest", *profile)
    if pytest_args:
        _finish(_make((*STATIC, Check("Tests", (*tests, f"--junitxml={_REPORT}", *pytest_args), _REPORT))))
    covering = (f"--junitxml={TESTS}", "--cov", "--cov-branch", "--cov-report=")
    everything = (
        *STATIC,
        Check("Tests", (*tests, *_SHARED_OUT, *covering), TESTS),
        Check("Results kept for the report", _KEEPING),
        _ADVISORIES,
        _RIGHTS,
        *(Check(f"Cover of {room}: all", _cover(room, 100)) for room in _FULLY_COVERED),
        Check(f"Cover of everything: {_COVERED_PERCENT} %", _cover("", _COVERED_PERCENT)),
    )
    _finish(_make(everything))


def _cover(room: str, percent: int) -> tuple[str, ...]:
    only = (f"--include={room}/*",) if room else ()
    return ("coverage", "report", "--skip-covered", f"--fail-under={percent}", *only)


def _make(checks: Sequence[Check]) -> list[Verdict]:
    """Run the checks, each under its heading."""
    verdicts = []
    for check in checks:
        heading(check.name)
        if check.report:
            check.report.unlink(missing_ok=True)
            check.report.parent.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        program = Path(sys.executable).parent / check.command[0]
        code = subprocess.run([str(program), *check.command[1:]], cwd=PROJECT, check=False).returncode
        verdicts.append(Verdict(check, code, time.monotonic() - began))
    return verdicts


def _finish(verdicts: Sequence[Verdict]) -> NoReturn:
    """Print what passed and what failed. The last line counts the tests and the other checks together."""
    table = Table("check", "verdict", "seconds", title="Verdict", title_justify="left")
    for verdict in verdicts:
        colour = {"passed": "green", "failed": "red"}.get(verdict.word, "yellow")
        table.add_row(verdict.check.name, f"[{colour}]{verdict.word}", f"{verdict.seconds:.1f}")
    console.print()
    console.print(table)
    passed, failed = _count_tests(next(verdict.check.report for verdict in verdicts if verdict.check.report))
    others = [verdict.word for verdict in verdicts if not verdict.check.report]
    line(f"{passed + others.count('passed')} passed, {failed + others.count('failed')} failed")
    raise SystemExit(1 if any(verdict.word == "failed" for verdict in verdicts) else 0)


def _count_tests(report: Path) -> tuple[int, int]:
    """The numbers of passed and failed tests from pytest's report. Without a report, one failed."""
    if not report.exists():
        return 0, 1
    suite = ET.parse(report).getroot().find("testsuite")  # noqa: S314  # nosec B314  written by pytest a moment ago
    counts = dict(suite.attrib) if suite is not None else {}
    ran, skipped, bad = (int(counts.get(name, 0)) for name in ("tests", "skipped", "failures"))
    bad += int(counts.get("errors", 0))
    return ran - skipped - bad, bad
