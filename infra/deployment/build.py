"""The folder that `chalice deploy` runs in: the files that ship, as real files, and nothing else.

A folder of its own, because on Windows a clone may have no symbolic links (`vendor/functions` is one), and because
the emulator's deployments must leave no trace in the clone.
"""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from infra.places import PROJECT

_SHIPPED_FILES = ("app.py", "requirements.txt")
_SHIPPED_FOLDERS = {"chalicelib": "chalicelib", "functions": "vendor/functions", ".chalice": ".chalice"}
_NEVER = {"__pycache__", "deployed", "deployments"}


def fingerprint(*others: Path, project: Path = PROJECT) -> str:
    """A digest of the names and contents of all that decides what a deployment looks like; `others` count too."""
    digest = hashlib.sha256()
    for path in (*_shipped(project), *others):
        digest.update(path.relative_to(project).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def build(folder: Path, project: Path = PROJECT) -> None:
    """Make the folder hold what ships today.

    What Chalice remembers there (`.chalice/deployed`) stays. Its cache of zips goes: it is keyed by contents without
    names, so that it would deploy a stale zip after an empty file is gone.
    """
    for stale in ("vendor", "chalicelib", ".chalice/deployments"):
        shutil.rmtree(folder / stale, ignore_errors=True)
    for source, target in _SHIPPED_FOLDERS.items():
        shutil.copytree(project / source, folder / target, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*_NEVER))
    for name in _SHIPPED_FILES:
        shutil.copy2(project / name, folder / name)


def _shipped(project: Path) -> Iterator[Path]:
    for name in _SHIPPED_FILES:
        yield project / name
    for folder in _SHIPPED_FOLDERS:
        for path in sorted((project / folder).rglob("*")):
            if path.is_file() and not _NEVER & set(path.relative_to(project).parts):
                yield path
