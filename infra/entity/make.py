"""Making an entity: all its files or none."""

import ast
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from string import Template

from infra.entity.names import Entity
from infra.entity.places import TEMPLATES, edited
from infra.problem import Problem
from infra.programs import run

MOST_LINES, MOST_LINES_OF_A_FUNCTION = 250, 40
_NEW = {
    "domain.py.tmpl": "chalicelib/domain/$room/$names.py",
    "storage.py.tmpl": "chalicelib/storage/$room/$names.py",
    "services.py.tmpl": "chalicelib/services/$room/$names.py",
    "schemas.py.tmpl": "chalicelib/schemas/$names.py",
    "functions.py.tmpl": "functions/$names.py",
    "test_domain.py.tmpl": "tests/domain/$room/test_$names.py",
    "test_functions.py.tmpl": "tests/functions/test_$names.py",
}
_KEYS, _KEYS_FILE = "keys.py.tmpl", "chalicelib/storage/keys/$room.py"
# What `python -m infra.documents` writes.
_DERIVED = ("docs/*.md", "docs/openapi.json")


def files_of(root: Path, made: Entity) -> tuple[dict[str, str], dict[str, str]]:
    """The new files of an entity and the changed ones, by path. Nothing is written.

    Raises Problem if a file is there already, or a place is not.
    """
    words = made.words
    new = {Template(path).substitute(words): _filled(name, words) for name, path in _NEW.items()}
    there = [path for path in new if (root / path).exists()]
    if there:
        raise Problem(f"{there[0]} is there already. Nothing was made.")
    keys = Template(_KEYS_FILE).substitute(words)
    return new, edited(root, words) | {keys: (root / keys).read_text(encoding="utf-8") + _filled(_KEYS, words)}


def make(root: Path, made: Entity) -> tuple[list[str], list[str]]:
    """Make an entity; returns the paths of the new files and of the changed ones.

    Raises Problem, after which everything is as it was before.
    """
    new, changed = files_of(root, made)
    code = sorted(path for path in new | changed if path.endswith(".py"))
    derived = [path.relative_to(root).as_posix() for pattern in _DERIVED for path in root.glob(pattern)]
    with _all_or_nothing(root, [*new, *changed, *derived]):
        for path, text in (new | changed).items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        ruff = [str(Path(sys.executable).with_name("ruff"))]
        run([*ruff, "check", "-q", "--fix", "--select", "I", *code], "The imports could not be sorted.", cwd=root)
        run([*ruff, "format", "-q", *code], "The code could not be formatted.", cwd=root)
        run([*ruff, "check", "-q", *code], "The style of the new code is refused.", cwd=root)
        _refuse_long(root, code)
        run([sys.executable, "-m", "infra.documents"], "The documents could not be derived.", cwd=root)
    return sorted(new), sorted({*changed, "docs/api.md", "docs/errors.md", "docs/openapi.json"})


def names_in_use() -> set[str]:
    """The names that the code of every entity uses for something else than the entity."""
    words = Entity("xyz", "xyzs", "abc", "xyz").words
    trees = [ast.parse(_filled(name, words)) for name in (*_NEW, _KEYS)]
    nodes = [node for tree in trees for node in ast.walk(tree)]
    found = {node.id for node in nodes if isinstance(node, ast.Name)}
    found |= {node.arg for node in nodes if isinstance(node, ast.arg | ast.keyword) and node.arg}
    found |= {node.name for node in nodes if isinstance(node, ast.FunctionDef)}
    found |= {part for node in nodes if isinstance(node, ast.alias) for part in (node.asname or node.name).split(".")}
    return {each for each in found if not each.lower().startswith("xyz")}


def _filled(template: str, words: Mapping[str, str]) -> str:
    return Template((TEMPLATES / template).read_text(encoding="utf-8")).substitute(words)


def _refuse_long(root: Path, paths: list[str]) -> None:
    """Refuse what makes a file or a function longer than the limits of tests/architecture. Raises Problem."""
    for path in paths:
        source = (root / path).read_text(encoding="utf-8")
        lengths = {path: (len(source.splitlines()), MOST_LINES)}
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.FunctionDef):
                lengths[f"{node.name} in {path}"] = ((node.end_lineno or 0) - node.lineno + 1, MOST_LINES_OF_A_FUNCTION)
        for what, (lines, most) in lengths.items():
            if lines > most:
                raise Problem(f"{what} would have {lines} lines, and {most} is the limit. Make room there first.")


@contextmanager
def _all_or_nothing(root: Path, paths: list[str]) -> Iterator[None]:
    """Put these files back as they were if anything goes wrong meanwhile, also by Ctrl-C."""
    before = {path: (root / path).read_bytes() if (root / path).exists() else None for path in paths}
    try:
        yield
    except BaseException:
        for path, content in before.items():
            if content is None:
                (root / path).unlink(missing_ok=True)
            else:
                (root / path).write_bytes(content)
        raise
