"""Which documents have a derived part, and its content."""

import importlib
import json
import pkgutil
from pathlib import Path

import chalicelib
import functions
from functions import _openapi
from infra.documents.api import endpoints_and_shapes
from infra.documents.errors import errors_table
from infra.documents.events import catalogue
from infra.documents.exports import columns_tables
from infra.documents.licences import licences_table
from infra.documents.metrics import metrics_tables
from infra.documents.readings import types_table
from infra.documents.rights import deployers_policy
from infra.documents.state_machines import state_diagrams

DOCS = Path(__file__).parents[2] / "docs"
BELOW = "<!-- below this line: derived from the code by python -m infra.documents -->\n"

TABLES = {
    "api.md": endpoints_and_shapes,
    "errors.md": errors_table,
    "events.md": catalogue,
    "metrics.md": metrics_tables,
    "exports.md": columns_tables,
    "readings.md": types_table,
    "orders-and-stages.md": state_diagrams,
    "deploying.md": deployers_policy,
    "licences.md": licences_table,
}


CONTRACT = "openapi.json"
"""The published contract. It is derived as a whole."""


def load_everything() -> None:
    """Import every module, so that every door and every error is known."""
    for package in (chalicelib, functions):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            importlib.import_module(module.name)


def derived(name: str) -> str:
    """The document as it should be: its own text, and the derived part below it."""
    load_everything()
    words, _, _ = (DOCS / name).read_text(encoding="utf-8").partition(BELOW)
    return f"{words}{BELOW}\n{TABLES[name]()}"


def contract() -> str:
    """The published contract as it should be."""
    load_everything()
    return json.dumps(_openapi.document(), ensure_ascii=False, indent=1) + "\n"
