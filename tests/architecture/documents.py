"""The documents that are derived from the code; `python -m tests.architecture.documents` writes them anew."""

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

import chalicelib
import functions
from chalicelib.domain.errors import TakipError
from chalicelib.domain.readings import TYPES
from chalicelib.domain.users import PERMISSIONS
from functions._endpoint import RULES, Rule
from functions._response import status_of
from infra.deployment.gateway import GATEWAY_ANSWERS

DOCS = Path(__file__).parents[2] / "docs"
BELOW = "<!-- below this line: derived from the code by python -m tests.architecture.documents -->\n"


def load_everything() -> None:
    """Import every module, so that every door and every error is known."""
    for package in (chalicelib, functions):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def api_table() -> str:
    """Every endpoint: method and path, who may, what comes in, what it does."""
    lines = ["| endpoint | roles | parameters | body | |", "|---|---|---|---|---|"]
    for rule in sorted(RULES, key=lambda rule: (rule.path, rule.method)):
        cells = [f"`{rule.method} {rule.path}`", _roles(rule), _fields(rule.query), _fields(rule.body), rule.says]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def errors_table() -> str:
    """Every error: code, status, title, meaning."""
    lines = ["| code | status | title | meaning |", "|---|---|---|---|"]
    for error in sorted(set(_errors(TakipError)), key=lambda error: error.code):
        meaning = " ".join((error.__doc__ or "").split("\n\n")[0].split())
        lines.append(f"| `{error.code}` | {int(status_of(error))} | {error.title} | {meaning} |")
    lines += [
        "",
        "API Gateway answers these itself, in the same shape:",
        "",
        "| code | status | title |",
        "|---|---|---|",
    ]
    for status, code, title in dict.fromkeys(GATEWAY_ANSWERS.values()):
        lines.append(f"| `ERR_{code}` | {status or 'any other'} | {title} |")
    return "\n".join(lines) + "\n"


def types_table() -> str:
    """Every type of reading: unit, what is believable unless the machine says otherwise."""
    lines = ["| type | unit | values |", "|---|---|---|"]
    for name, kind in TYPES.items():
        values = ", ".join(kind.words) or f"{kind.low:,.15g} to {kind.high:,.15g}"
        lines.append(f"| `{name}` | {kind.unit or '–'} | {values} |")
    return "\n".join(lines) + "\n"


TABLES = {"api.md": api_table, "errors.md": errors_table, "readings.md": types_table}


def derived(name: str) -> str:
    """The document as it should be: its own words, and below them what the code says."""
    load_everything()
    words, _, _ = (DOCS / name).read_text(encoding="utf-8").partition(BELOW)
    return f"{words}{BELOW}\n{TABLES[name]()}"


def _roles(rule: Rule) -> str:
    return "everybody" if rule.action is None else ", ".join(sorted(PERMISSIONS[rule.action]))


def _fields(shape: type[BaseModel]) -> str:
    names = (
        f"`{field.alias or name}`" + ("" if field.is_required() else "?") for name, field in shape.model_fields.items()
    )
    return ", ".join(names) or "–"


def _errors(family: type[TakipError]) -> Iterator[type[TakipError]]:
    """The error classes that are raised: those with a code of their own."""
    for error in family.__subclasses__():
        if "code" in vars(error):
            yield error
        yield from _errors(error)


if __name__ == "__main__":
    for each in TABLES:
        (DOCS / each).write_text(derived(each), encoding="utf-8")
