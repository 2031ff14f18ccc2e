"""The folder in which `chalice deploy` runs: only the files that ship, as real files.

It is a separate folder for two reasons. On Windows a clone may have no symbolic links (`vendor/functions` is one).
Deployments to the emulator must change nothing in the clone.
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
    """A digest of the names and contents of all files that decide a deployment, and of `others`."""
    digest = hashlib.sha256()
    for path in (*_shipped(project), *others):
        digest.update(path.relative_to(project).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def build(folder: Path, project: Path = PROJECT) -> None:
    """Bring the folder up to date with what ships. Nothing of an earlier build stays."""
    for stale in ("vendor", "chalicelib", ".chalice"):
        shutil.rmtree(folder / stale, ignore_errors=True)
    for source, target in _SHIPPED_FOLDERS.items():
        shutil.copytree(project / source, folder / target, ignore=shutil.ignore_patterns(*_NEVER))
    for name in _SHIPPED_FILES:
        shutil.copy2(project / name, folder / name)


def _shipped(project: Path) -> Iterator[Path]:
    for name in _SHIPPED_FILES:
        yield project / name
    for folder in _SHIPPED_FOLDERS:
        for path in sorted((project / folder).rglob("*")):
            if path.is_file() and not _NEVER & set(path.relative_to(project).parts):
                yield path
