"""`takip.py new entity`: an entity that is green at once, or nothing at all."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from infra.cli import new as verb
from infra.entity import make as making
from infra.entity.make import files_of, make, names_in_use
from infra.entity.names import LONGEST, LONGEST_TURKISH, Entity, entity, rooms
from infra.entity.places import announced, inserted
from infra.places import PROJECT
from infra.problem import Problem
from tests.architecture import laws
from tests.infra.copies import checked, contents, copy_of_the_project
from tests.sampling import IS_FULL

TOOL = Entity("tool", "tools", "planning", "takım")
# The tests that read a table in which an entity must stand.
OF_TABLES = (
    "tests/domain/test_carried.py",
    "tests/architecture/test_inputs.py",
    "tests/architecture/test_payloads.py",
    "tests/architecture/test_texts.py::test_every_text_has_its_turkish_and_nothing_else_has",
    "tests/functions/test_permissions.py::test_every_door_asks_for_an_action_that_the_table_of_permissions_knows",
    "tests/functions/test_matrix.py::test_every_door_is_declared_and_no_other",
    "tests/functions/test_patching.py::test_everything_that_can_be_changed_is_tested_here",
)
EVERYTHING = ("tests/architecture", "tests/domain", "tests/services", "tests/storage", "tests/functions", "-n", "2")


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_of_the_project(tmp_path_factory.mktemp("copy"))


def test_what_cannot_be_finished_leaves_nothing(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(copy)

    def refuse_documents(command: list[str], failure: str, **_: object) -> str:
        if "infra.documents" in command:
            raise Problem(failure)
        return ""

    monkeypatch.setattr(making, "run", refuse_documents)
    with pytest.raises(Problem, match="documents could not be derived"):
        make(copy, TOOL)
    assert contents(copy) == before


def test_a_file_that_would_become_too_long_is_named(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits = (making.MOST_LINES, making.MOST_LINES_OF_A_FUNCTION)
    assert limits == (laws.MOST_LINES_OF_A_FILE, laws.MOST_LINES_OF_A_FUNCTION)
    before = contents(copy)
    monkeypatch.setattr(making, "run", lambda *_, **__: "")
    monkeypatch.setattr(making, "MOST_LINES", 100)
    with pytest.raises(Problem, match=r"\.py would have \d+ lines, and 100 is the limit"):
        make(copy, TOOL)
    assert contents(copy) == before


@pytest.mark.timeout(3600 if IS_FULL else 300)
def test_a_new_entity_is_green_at_once(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = contents(copy)
    monkeypatch.setattr(verb, "PROJECT", copy)

    told = CliRunner().invoke(verb.new, ["entity", "tool", "--turkish", "takım"])

    assert told.exit_code == 0, told.output + str(told.exception)
    after = contents(copy)
    listed = {line.strip() for line in told.output.splitlines() if line.startswith("  ") and " " not in line.strip()}
    assert {path for path in after if before.get(path) != after[path]} == listed
    make(copy, Entity("cutting_tool", "cutting_tools", "planning", "kesici"))  # and one more
    checked(copy, "ruff", "check", ".")
    checked(copy, "ruff", "format", "--check", ".")
    if IS_FULL:
        checked(copy, "mypy")
    own = [
        f"tests/{where}/test_{which}tools.py"
        for where in ("functions", "domain/planning")
        for which in ("", "cutting_")
    ]
    assert "passed" in checked(copy, "pytest", "-q", *(EVERYTHING if IS_FULL else (*own, *OF_TABLES)))
    with pytest.raises(Problem, match="already"):
        entity(copy, "tool", None, "planning", None, set())


def test_an_entity_stands_in_the_room_and_under_the_names_that_are_asked_for() -> None:
    cutting = entity(PROJECT, "cutting_tool", None, "machines", None, names_in_use())
    new, changed = files_of(PROJECT, cutting)
    assert "chalicelib/services/machines/cutting_tools.py" in new
    assert 'return of(tenant, "CUTTING_TOOLS")' in changed["chalicelib/storage/keys/machines.py"]
    assert '"GET", "/cutting-tools/{cutting_tool_id}"' in new["functions/cutting_tools.py"]
    assert "class CuttingToolNotFound(NotFound):" in new["chalicelib/domain/machines/cutting_tools.py"]
    assert [text for text in (new | changed).values() if "$" in text and "${" in text] == []


def test_the_longest_names_fit_into_lines(tmp_path: Path) -> None:
    name = "every_plastic_tool_x"
    new, changed = files_of(PROJECT, Entity(name, f"{name[:-1]}y", "planning", "k" * LONGEST_TURKISH))
    for path, text in (new | changed).items():
        if path.endswith(".py"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text, encoding="utf-8")
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    assert len(name) == LONGEST
    checked(tmp_path, "ruff", "format", ".")
    checked(tmp_path, "ruff", "check", "--select", "E501", ".")


@pytest.mark.parametrize(
    ("name", "plural", "room", "why"),
    [
        ("Tool", None, "planning", "snake_case"),
        ("takım", None, "planning", "snake_case"),
        ("a_very_long_name_of_a_tool", None, "planning", "snake_case"),
        ("class", "classes", "planning", "word of Python"),
        ("filter", "filters", "planning", "word of Python"),
        ("match", "matches", "planning", "word of Python"),
        ("sheep", "sheep", "planning", "plural"),
        ("none", None, "planning", "None is a word of Python"),
        ("exception", None, "planning", "Exception is a word of Python"),
        ("not_found", None, "planning", "NotFound means something else"),
        ("workorder", None, "planning", "answers /workorders already"),
        ("change", None, "planning", "means something else"),
        ("table", None, "planning", "means something else"),
        ("product", None, "planning", "already"),
        ("lot", None, "planning", "already"),
        ("sensor", None, "planning", "already"),
        ("tool", None, "kitchen", "Choose one of: "),
    ],
)
def test_a_name_that_cannot_be_is_refused_with_the_reason(name: str, plural: str | None, room: str, why: str) -> None:
    with pytest.raises(Problem, match=why):
        entity(PROJECT, name, plural, room, None, names_in_use())


def test_turkish_words_do_not_break_the_code() -> None:
    with pytest.raises(Problem, match="--turkish"):
        entity(PROJECT, "tool", None, "planning", 'tak"ım', set())


def test_an_entity_may_live_where_all_layers_have_a_room() -> None:
    assert {"planning", "machines", "people", "orders"} <= set(rooms(PROJECT))
    assert "leaving" not in rooms(PROJECT)


@pytest.mark.parametrize(("text", "times"), [("a\n", 0), ("b,\nb,\n", 2)])
def test_a_place_that_is_not_there_once_is_told(text: str, times: int) -> None:
    with pytest.raises(Problem, match=f"table.py has {times} lines that begin with 'b'"):
        inserted(text, "table.py", "c,", below="b")
    assert inserted("a\nb,\n", "table.py", "c,", above="b") == "a\nc,\nb,\n"


def test_the_changelog_tells_it_where_people_look() -> None:
    head = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n"
    line = "- Tools are registered, read and changed at `/tools`, with a history.\n"
    assert announced(f"{head}- One.\n", TOOL.words) == f"{head}{line}- One.\n"
    assert announced(f"{head}People:\n\n- One.\n", TOOL.words) == f"{head}{line}\nPeople:\n\n- One.\n"
    with pytest.raises(Problem, match="has no"):
        announced("## [Unreleased]\n\n## [1.0.0]\n\n### Added\n", TOOL.words)
