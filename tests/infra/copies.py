"""A copy of the project in a folder of a test, and pytest in it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from infra.places import PROJECT

_LEFT_OUT = (".git", ".venv", ".takip", ".hypothesis", ".*_cache", "__pycache__", "node_modules", "shared", "dist")


def copy_of_the_project(folder: Path) -> Path:
    """The sources, tests and documents, without what tools have made."""
    copy = folder / "takip"
    shutil.copytree(PROJECT, copy, symlinks=True, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    return copy


def checked(copy: Path, program: str, *arguments: str) -> str:
    """What a program of this environment writes about the copy. An error shows it if the program refuses."""
    ours = ("PYTEST_", "COV_", "COVERAGE_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    command = [str(Path(sys.executable).with_name(program)), *arguments]
    done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-1000:]
    return done.stdout


def contents(copy: Path) -> dict[str, bytes]:
    """Every file of the copy but the caches of tools, by path."""
    caches = {"__pycache__", ".ruff_cache"}
    files = (path for path in copy.rglob("*") if path.is_file() and not caches & set(path.parts))
    return {path.relative_to(copy).as_posix(): path.read_bytes() for path in files}
