"""The rules of imports, which import-linter reads from pyproject.toml."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.sources import PROJECT

LINT = """
import sys
from importlinter.cli import lint_imports
sys.exit(lint_imports(no_cache=True, no_logo=True, limit_to_contracts=tuple(sys.argv[1:])))
"""

ROOMS = ("people", "orders", "floor", "planning", "machines", "numbers")


def rooms_of(layer: str) -> list[list[str]]:
    """The rooms and files of a layer, as the contract of its rooms lists them, from the top."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    (lines,) = (contract["layers"] for contract in contracts if contract.get("containers") == [layer])
    return [line.split(" | ") for line in lines]


def beside_the_rooms(layer: str) -> list[str]:
    """The files of a layer that belong to no room."""
    return [name for line in rooms_of(layer) for name in line if name not in ROOMS]


# A house with every room, in which every import that is allowed stands once.
HOUSE = {
    "functions/__init__.py": "",
    "functions/_endpoint.py": "from chalicelib.services import commands\nfrom functions import _rules",
    "functions/_request.py": "import pydantic",
    "functions/_rules.py": "import pydantic",
    "functions/stages.py": "import chalice\nfrom functions import _endpoint\nfrom chalicelib.schemas import stages",
    "functions/issues.py": "import chalice\nfrom functions import _endpoint",
    "chalicelib/__init__.py": "",
    "chalicelib/settings.py": "import botocore\nfrom chalicelib import aws",
    "chalicelib/aws.py": "import botocore\nfrom chalicelib import remembered",
    "chalicelib/startup.py": "",
    "chalicelib/rates.py": "",
    "chalicelib/remembered.py": "from chalicelib import clock",
    "chalicelib/clock.py": "from chalicelib.domain import errors",
    "chalicelib/ids.py": "",
    "chalicelib/tokens.py": "from chalicelib import settings",
    "chalicelib/foreign_hashes.py": "from chalicelib.domain.people import credentials",
    "chalicelib/passwords.py": "from chalicelib import foreign_hashes, ids",
    "chalicelib/pictures.py": "import PIL",
    "chalicelib/refresh_tokens.py": "from chalicelib import ids",
    "chalicelib/observability.py": "",
    "chalicelib/domain/__init__.py": "",
    **{f"chalicelib/domain/{name}.py": "" for name in beside_the_rooms("chalicelib.domain")},
    **{f"chalicelib/domain/{room}/__init__.py": "" for room in ROOMS},
    "chalicelib/domain/planning/opening.py": "from chalicelib.domain.floor import sessions",
    "chalicelib/domain/floor/sessions.py": "from chalicelib.domain import errors",
    "chalicelib/services/__init__.py": "",
    **{f"chalicelib/services/{name}.py": "" for name in beside_the_rooms("chalicelib.services")},
    "chalicelib/services/commands.py": "from chalicelib.storage import writes\nfrom chalicelib.outbound import queue",
    "chalicelib/services/idempotency.py": "from chalicelib.storage.keys import idempotency",
    "chalicelib/services/system.py": "from chalicelib.storage import schema",
    **{f"chalicelib/services/{room}/__init__.py": "" for room in ROOMS},
    "chalicelib/services/floor/stages.py": "from chalicelib.services import commands",
    "chalicelib/storage/__init__.py": "",
    "chalicelib/storage/items.py": "",
    "chalicelib/storage/keys/__init__.py": "",
    "chalicelib/storage/keys/idempotency.py": "",
    "chalicelib/storage/keys/orders.py": "",
    "chalicelib/storage/writes.py": "from chalicelib.storage import table",
    "chalicelib/storage/table.py": "import botocore, pynamodb\nfrom chalicelib import settings",
    "chalicelib/outbound/__init__.py": "",
    "chalicelib/outbound/queue.py": "from chalicelib import aws",
    "chalicelib/schemas/__init__.py": "",
    "chalicelib/schemas/stages.py": "import pydantic\nfrom chalicelib.domain import errors",
    "infra/__init__.py": "",
    "infra/admins.py": "import boto3\nfrom chalicelib.services import commands",
    "infra/bench/__init__.py": "",
    "infra/bench/fan_out.py": "from chalicelib.storage import markers",
    "infra/bench/hot_order.py": "from chalicelib.services import commands\nfrom infra.bench import memory_table",
    "infra/bench/memory_table.py": "from chalicelib.storage import table",
    "infra/bench/sign_in.py": "",
    "infra/documents/__init__.py": "from functions import _rules\nfrom chalicelib.schemas import stages",
    "infra/report/__init__.py": "from functions import _rules",
    "infra/exporting/__init__.py": "",
    "infra/exporting/run.py": "",
    "infra/replay/__init__.py": "",
    "infra/replay/run.py": "",
    "docs/examples/gateway/__init__.py": "",
    "docs/examples/gateway/config.py": "import pydantic",
    "docs/examples/gateway/outgoing.py": "import boto3, botocore\nfrom docs.examples.gateway import config",
    "infra/simulate/__init__.py": "",
    "infra/simulate/run.py": "",
}

