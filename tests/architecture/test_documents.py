"""The derived parts of documents agree with the code."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from infra.documents import derived
from infra.documents.errors import errors_table
from tests.architecture.sources import PROJECT


@pytest.mark.parametrize("name", derived.TABLES)
def test_a_derived_document_is_up_to_date(name: str) -> None:
    written = (derived.DOCS / name).read_text(encoding="utf-8")
    assert written == derived.derived(name), "run: python -m infra.documents"


def test_every_error_has_a_code_of_its_own() -> None:
    derived.load_everything()
    ours, _, _ = errors_table().partition("API Gateway")
    codes = [line.split("`")[1] for line in ours.splitlines()[2:] if line]
    assert len(codes) > 20
    assert len(codes) == len(set(codes))
    assert all(code.startswith("ERR_") for code in codes)


REFUSING = ("message_fields", "message_parts", "messages", "umh", "edge_nodes", "tags")
"""The modules that say what is wrong with a message of a machine."""


def codes_in(module: str) -> set[str]:
    """The codes with which a module refuses something in a message: the last argument of what it calls for that."""
    tree = ast.parse((PROJECT / f"chalicelib/domain/machines/{module}.py").read_text(encoding="utf-8"))
    calls = (each for each in ast.walk(tree) if isinstance(each, ast.Call) and each.args)
    refusals = (each.args[-1] for each in calls if ast.unparse(each.func) in ("Wrong", "fields.refuse", "_unusable"))
    return {each.value for each in refusals if isinstance(each, ast.Constant) and isinstance(each.value, str)}


def test_every_reason_of_quarantine_is_explained() -> None:
    codes = set.union(*map(codes_in, REFUSING))
    written = (derived.DOCS / "readings.md").read_text(encoding="utf-8")
    assert len(codes) > 20
    assert {code for code in codes if f"`{code}`" not in written} == set()


def paths_in(document: str) -> set[str]:
    """The files and folders of the project that a document names; a name in angle brackets is to be chosen."""
    return set(re.findall(r"`([\w.-]+/[\w./-]*|[\w-]+\.(?:py|md))`", document))


def test_a_path_in_a_document_is_seen() -> None:
    text = "`app.py`, `.chalice/config.json`, `tests/`; none: `functions/<name>.py`, `order_out`, `GET /machines`"
    assert paths_in(text) == {"app.py", ".chalice/config.json", "tests/"}


def test_every_path_in_the_recipes_exists() -> None:
    named = paths_in((derived.DOCS / "changing.md").read_text(encoding="utf-8"))
    assert len(named) > 40
    assert {path for path in named if not (PROJECT / path).exists()} == set()


def test_no_entry_of_the_changelog_stands_there_twice() -> None:
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    openings = [line[2:27] for line in changelog.splitlines() if line.startswith("- ")]
    assert len(openings) > 50
    assert [opening for opening, times in Counter(openings).items() if times > 1] == []


def test_the_changelog_is_narrow_and_its_lists_are_whole() -> None:
    changelog = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert [line for line in changelog.splitlines() if len(line) > 120] == []
    assert re.findall(r"^(?:- |  ).*\n\n- .*", changelog, re.MULTILINE) == [], "a blank line between two entries"


def test_decisions_are_numbered_without_gaps() -> None:
    decisions = sorted((derived.DOCS / "decisions").glob("*.md"))
    assert [path.name[:5] for path in decisions] == [f"{number:04}-" for number in range(1, len(decisions) + 1)]
    headings = [path.read_text(encoding="utf-8").split(" ", 2)[:2] for path in decisions]
    assert headings == [["#", f"{number}."] for number in range(1, len(decisions) + 1)]


def links_in(document: str) -> list[tuple[str, str]]:
    """The paths and headings that the links of a document name; links to other sites and code are left out."""
    text = re.sub(r"^```.*?^```", "", document, flags=re.MULTILINE | re.DOTALL)
    return re.findall(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)", text)


def headings_in(document: str) -> set[str]:
    """The headings of a document as links write them: in small letters, with hyphens for blanks."""
    headings = re.findall(r"^#+ (.+)$", document, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_a_link_is_seen() -> None:
    text = "[a](b.md), [c](d/e.md#a-part), [f](#g), [h](https://i.example)\n```\n[j](k)\n```\n"
    assert links_in(text) == [("b.md", ""), ("d/e.md", "a-part"), ("", "g")]
    assert headings_in("# One\n## Two, and three\ntext\n") == {"one", "two-and-three"}


DOCUMENTS = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted(derived.DOCS.rglob("*.md"))]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: str(document.relative_to(PROJECT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for path, heading in links_in(document.read_text(encoding="utf-8")):
        target = document.parent / path if path else document
        assert target.exists(), path
        assert not heading or heading in headings_in(target.read_text(encoding="utf-8")), f"{path}#{heading}"


def test_the_readme_is_short() -> None:
    assert len((PROJECT / "README.md").read_text(encoding="utf-8").splitlines()) <= 120
