"""Installation of the emulator into environments of its own, once per clone and Python."""

import hashlib
import platform
import shutil
import sys
import venv
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
    server, worker, stamp = folder / "server", folder / "lambda", folder / "installed"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / "lock"):  # `up` and the tests may install at the same time
        if not stamp.exists() or stamp.read_text() != _wanted():
            stamp.unlink(missing_ok=True)
            for environment in (server, worker):
                shutil.rmtree(environment, ignore_errors=True)
                venv.create(environment, with_pip=False, symlinks=sys.platform != "win32")
            _fetch(_python_of(server))
            stamp.write_text(_wanted())  # written last, so that an interrupted installation starts again
    return Installation(_python_of(server), _python_of(worker))


def _wanted() -> str:
    return hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()


def _python_of(environment: Path) -> Path:
    return environment / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _fetch(python: Path) -> None:
    pip("The emulator's packages could not be installed.", "--python", str(python), "install", "-r", str(REQUIREMENTS))
