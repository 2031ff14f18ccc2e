"""The project's own source files, read once, for the tests that read code as data."""

import ast
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
SHIPPED = ("app.py", "chalicelib", "functions")
OWN = (*SHIPPED, "takip.py", "infra", "tests", "docs/examples")


@dataclass(frozen=True)
class Source:
    """A Python file: its path from the project's root, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def module(self) -> str:
        return self.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")


def paths(*places: str) -> list[str]:
    """Every Python file at or under these places, from the project's root."""
    found = [path for place in places for path in [PROJECT / place, *(PROJECT / place).rglob("*.py")] if path.is_file()]
    return [path.relative_to(PROJECT).as_posix() for path in sorted(found)]


def sources(*places: str) -> list[Source]:
    """Every Python file at or under these places."""
    return [Source(path, (PROJECT / path).read_text(encoding="utf-8")) for path in paths(*places)]
