"""The components of the project, and what each of their modules says of itself."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from infra.places import PROJECT

ROOTS = ("chalicelib", "functions", "infra")
DOORS = "functions"


@dataclass(frozen=True)
class Offered:
    """A public function or class: its name, what it takes, what it gives, its docstring, and its decorators.

    A method has the name of its class before its own. A class takes and gives nothing.
    """

    name: str
    takes: str
    gives: str
    says: str
    decorated: tuple[str, ...]


@dataclass(frozen=True)
class Module:
    """A Python file: its dotted name, its path from the project's root, its docstring, and what it offers."""

    name: str
    path: str
    says: str
    offers: tuple[Offered, ...]


@dataclass(frozen=True)
class Component:
    """A package without the packages in it, or one module of doors. `modules` are sorted by name."""

    name: str
    modules: tuple[Module, ...]

    @property
    def title(self) -> str:
        """Its place in the project."""
        return self.modules[0].path if self.is_door else f"{self.name.replace('.', '/')}/"

    @property
    def page(self) -> str:
        """The name of its page."""
        return f"{self.name}.md"

    @property
    def is_door(self) -> bool:
        """Whether this is a module of doors."""
        return self.name.startswith(f"{DOORS}.")


def components(root: Path = PROJECT) -> list[Component]:
    """Every component of the project, by name. Each module belongs to exactly one; a script is no module."""
    packages = (package.parent for name in ROOTS for package in (root / name).rglob("__init__.py"))
    paths = (path for package in packages for path in package.glob("*.py"))
    modules = sorted((_read(path, root) for path in paths), key=lambda each: (_component_of(each), each.name))
    return [Component(name, tuple(found)) for name, found in groupby(modules, _component_of)]


def _component_of(module: Module) -> str:
    """The package of a module, or the module itself if it holds doors: what doors share has an underscore."""
    package, _, name = module.name.rpartition(".")
    if module.path.endswith("__init__.py") or (package == DOORS and not name.startswith("_")):
        return module.name
    return package


def _read(path: Path, root: Path) -> Module:
    place = path.relative_to(root).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"), place)
    name = place.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    return Module(name, place, ast.get_docstring(tree) or "", tuple(_offered(tree.body)))


def _offered(statements: list[ast.stmt], of_class: str = "") -> Iterator[Offered]:
    """What has no underscore before its name, in the order of the file."""
    for each in statements:
        if not isinstance(each, ast.FunctionDef | ast.ClassDef) or each.name.startswith("_"):
            continue
        name, says = f"{of_class}{each.name}", ast.get_docstring(each) or ""
        decorated = tuple(map(ast.unparse, each.decorator_list))
        if isinstance(each, ast.FunctionDef):
            gives = ast.unparse(each.returns) if each.returns else ""
            takes = ast.unparse(each.args).removeprefix("self").removeprefix(", ")
            yield Offered(name, takes, gives, says, decorated)
        else:
            yield Offered(name, "", "", says, decorated)
            yield from _offered(each.body, f"{name}.")
