"""Nothing happens at import, and every Lambda starts from the content of its zip."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TypedDict

import pytest

from tests.architecture.deployment import functions
from tests.architecture.sources import PROJECT

# Imports every module it finds, in a world that refuses whatever an import has no business with, and tells what it saw.
IMPORT_EVERYTHING = """
import collections, importlib, json, os, pkgutil, socket, sys
import botocore.session

told = {"imported": [], "refused": {}, "read": []}

def refuse(*_, **__):
    raise AssertionError("reaches out at import")

class Watched(collections.UserDict):
    def __getitem__(self, name):
        self.note(name)
        return super().__getitem__(name)

    def __contains__(self, name):
        self.note(name)
        return super().__contains__(name)

    def note(self, name):
        if str(name).startswith("TAKIP_"):
            told["read"].append(name)

socket.socket.connect = socket.getaddrinfo = botocore.session.Session.create_client = refuse
os.environ = Watched(os.environ)
found = [name for name in ("app",) if os.path.exists(name + ".py")]
for room in ("chalicelib", "functions"):
    found += [module.name for module in pkgutil.walk_packages([room], room + ".")]
for name in found:
    try:
        importlib.import_module(name)
        told["imported"].append(name)
    except Exception as error:
        told["refused"][name] = repr(error)
print(json.dumps(told))
"""

IMPORT_ALONE = """
import importlib, sys
module, handler = sys.argv[1].rsplit(".", 1)
assert callable(getattr(importlib.import_module(module), handler))
assert "app" not in sys.modules
"""


def run(tree: Path, code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run code in the tree as Lambda does: only the tree and the packages are on the path, the environment is empty."""
    surroundings = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, cwd=tree, env=surroundings, capture_output=True, text=True, check=False)


class Told(TypedDict):
    """What importing all modules shows."""

    imported: list[str]
    refused: dict[str, str]
    read: list[str]


def import_everything(tree: Path) -> Told:
    finished = run(tree, IMPORT_EVERYTHING)
    assert finished.returncode == 0, finished.stderr
    told: Told = json.loads(finished.stdout)
    return told


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """The content of the zip that an event Lambda may use: its own code, without `app.py`."""
    for room in ("chalicelib", "functions"):
        shutil.copytree(PROJECT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_nothing_happens_at_import() -> None:
    told = import_everything(PROJECT)
    assert told["refused"] == {}
    assert {"app", "chalicelib.settings", "functions._endpoint"} <= set(told["imported"])


def test_only_the_names_of_the_queues_are_read_at_import() -> None:
    queues = {f"TAKIP_{name}_QUEUE" for name in ("READINGS", "AGGREGATES", "PICTURES", "WEBHOOKS")}
    assert set(import_everything(PROJECT)["read"]) <= queues


@pytest.mark.parametrize(
    "line",
    ["import socket; socket.create_connection(('127.0.0.1', 9))", "import boto3; boto3.client('sqs', 'eu-central-1')"],
)
def test_a_module_that_reaches_out_at_import_is_seen(unpacked: Path, line: str) -> None:
    (unpacked / "chalicelib" / "eager.py").write_text(line)
    assert "reaches out at import" in import_everything(unpacked)["refused"]["chalicelib.eager"]


def test_a_module_that_reads_its_settings_at_import_is_seen(unpacked: Path) -> None:
    (unpacked / "chalicelib" / "eager.py").write_text("import os; TABLE = os.environ.get('TAKIP_TABLE')")
    assert "TAKIP_TABLE" in import_everything(unpacked)["read"]


@pytest.mark.parametrize("name", sorted(functions() - {"api_handler"}))
def test_an_event_door_starts_without_the_application(unpacked: Path, name: str) -> None:
    started = run(unpacked, IMPORT_ALONE, f"functions.{name}.{name}")
    assert started.returncode == 0, started.stderr


def test_an_event_door_that_needs_the_application_is_seen(unpacked: Path) -> None:
    (unpacked / "functions" / "leaning.py").write_text("from app import app as leaning")
    assert "No module named 'app'" in run(unpacked, IMPORT_ALONE, "functions.leaning.leaning").stderr
