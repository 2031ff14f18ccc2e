"""Rules that no linter knows. Each is a function from a source to the sentences that say where it is broken."""

import ast
import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from tests.architecture.sources import Source

MOST_LINES_OF_A_FILE = 250
MOST_LINES_OF_A_FUNCTION = 40
CACHES = ("cache", "lru_cache", "cached_property")

# The only shapes that change in place: each gathers what becomes known of one thing, and stays inside its module.
GATHERING = (
    ("chalicelib/services/machines/groups.py", "Opened"),
    ("functions/_admission.py", "Seen"),
    ("infra/cli/enrolling.py", "Tally"),
    ("infra/cli/moving.py", "Move"),
)


@dataclass(frozen=True)
class Only:
    """Names that only this one file may use, as `module.name` or `module.`."""

    keeper: str
    names: tuple[str, ...]

    def broken_by(self, source: Source) -> list[str]:
        if source.path == self.keeper:
            return []
        return [
            f"{source.path}:{line} uses {name}, which is the business of {self.keeper}"
            for line, name in used_names(source.tree)
            if any(name == kept or (name.startswith(kept) and kept.endswith(".")) for kept in self.names)
        ]


ENVIRONMENT = Only("chalicelib/settings.py", ("os.environ", "os.environb", "os.getenv", "os.putenv"))
TIME = Only(
    "chalicelib/clock.py",
    (
        "datetime.datetime.now",
        "datetime.datetime.today",
        "datetime.datetime.utcnow",
        "datetime.date.today",
        "time.time",
        "time.time_ns",
        "time.gmtime",
        "time.localtime",
        "time.ctime",
        "time.strftime",
    ),
)
_DERIVING = ("pbkdf2_hmac", "scrypt")
HASHING = Only(
    "chalicelib/domain/digests.py", tuple(f"hashlib.{name}" for name in hashlib.__all__ if name not in _DERIVING)
)
DERIVING = Only("chalicelib/foreign_hashes.py", tuple(f"hashlib.{name}" for name in _DERIVING))
IDENTITY = Only("chalicelib/ids.py", ("uuid.", "ulid.", "random.", "secrets.", "os.urandom"))


def used_names(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every imported or dotted name that a module uses, in full, with its line."""
    called: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            called |= {alias.asname or alias.name.partition(".")[0]: _bound(alias) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                called[alias.asname or alias.name] = f"{node.module}.{alias.name}"
                yield node.lineno, f"{node.module}.{alias.name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Name):
            root, _, rest = ast.unparse(node).partition(".")
            if root in called:
                yield node.lineno, ".".join(filter(None, (called[root], rest)))


def _bound(alias: ast.alias) -> str:
    return alias.name if alias.asname else alias.name.partition(".")[0]


def keys_written_by_hand(source: Source) -> list[str]:
    """Only `keys` writes a `#`. Any other literal with one looks like a key made by hand.

    Headings (`# `) and references inside a JSON document (`#/`) do not.
    """
    if source.path.startswith("chalicelib/storage/keys/"):
        return []
    told = {id(node.value) for node in ast.walk(source.tree) if isinstance(node, ast.Expr)}
    literals = [node for node in ast.walk(source.tree) if isinstance(node, ast.Constant) and id(node) not in told]
    return [
        f"{source.path}:{literal.lineno} writes the key {literal.value!r} by hand"
        for literal in literals
        if isinstance(literal.value, str) and "#" in re.sub("^(#+ |#/)", "", literal.value)
    ]


def kept_by_hand(source: Source) -> list[str]:
    """Only `remembered` keeps values between requests. A cache inside a function ends with it."""
    if source.path == "chalicelib/remembered.py":
        return []
    return [
        f"{source.path}:{node.lineno} keeps {ast.unparse(node)!r} where forget_everything does not find it"
        for statement in source.tree.body
        for node in _at_import(statement)
        if ast.unparse(node).endswith(CACHES)
    ]


def _at_import(statement: ast.stmt) -> Iterator[ast.expr]:
    """The names that a statement of a module uses at import, that is not inside functions."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
        places: list[ast.AST] = [*statement.decorator_list]
    elif isinstance(statement, ast.ClassDef):
        places = [*statement.decorator_list]
        for inner in statement.body:
            yield from _at_import(inner)
    elif isinstance(statement, ast.Import | ast.ImportFrom):
        places = []
    else:
        places = [statement]
    for place in places:
        yield from (node for node in ast.walk(place) if isinstance(node, ast.Name | ast.Attribute))


def untyped_fields(source: Source) -> list[str]:
    """No `vars(`: the type checker does not see the fields that it gives. Name the fields, or read them by a shape."""
    return [
        f"{source.path}:{node.lineno} calls {ast.unparse(node)!r}, whose fields have no types"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("vars", "builtins.vars")
    ]


def packages_in_the_domain(source: Source) -> list[str]:
    """The domain imports the standard library and itself."""
    imported = []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            imported += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported.append((node.lineno, node.module or "."))
    return [
        f"{source.path}:{line} imports {name}"
        for line, name in imported
        if name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("chalicelib.domain")
    ]


def too_long(source: Source) -> list[str]:
    """A file should have about 200 lines; a function should fit on a screen."""
    lines = source.text.count("\n")
    broken = [f"{source.path} has {lines} lines"] if lines > MOST_LINES_OF_A_FILE else []
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > MOST_LINES_OF_A_FUNCTION:
                broken.append(f"{source.path}:{node.lineno} {node.name} has {length} lines")
    return broken


def untold(source: Source) -> list[str]:
    """A module's first sentence says what it contains. An empty module has no docstring."""
    return (
        []
        if ast.get_docstring(source.tree) or not source.tree.body
        else [f"{source.path} does not say what lives there"]
    )


def unfrozen(source: Source) -> list[str]:
    """Every dataclass and Pydantic model is frozen, except those in GATHERING."""
    return [
        f"{source.path}:{node.lineno} {node.name} is not frozen"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ClassDef) and (source.path, node.name) not in GATHERING and not _frozen(node)
    ]


def _frozen(shape: ast.ClassDef) -> bool:
    """Whether a class says `frozen=True`. A class that is no shape, or inherits its configuration, need not."""
    configurations = [
        node.value
        for node in shape.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "model_config"
    ]
    said = [
        ast.unparse(keyword.value) == "True"
        for call in [*shape.decorator_list, *configurations]
        if isinstance(call, ast.Call)
        for keyword in call.keywords
        if keyword.arg == "frozen"
    ]
    made_of = {ast.unparse(each).partition("(")[0].rpartition(".")[2] for each in [*shape.decorator_list, *shape.bases]}
    return all(said) and (bool(said) or not made_of & {"dataclass", "BaseModel", "BaseSettings"})
