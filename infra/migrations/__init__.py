"""Migrations of stored items, in order: a module each, named by the schema to which it leads.

A module has `KINDS`, the kinds of items that it changes, and two pure functions of one item: `up` makes the item of the
schema before into the new one, `down` makes it again into one that the release before reads as it read the first.
Its docstring's first line is the migration's name. How to write one: docs/upgrading.md.
"""

import re
from importlib import import_module
from pathlib import Path
from types import ModuleType

from chalicelib.domain.schema import WRITTEN, Migration
from infra.problem import Problem

_FILE = re.compile(r"(\d{4})_\w+")


def migrations() -> list[Migration]:
    """All migrations, in order. The newest leads to the schema in which this release writes."""
    return [_read(path.stem) for path in sorted(Path(__file__).parent.glob("*.py")) if _FILE.fullmatch(path.stem)]


def next_of(reached: int, direction: str) -> list[Migration]:
    """The migrations from a schema to the one in which this release writes; down: the one that led to it.

    Raises Problem if there is nothing to go back to.
    """
    found = {each.number: each for each in migrations()}
    if direction == "up":
        return [found[number] for number in range(reached + 1, WRITTEN + 1)]
    if reached not in found:
        raise Problem(f"The table has schema {reached}, the oldest that there is. There is nothing to go back to.")
    return [found[reached]]


def _read(name: str) -> Migration:
    module: ModuleType = import_module(f"{__name__}.{name}")
    (first, *_) = (module.__doc__ or "").splitlines()
    return Migration(int(name[:4]), first.rstrip("."), module.KINDS, module.up, module.down)
