"""Installation of the emulator into environments of its own, once per clone and Python."""

import hashlib
import platform
import shutil
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from infra.places import KEPT
from infra.programs import pip

REQUIREMENTS = Path(__file__).with_name("requirements.txt")


@dataclass(frozen=True)
class Installation:
    """The two interpreters of the emulator: the one it runs on, and the one of its Lambda workers without packages."""

    python: Path
    lambda_python: Path


def install() -> Installation:
    """Install the emulator in its pinned version. The first time takes seconds, later times nothing.

    Raises Problem if packages must be downloaded and cannot be.
    """
    folder = KEPT / "emulator" / platform.python_version()
    server, worker = folder / "server", folder / "lambda"
    with is_outdated(folder, REQUIREMENTS) as outdated:
        if outdated:
            for environment in (server, worker):
                shutil.rmtree(environment, ignore_errors=True)
                venv.create(environment, with_pip=False, symlinks=sys.platform != "win32")
            fill(server, REQUIREMENTS, "The emulator's packages could not be installed.")
    return Installation(python_of(server), python_of(worker))


@contextmanager
def is_outdated(folder: Path, requirements: Path) -> Iterator[bool]:
    """Whether the environments in a folder are missing or were made for other requirements; they must then be made.

    Other processes wait meanwhile: `up` and the tests may install at the same time.
    """
    stamp, wanted = folder / "installed", hashlib.sha256(requirements.read_bytes()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):
        outdated = not stamp.exists() or stamp.read_text() != wanted
        if outdated:
            stamp.unlink(missing_ok=True)
        yield outdated
        stamp.write_text(wanted)  # written last, so that an interrupted installation starts again


def python_of(environment: Path) -> Path:
    """The interpreter of a virtual environment."""
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def fill(environment: Path, requirements: Path, failure: str) -> None:
    """Install the requirements into a virtual environment. Raises Problem with the sentence `failure` and the cause."""
    pip(failure, "--python", str(python_of(environment)), "install", "-r", str(requirements))