BREACHES = [
    ("rooms", "chalicelib/domain/errors.py", "from chalicelib import clock"),
    ("rooms", "chalicelib/storage/table.py", "from chalicelib.services import commands"),
    ("rooms", "chalicelib/storage/table.py", "from chalicelib.schemas import stages"),
    ("rooms", "chalicelib/services/commands.py", "from functions import stages"),
    ("rooms_of_the_domain", "chalicelib/domain/errors.py", "from chalicelib.domain.floor import sessions"),
    ("rooms_of_the_domain", "chalicelib/domain/floor/sessions.py", "from chalicelib.domain.planning import opening"),
    ("rooms_of_the_domain", "chalicelib/domain/nowhere.py", ""),
    ("rooms_of_services", "chalicelib/services/commands.py", "from chalicelib.services.floor import stages"),
    ("rooms_of_services", "chalicelib/services/nowhere.py", ""),
    ("domain", "chalicelib/domain/errors.py", "from chalicelib import ids"),
    ("schemas", "chalicelib/schemas/stages.py", "from chalicelib import settings"),
    ("steps", "functions/stages.py", "from chalicelib.storage import table"),
    ("steps", "functions/stages.py", "from chalicelib.outbound import queue"),
    ("steps", "infra/bench/hot_order.py", "from chalicelib.storage import table"),
    ("steps", "infra/admins.py", "from chalicelib.storage import table"),
    ("writes", "chalicelib/services/commands.py", "from chalicelib.storage.table import Put"),
    ("writes", "chalicelib/services/commands.py", "from chalicelib.storage.keys.orders import order"),
    ("writes", "chalicelib/services/idempotency.py", "from chalicelib.storage.keys.orders import order"),
    ("writes", "chalicelib/services/floor/stages.py", "from chalicelib.storage.items import Item"),
    ("doors", "functions/stages.py", "from functions import issues"),
    ("pynamodb", "chalicelib/services/commands.py", "from pynamodb.exceptions import PutError"),
    ("aws", "chalicelib/services/commands.py", "from chalicelib import aws"),
    ("boto3", "chalicelib/outbound/queue.py", "import boto3"),
    ("aws", "functions/stages.py", "from botocore.exceptions import ClientError"),
    ("pydantic", "chalicelib/services/commands.py", "import pydantic"),
    ("pydantic", "functions/stages.py", "from pydantic import ValidationError"),
    ("chalice", "chalicelib/services/commands.py", "from chalice.app import Response"),
    ("infra", "chalicelib/services/commands.py", "from infra import admins"),
    ("infra", "functions/stages.py", "from infra import documents"),
    ("examples", "docs/examples/gateway/config.py", "from chalicelib.domain import errors"),
    ("on_examples", "infra/admins.py", "from docs.examples.gateway import config"),
    ("documents", "infra/admins.py", "from functions import stages"),
    ("clients", "infra/exporting/run.py", "from chalicelib.schemas import exports"),
    ("clients", "infra/replay/run.py", "from chalicelib.domain import errors"),
    ("clients", "infra/simulate/run.py", "from chalicelib.domain import errors"),
    ("pillow", "chalicelib/services/commands.py", "import PIL"),
    ("clients", "infra/bench/sign_in.py", "from chalicelib import passwords"),
    ("clients", "infra/bench/hot_order.py", "from functions import stages"),
    ("clients", "infra/bench/new.py", "from chalicelib.services import commands"),
]


def lint(project: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, *contracts], cwd=project, capture_output=True, text=True, check=False
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_bytes((PROJECT / "pyproject.toml").read_bytes())
    for path, text in HOUSE.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text + "\n")
    return tmp_path


def test_the_project_keeps_the_law_of_imports() -> None:
    linted = lint(PROJECT)
    assert linted.returncode == 0, linted.stdout


def test_what_the_law_allows_is_let_through(house: Path) -> None:
    linted = lint(house)
    assert linted.returncode == 0, linted.stdout
    assert "0 broken" in linted.stdout


@pytest.mark.parametrize(("contract", "path", "line"), BREACHES)
def test_a_breach_of_the_law_of_imports_is_seen(house: Path, contract: str, path: str, line: str) -> None:
    with (house / path).open("a") as file:
        file.write(line + "\n")
    linted = lint(house, contract)
    assert linted.returncode == 1
    assert "1 broken" in linted.stdout, linted.stdout


@pytest.mark.parametrize(("layer", "column"), [("chalicelib.domain", 2), ("chalicelib.services", 3)])
def test_the_document_shows_the_rooms_of_the_contracts(layer: str, column: int) -> None:
    text = (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")
    (table,) = (part for part in text.split("\n\n") if "| top |" in part)
    cells = [row.split("|")[column] for row in table.splitlines()[2:]]
    assert [re.findall(r"`(\w+)`", cell) for cell in cells if cell.strip()] == rooms_of(layer)
