"""What a Lambda's zip is made for: a version of Python, a processor, and the wheels that load there."""

import os
import platform
import sys
from dataclasses import dataclass
from pathlib import Path

from infra.aws import Aws
from infra.places import KEPT
from infra.problem import Problem
from infra.programs import run

LAMBDA_PYTHON = "3.13"
LAMBDA_ARCHITECTURE = "arm64"
# Lambda's names of processors, and those of wheels.
_MACHINES = {"arm64": "aarch64", "x86_64": "x86_64"}
# Lambda's Python 3.12 and later run on Amazon Linux 2023, which has glibc 2.34. pip takes every tag by its name.
_GLIBC_MINORS = range(17, 35)
_FETCHED = KEPT / "python"


@dataclass(frozen=True)
class Target:
    """A version of Python, such as "3.13", Lambda's name of a processor, and the tags of wheels that load there.

    `interpreter` is a Python of that version on this machine; it compiles. Without tags, wheels are this machine's.
    """

    version: str
    architecture: str
    interpreter: Path
    wheels: tuple[str, ...] = ()

    @property
    def runtime(self) -> str:
        """Lambda's name of the Python."""
        return f"python{self.version}"


def target_of(aws: Aws) -> Target:
    """What the functions of an AWS need. Raises Problem if this machine lacks their Python and it cannot be fetched."""
    if aws.endpoint is None:
        return lambda_target(LAMBDA_ARCHITECTURE)
    return this_machine() if aws.runs_functions_here else lambda_target(architecture_here())


def lambda_target(architecture: str) -> Target:
    """Lambda's own Python on a processor, whatever this machine is. Raises Problem as `target_of` does."""
    machine = _MACHINES[architecture]
    wheels = (f"manylinux2014_{machine}", *(f"manylinux_2_{minor}_{machine}" for minor in _GLIBC_MINORS))
    return Target(LAMBDA_PYTHON, architecture, interpreter(LAMBDA_PYTHON), wheels)


def this_machine() -> Target:
    """This machine and this Python."""
    return Target(_own_version(), architecture_here(), Path(sys.executable))


def architecture_here() -> str:
    """Lambda's name of this machine's processor."""
    return "arm64" if platform.machine().lower() in {"arm64", "aarch64"} else "x86_64"


def interpreter(version: str) -> Path:
    """A Python of this version: this one, another of this machine, else one that uv fetches into `.takip/`.

    Raises Problem if none is here and none can be fetched.
    """
    if version == _own_version():
        return Path(sys.executable)
    # pyenv offers a version by its name only where it is asked for.
    surroundings = os.environ | {"UV_PYTHON_INSTALL_DIR": str(_FETCHED), "PYENV_VERSION": version}
    uv = [sys.executable, "-m", "uv", "python"]
    missing = f"Python {version}, which Lambda runs, is not on this machine and could not be fetched. Install it."
    find = [*uv, "find", "--system", "--no-project", version]
    try:
        found = run(find, missing, env=surroundings)
    except Problem:
        run([*uv, "install", "--no-bin", "--no-registry", version], missing, env=surroundings)
        found = run(find, missing, env=surroundings)
    return Path(found.strip())


def _own_version() -> str:
    return "{}.{}".format(*sys.version_info)
