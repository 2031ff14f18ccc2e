"""The last whole test run, as pytest and coverage kept it: `.takip/run/tests.xml` and `.takip/run/coverage.json`."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from infra.places import KEPT

FOLDER = KEPT / "run"
TESTS = FOLDER / "tests.xml"
COVERAGE = FOLDER / "coverage.json"
REQUESTS = "requests of "
"""A property of a test: how many requests it sent to an endpoint, and how many seconds they took in all."""


@dataclass(frozen=True)
class Case:
    """One test: its module, its name, its seconds, `passed`, `failed` or `skipped`, and its requests by endpoint.

    Of an endpoint: how many requests, and their seconds in all.
    """

    module: str
    name: str
    seconds: float
    outcome: str
    requests: Mapping[str, tuple[int, float]]


@dataclass(frozen=True)
class Cover:
    """How many statements and branches of a file there are, and how many of them the tests ran."""

    statements: int = 0
    covered_statements: int = 0
    branches: int = 0
    covered_branches: int = 0

    def __add__(self, other: "Cover") -> "Cover":
        """The cover of both together."""
        return Cover(*(one + another for one, another in zip(astuple(self), astuple(other), strict=True)))

    @property
    def shares(self) -> tuple[str, str]:
        """Of the statements and of the branches: how many of how many were run, and the percentage."""
        return (
            _share(self.covered_statements, self.statements),
            _share(self.covered_branches, self.branches),
        )


@dataclass(frozen=True)
class Run:
    """A whole test run: when it began, its tests in order of their names, and the cover of each file."""

    at: str
    cases: tuple[Case, ...]
    cover: Mapping[str, Cover]

    def of(self, modules: Iterable[str], endpoints: Iterable[str]) -> list[Case]:
        """The tests in these modules, and those that sent a request to one of these endpoints."""
        files, doors = set(modules), set(endpoints)
        return [case for case in self.cases if case.module in files or not doors.isdisjoint(case.requests)]

    def cover_of(self, paths: Iterable[str]) -> Cover:
        """The cover of these files together. What was not measured counts nothing."""
        return sum((self.cover[path] for path in paths if path in self.cover), Cover())


def last_run(folder: Path = FOLDER) -> Run | None:
    """The last whole test run; None if there was none, or if it did not come to its end."""
    tests, coverage = folder / TESTS.name, folder / COVERAGE.name
    if not tests.exists() or not coverage.exists():
        return None
    root = ET.parse(tests).getroot()  # noqa: S314  # nosec B314  written by pytest on this machine
    at = min((suite.get("timestamp", "") for suite in root.iter("testsuite")), default="")
    cases = sorted(map(_case, root.iter("testcase")), key=lambda case: (case.module, case.name))
    files = json.loads(coverage.read_text(encoding="utf-8"))["files"]
    covers = {path.replace("\\", "/"): _cover(file["summary"]) for path, file in files.items()}
    return Run(at, tuple(cases), covers)


def _case(element: ET.Element) -> Case:
    failed = element.find("failure") is not None or element.find("error") is not None
    outcome = "failed" if failed else "skipped" if element.find("skipped") is not None else "passed"
    properties = {each.get("name", ""): each.get("value", "") for each in element.iter("property")}
    requests = {
        name.removeprefix(REQUESTS): _counted(value) for name, value in properties.items() if name.startswith(REQUESTS)
    }
    module, _, of_class = element.get("classname", "").rpartition(".")  # a state machine of Hypothesis is a class
    module = module if of_class[:1].isupper() else f"{module}.{of_class}"
    return Case(module, element.get("name", ""), float(element.get("time", 0)), outcome, requests)


def _counted(value: str) -> tuple[int, float]:
    times, seconds = value.split()
    return int(times), float(seconds)


def _share(run: int, of: int) -> str:
    return f"{run} of {of}, {100 * run / of:.1f} %" if of else "none"


def _cover(summary: Mapping[str, Any]) -> Cover:
    return Cover(
        statements=summary["num_statements"],
        covered_statements=summary["covered_lines"],
        branches=summary["num_branches"],
        covered_branches=summary["covered_branches"],
    )
