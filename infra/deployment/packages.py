"""The third-party packages of a deployment to an emulator, downloaded once for all later deployments.

On Linux x86-64, which Lambda uses, Chalice packs the same wheels as for AWS. On other systems those wheels would not
load, because the emulator runs the functions on this machine. There this machine's wheels are put into `vendor/`.
Deployments to AWS do not use this module: Chalice downloads their packages.
"""

import contextlib
import hashlib
import platform
import shutil
import tempfile
from pathlib import Path

from infra.places import KEPT
from infra.programs import pip

# Wheels for glibc 2.17 to 2.26 load on Lambda's Python 3.11; pip takes every tag by name.
_LAMBDA_PLATFORMS = ("manylinux2014_x86_64", *(f"manylinux_2_{minor}_x86_64" for minor in range(17, 27)))
_DOWNLOAD = ("download", "--only-binary=:all:", *(f"--platform={tag}" for tag in _LAMBDA_PLATFORMS), "--dest")
_INSTALL = ("install", "--only-binary=:all:", "--no-compile", "--target")


def pack(build: Path, *, like_lambda: bool | None = None) -> dict[str, str]:
    """Put packages into the build folder; returns the environment variables with which Chalice finds them.

    Raises Problem if packages must be downloaded and cannot be.
    """
    if like_lambda is None:
        like_lambda = (platform.system(), platform.machine()) == ("Linux", "x86_64")
    requirements = build / "requirements.txt"
    if like_lambda:
        # As a URL, because pip splits this variable at spaces, and the path of a clone may contain spaces.
        return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": _once("wheels", requirements, _DOWNLOAD).as_uri()}
    shutil.copytree(_once("packages", requirements, _INSTALL), build / "vendor", dirs_exist_ok=True)
    requirements.write_text("")
    return {}


def _once(kind: str, requirements: Path, fetch: tuple[str, ...]) -> Path:
    """The folder of the packages of these requirements for this Python. It is filled if it does not exist."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    folder = KEPT / kind / f"{platform.python_version()}-{digest}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
            _pip(*fetch, f"{unfinished}/filled", "-r", str(requirements))
            with contextlib.suppress(FileExistsError):  # another process was quicker
                Path(unfinished, "filled").rename(folder)
    return folder


def _pip(*arguments: str) -> None:
    pip("The packages that ship with Takip could not be fetched.", *arguments)
