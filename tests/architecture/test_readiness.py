"""What docs/seeds.md names is there: for every item a command or file, a section that describes it, and a test."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from functions._rules import RULES
from infra.documents.derived import load_everything
from tests.architecture.sources import PROJECT
from tests.architecture.test_commands_in_documents import refused

PAGE = PROJECT / "docs" / "seeds.md"
COMMAND, ENDPOINT = "python takip.py ", re.compile(r"(?:GET|POST|PUT|PATCH|DELETE) /")
SECTIONS = ("Releases", "Watching", "Data", "Security", "Edges", "Reliability", "Performance and cost", "Changing it")


@dataclass(frozen=True)
class Row:
    """An item, what stands for it, where it is described, and what holds it."""

    item: str
    stands: str
    described: str
    held: str


def rows(page: str) -> list[Row]:
    """The rows of all tables, without their heads."""
    cells = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in page.splitlines() if line[:1] == "|"]
    return [Row(*each) for each in cells if each[0] != "item" and not each[0].startswith("---")]


def missing(row: Row) -> Iterator[str]:
    """What a row names that is not there. Where its links lead is the business of test_documents.py."""
    if not row.item or not re.search(r"\]\([\w/.#-]+\)", row.described):
        yield f"{row.item}: nothing describes it"
    named, tests = re.findall(r"`([^`]+)`", row.stands), re.findall(r"`([^`]+)`", row.held)
    if not named or not tests:
        yield f"{row.item}: nothing stands for it, or nothing holds it"
    yield from (f"{row.item}: {each}" for each in named if not is_there(each))
    yield from (f"{row.item}: {each}" for each in tests if not is_test(each))


def is_there(named: str) -> bool:
    """Whether a command with these options, an endpoint, or a file is there."""
    if named.startswith(COMMAND):
        return refused(named.removeprefix(COMMAND)) is None
    if ENDPOINT.match(named):
        load_everything()
        return named in {rule.endpoint for rule in RULES}
    return (PROJECT / named).exists()


def is_test(named: str) -> bool:
    """Whether a file of tests is there, and a test of that name in it."""
    path, _, name = named.partition("::")
    if not re.fullmatch(r"tests/(\w+/)*test_\w+\.py", path) or not (PROJECT / path).exists():
        return False
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    return bool(tests) and (not name or name in tests)


def test_every_item_has_what_stands_for_it_and_all_of_it_is_there() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", page, re.MULTILINE)[:-1] == list(SECTIONS)
    assert len(rows(page)) > 50
    assert [each for row in rows(page) for each in missing(row)] == []


def test_no_item_stands_there_twice() -> None:
    items = [row.item for row in rows(PAGE.read_text(encoding="utf-8"))]
    assert sorted(set(items)) == sorted(items)


@pytest.mark.parametrize(
    "named",
    [
        "python takip.py fly",
        "python takip.py keys",
        "python takip.py releases --colour red",
        "GET /nowhere",
        "infra/nothing.py",
    ],
)
def test_what_is_not_there_is_seen(named: str) -> None:
    row = Row("An item", f"`{named}`", "[there](operations.md)", "`tests/architecture/test_readiness.py`")
    assert list(missing(row)) == [f"An item: {named}"]


@pytest.mark.parametrize(
    "named",
    [
        "tests/test_nothing.py",
        "tests/architecture/test_readiness.py::test_no",
        "tests/architecture/test_readiness.py::missing",
        "tests/rights.py",
        "infra/aws.py",
    ],
)
def test_a_test_that_is_not_there_is_seen(named: str) -> None:
    row = Row("An item", "`app.py`", "[there](operations.md)", f"`{named}`")
    assert list(missing(row)) == [f"An item: {named}"]


def test_a_row_with_an_empty_cell_is_seen() -> None:
    assert list(missing(Row("An item", "", "–", ""))) == [
        "An item: nothing describes it",
        "An item: nothing stands for it, or nothing holds it",
    ]
