"""The documents that are derived from the code; `python -m tests.architecture.documents` writes them anew."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel

import chalicelib
import functions
from chalicelib.domain.errors import TakipError
from chalicelib.domain.floor import issues
from chalicelib.domain.machines.readings import TYPES
from chalicelib.domain.orders import transitions
from chalicelib.domain.orders.state_machines import OF_ORDERS, OF_STAGES, Consequence, Transition
from chalicelib.domain.people.users import PERMISSIONS
from chalicelib.domain.planning import holding
from chalicelib.schemas.commands import CommandOut
from chalicelib.schemas.issues import IssueOut
from chalicelib.schemas.sessions import SessionOut
from chalicelib.schemas.stages import StageOut
from chalicelib.schemas.work_orders import OrderOut
from functions._endpoint import RULES, Rule
from functions._response import status_of
from infra.deployment.gateway import GATEWAY_ANSWERS

DOCS = Path(__file__).parents[2] / "docs"
BELOW = "<!-- below this line: derived from the code by python -m tests.architecture.documents -->\n"

SHAPES: Mapping[str, type[BaseModel]] = {
    "order": OrderOut,
    "stage": StageOut,
    "session": SessionOut,
    "issue": IssueOut,
    "command": CommandOut,
}
_SHOWN = {shape.__name__ for shape in SHAPES.values()}
SHAPES_ARE = """## Shapes
What one resource is under `data`; lists hold the same under `items`, orders there without `allowed` and `stages`.
`?` may be null, `[]` is a list, `{}` an object."""


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


def shapes_table() -> str:
    """What the resources of the floor look like in an answer."""
    lines = ["| shape | fields |", "|---|---|"]
    for name, shape in SHAPES.items():
        schema = shape.model_json_schema(mode="serialization")
        inner = {each: known for each, known in schema.get("$defs", {}).items() if each not in _SHOWN}
        lines.append(f"| {name} | {', '.join(f'`{each}`' for each in _members(schema, inner))} |")
    return "\n".join(lines) + "\n"


def _members(schema: dict[str, Any], inner: dict[str, Any]) -> Iterator[str]:
    """The fields of a shape: `[]` behind a list, `{}` around what an object holds, `?` behind what may be null."""
    for name, field in schema.get("properties", {}).items():
        options = field.get("anyOf", [field])
        value = next(each for each in options if each.get("type") != "null")
        several = value.get("type") == "array"
        reference = (value["items"] if several else value).get("$ref", "").rpartition("/")[2]
        within = " ".join(_members(inner.get(reference, {}), inner))
        held = f"{{{within}}}" if within or "additionalProperties" in value else ""
        yield f"{name}{'[]' if several else ''}{held}{'?' if {'type': 'null'} in options else ''}"


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


def state_diagrams() -> str:
    """The state machines of stages, orders and issues: a diagram of what leads from status to status, and every row."""
    return "\n".join(
        [
            "## A stage",
            *_diagram(transitions.TRANSITIONS, OF_STAGES),
            *_rows(transitions.TRANSITIONS),
            "What its order and its issues make of a stage:",
            "",
            *_follows(OF_STAGES),
            "## An order",
            *_diagram(holding.TRANSITIONS, OF_ORDERS),
            *_rows(holding.TRANSITIONS),
            "What its stages make of an order:",
            "",
            *_follows(OF_ORDERS),
            "## An issue",
            *_diagram(issues.TRANSITIONS),
            *_rows(issues.TRANSITIONS),
        ]
    )


def _diagram(table: Sequence[Transition[Any]], follows: Iterable[Consequence[Any]] = ()) -> Iterator[str]:
    yield from ["```mermaid", "stateDiagram-v2", f"    [*] --> {table[0].source}"]
    edges: dict[tuple[str, str], list[str]] = {}
    for row in table:
        if row.source is not row.target:
            edges.setdefault((row.source, row.target), []).append(row.command)
    for each in follows:
        edges.setdefault((each.source, each.target), []).append(f"{each.command} ({each.subject})")
    yield from (f"    {source} --> {target}: {', '.join(names)}" for (source, target), names in edges.items())
    yield from ["```", ""]


def _rows(table: Iterable[Transition[Any]]) -> Iterator[str]:
    yield from ["| from | command | to | roles | refused unless | reason |", "|---|---|---|---|---|---|"]
    for row in table:
        guards = ", ".join(row.guards).replace("_", " ") or "–"
        target = f"{row.target}, where {row.where.replace('_', ' ')}" if row.where else row.target
        reason = "needed" if row.needs_reason else "–"
        roles = ", ".join(sorted(row.roles))
        yield f"| {row.source} | `{row.command}` | {target} | {roles} | {guards} | {reason} |"
    yield ""


def _follows(table: Iterable[Consequence[Any]]) -> Iterator[str]:
    yield from ["| from | command | to |", "|---|---|---|"]
    for row in table:
        target = f"{row.target}, where {row.where.replace('_', ' ')}" if row.where else row.target
        yield f"| {row.source} | `{row.command}` ({row.subject}) | {target} |"
    yield ""


TABLES = {
    "api.md": lambda: f"{api_table()}\n{SHAPES_ARE}\n\n{shapes_table()}",
    "errors.md": errors_table,
    "readings.md": types_table,
    "orders-and-stages.md": state_diagrams,
}


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
