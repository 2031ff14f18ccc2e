"""The third-party packages of a deployment to an emulator, fetched once so that later deployments need no network.

On Linux x86-64, which is what Lambda is, Chalice packs the very wheels it would pack for AWS. Elsewhere those would not
load, since the emulator runs the functions on this machine: then this machine's own wheels go in through `vendor/`.
Deployments to AWS do not come here: Chalice fetches for them.
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
    """Provide the build folder with its packages; return the environment in which Chalice finds them.

    Raises Problem where packages have to be fetched and cannot be.
    """
    if like_lambda is None:
        like_lambda = (platform.system(), platform.machine()) == ("Linux", "x86_64")
    requirements = build / "requirements.txt"
    if like_lambda:
        # As a URL: pip splits this variable at spaces, and the folder of a clone may have one in its name.
        return {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": _once("wheels", requirements, _DOWNLOAD).as_uri()}
    shutil.copytree(_once("packages", requirements, _INSTALL), build / "vendor", dirs_exist_ok=True)
    requirements.write_text("")
    return {}


def _once(kind: str, requirements: Path, fetch: tuple[str, ...]) -> Path:
    """The folder of what these requirements bring to this Python, filled if it is not there yet."""
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()[:16]
    folder = KEPT / kind / f"{platform.python_version()}-{digest}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as unfinished:
            _pip(*fetch, f"{unfinished}/filled", "-r", str(requirements))
            with contextlib.suppress(FileExistsError):  # somebody else was quicker
                Path(unfinished, "filled").rename(folder)
    return folder


def _pip(*arguments: str) -> None:
    pip("The packages that ship with Takip could not be fetched.", *arguments)
