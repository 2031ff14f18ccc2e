"""`takip.py report`: its pages say what the code says, and what the last whole test run measured."""

import ast
import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from functions._rules import RULES
from infra.cli import report as verb
from infra.documents.derived import load_everything
from infra.places import PROJECT
from infra.report import last_run, pages
from infra.report.components import Component, components
from infra.report.imports import Imports, imports
from infra.report.last_run import Case, Cover, Run
from tests.architecture.sources import sources

TESTS = """<?xml version="1.0" encoding="utf-8"?>
<testsuites name="pytest tests"><testsuite name="pytest" tests="4" timestamp="2026-01-05T08:00:00+00:00">
<testcase classname="tests.functions.test_products" name="test_b" time="0.5"><properties>
<property name="requests of POST /products" value="2 0.0300"/>
<property name="requests of GET /products" value="1 0.0100"/>
</properties></testcase>
<testcase classname="tests.functions.test_products" name="test_a" time="1.5"><failure message="no"/></testcase>
<testcase classname="tests.domain.floor.test_laws.TestFloor" name="runTest" time="3.0"/>
<testcase classname="tests.infra.test_up" name="test_c" time="0.1"><skipped message="no"/></testcase>
</testsuite></testsuites>"""
SUMMARY = {"num_statements": 40, "covered_lines": 30, "num_branches": 8, "covered_branches": 2}


@pytest.fixture(scope="module")
def found() -> dict[str, Component]:
    load_everything()
    return {each.name: each for each in components()}


@pytest.fixture(scope="module")
def graph(found: dict[str, Component]) -> Imports:
    return imports(found.values())


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A small test run, as pytest and coverage keep one."""
    (tmp_path / "tests.xml").write_text(TESTS, encoding="utf-8")
    kept = {"files": {"functions/products.py": {"summary": SUMMARY}}}
    (tmp_path / "coverage.json").write_text(json.dumps(kept), encoding="utf-8")
    read = last_run.last_run(tmp_path)
    assert read is not None
    return read


def test_every_module_has_one_page(found: dict[str, Component]) -> None:
    told = sorted(module.path for each in found.values() for module in each.modules)
    scripts = "infra/localstack/"
    assert told == [each.path for each in sources(*("chalicelib", "functions", "infra")) if scripts not in each.path]


def test_every_endpoint_stands_on_the_page_of_its_doors(found: dict[str, Component], graph: Imports) -> None:
    doors = [each for each in found.values() if each.is_door]
    assert sorted(rule.name for each in doors for rule in pages.rules_of(each)) == sorted(rule.name for rule in RULES)
    told = pages.page(found["functions.products"], graph, None)
    assert "| `PATCH /products/{product_code}` | admin, planner | – | `name`?, `unit`?" in told
    assert "Called by: `bp.schedule('rate(1 minute)'" in pages.page(found["functions.sweep_events"], graph, None)


def test_a_page_says_what_a_room_offers_in_the_words_of_the_code(found: dict[str, Component], graph: Imports) -> None:
    told = pages.page(found["chalicelib.domain.planning"], graph, None)
    source = (PROJECT / "chalicelib/domain/planning/products.py").read_text(encoding="utf-8")
    public = [each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef | ast.ClassDef)]
    assert [each.name for each in public if f"| `{each.name}` |" not in told] == []
    words = " ".join(told.split())
    said = {each.name: " ".join(str(ast.get_docstring(each)).split()) for each in public}
    assert [name for name, says in said.items() if f"- `{name}`: {says}" not in words] == []
    assert "| `registered` | `new: NewProduct, at: datetime` | `Product` |" in told


def test_a_page_says_who_imports_whom(found: dict[str, Component], graph: Imports) -> None:
    services = found["chalicelib.services.planning"]
    assert {"chalicelib.domain.planning", "chalicelib.storage.planning"} <= set(graph.needed_by(services))
    assert {"functions.products", "functions.routes"} <= set(graph.that_need(services))
    assert graph.libraries_of(found["chalicelib.domain.planning"]) == []
    assert "pynamodb" in graph.libraries_of(found["chalicelib.storage"])
    assert "tests.domain.planning.test_products" in graph.tests_of(found["chalicelib.domain.planning"])


def test_a_test_run_is_read_as_pytest_and_coverage_keep_it(run: Run) -> None:
    by_name = {case.name: case for case in run.cases}
    assert (run.at, by_name["test_a"].outcome, by_name["test_c"].outcome) == (
        "2026-01-05T08:00:00+00:00",
        "failed",
        "skipped",
    )
    sent = {"POST /products": (2, 0.03), "GET /products": (1, 0.01)}
    assert by_name["test_b"] == Case("tests.functions.test_products", "test_b", 0.5, "passed", sent)
    assert by_name["runTest"].module == "tests.domain.floor.test_laws"
    assert run.cover_of(["functions/products.py", "not/measured.py"]) == Cover(40, 30, 8, 2)


def test_a_page_shows_tests_requests_cover_and_times(found: dict[str, Component], graph: Imports, run: Run) -> None:
    told = pages.page(found["functions.products"], graph, run)
    assert "| `tests/functions/test_products.py` | 1 | 0 | 0 | 0.50 |" in told
    assert "| `POST /products` | 2 | 15.0 |" in told
    assert "| `GET /products/{product_code}` | 0 | – |" in told
    assert "| `functions/products.py` | 30 of 40, 75.0 % | 2 of 8, 25.0 % |" in told
    assert "test_a" not in told  # it sent no request to these doors, and imports nothing of them
    line = next(
        each for each in pages.index([*found.values()], graph, run).splitlines() if "[functions/products.py]" in each
    )
    assert line.endswith("| 1 of 1 passed | 30 of 40, 75.0 % | 2 of 8, 25.0 % |")


def test_without_a_whole_run_every_page_names_the_command(
    found: dict[str, Component], graph: Imports, tmp_path: Path
) -> None:
    (tmp_path / "coverage.json").write_text("{}")  # of a run that did not come to its end
    assert last_run.last_run(tmp_path) is None
    assert "run `python takip.py test`" in pages.index([*found.values()], graph, None)
    assert all("run `python takip.py test`" in pages.page(each, graph, None) for each in found.values())


def test_pages_are_the_same_for_the_same_code_and_run(
    found: dict[str, Component], graph: Imports, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "last_run", lambda: run)
    written = []
    old = {"one": [], "another": ["gone.md", "own.md"]}
    for name, kept in old.items():
        for each in kept:
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / each).write_text(pages.index([], graph, None) if each == "gone.md" else "Ada's own")
        assert pages.write(tmp_path / name) == len(found)
        written.append({path.name: path.read_text(encoding="utf-8") for path in (tmp_path / name).iterdir()})
    assert written[1].pop("own.md") == "Ada's own"
    assert written[0] == written[1]
    assert set(written[0]) == {"index.md", *(each.page for each in found.values())}


def test_the_verb_writes_into_the_folder_that_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    commands: list[list[str]] = []

    def pretend(command: list[str], _failure: str, **_: object) -> None:
        commands.append(command)

    monkeypatch.setattr(verb, "run", pretend)
    told = CliRunner().invoke(verb.report, ["--out", str(tmp_path)])
    assert commands == [[sys.executable, "-m", "infra.report", str(tmp_path)]]
    assert told.output == f"Begin with {tmp_path / 'index.md'}\n"
