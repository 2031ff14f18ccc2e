"""What Takip says to people, found in its sources: the forms of its sentences, and the titles of its errors."""

import ast
from collections.abc import Iterator
from pathlib import Path

from chalicelib.schemas.findings import FORMS

ROOT = Path(__file__).parents[2]


def sources() -> Iterator[tuple[Path, ast.Module]]:
    """The sources that may say something, with their paths."""
    for room in ("chalicelib", "functions"):
        for path in sorted((ROOT / room).rglob("*.py")):
            if "turkish" not in path.parts:
                yield path, ast.parse(path.read_text(encoding="utf-8"))


def spoken() -> set[str]:
    """Every form and every title."""
    trees = [tree for _, tree in sources()]
    named = {name: text for tree in trees for name, text in _constants(tree)}
    return {form for tree in trees for form in _said(tree, named)} | {*FORMS.values()} | {*_titles(trees)}


def _said(tree: ast.Module, shared: dict[str, list[str]]) -> Iterator[str]:
    """The forms of calls of `say`. A form has a name if it is longer than a line, or said in several places."""
    own = dict(_constants(tree))
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "say":
            form = call.args[0]
            if isinstance(form, ast.Constant):
                yield str(form.value)
            elif isinstance(form, ast.Name):
                yield from own.get(form.id) or shared[form.id]


def _constants(tree: ast.Module) -> Iterator[tuple[str, list[str]]]:
    """The texts to which names are bound, by name."""
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            for target in node.targets:
                found.setdefault(getattr(target, "id", ""), []).append(node.value.value)
    yield from found.items()


def _titles(trees: list[ast.Module]) -> Iterator[str]:
    for tree in trees:
        for node in ast.walk(tree):
            bound = dict(_constants(node)) if isinstance(node, ast.ClassDef) else {}  # type: ignore[arg-type]
            if "code" in bound:
                yield from bound["title"]
