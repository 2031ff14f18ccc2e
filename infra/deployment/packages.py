"""The third-party packages of the zip: wheels, unpacked and compiled. Made once for all later deployments.

Only what requirements.txt names is taken, in its version. So the same zip comes from every machine, on every day.
"""

import hashlib
import shutil
import tempfile
from pathlib import Path

from infra.deployment import botocore_data, compiling, pillow_parts
from infra.deployment.target import Target
from infra.places import KEPT
from infra.programs import pip, run

_INSTALL = ("install", "--no-deps", "--only-binary=:all:", "--no-compile")
# Powertools beyond logs, metrics and traces.
_OTHER_POWERTOOLS = (
    "auth_alpha",
    "batch",
    "circuit_breaker",
    "data_classes",
    "data_masking",
    "feature_flags",
    "idempotency",
    "kafka",
    "parameters",
    "parser",
    "streaming",
    "validation",
)
# What traces requests through libraries that Takip does not have.
_OTHER_TRACED = (
    *("aiobotocore", "aiohttp", "bottle", "django", "flask", "flask_sqlalchemy", "httpx", "mysql", "pg8000", "psycopg"),
    *("psycopg2", "pymongo", "pymysql", "pynamodb", "requests", "sqlalchemy", "sqlalchemy_core", "sqlite3"),
)
# The programs of packages, another router than Chalice's, Pydantic as it was before version 2, what only other tools
# and a browser's Python need, other formats than JSON, and of time zones what the package tzdata has a second time.
_UNUSED = (
    "bin",
    "aws_lambda_powertools/event_handler",
    *(f"aws_lambda_powertools/utilities/{name}" for name in _OTHER_POWERTOOLS),
    *(f"aws_xray_sdk/ext/{name}" for name in _OTHER_TRACED),
    "cattrs/preconf",
    *(f"tzdata/zoneinfo/{name}" for name in ("iso3166.tab", "tzdata.zi", "zone.tab", "zone1970.tab", "zonenow.tab")),
    "pydantic/v1",
    "pydantic/mypy.py",
    "urllib3/contrib/emscripten",
    "wrapt/_wrappers.c",
    *(f"dateutil/{name}" for name in ("easter.py", "rrule.py", "zoneinfo")),
    "wrapt-stubs",
)
_MAKERS = (Path(__file__), Path(botocore_data.__file__), Path(compiling.__file__), Path(pillow_parts.__file__))


def packages(requirements: Path, target: Target) -> Path:
    """The folder of the packages of these requirements for a target. It is filled if it does not exist.

    Raises Problem if packages must be downloaded and cannot be.
    """
    # Another system has other wheels for the same Python and processor.
    parts = [*target.wheels, *(path.read_text(encoding="utf-8") for path in (requirements, *_MAKERS))]
    digest = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:16]
    folder = KEPT / "packages" / f"{target.runtime}-{target.architecture}-{digest}"
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent) as made:
            unfinished = Path(made) / "filled"
            _fetch(requirements, target, unfinished)
            botocore_data.trim(unfinished)
            pillow_parts.trim(unfinished)
            for path in _UNUSED:
                _remove(unfinished / path)
            compile_for(target, unfinished, "--alone")
            try:
                unfinished.rename(folder)
            except OSError:
                if not folder.exists():  # otherwise another process was quicker
                    raise
    return folder


def compile_for(target: Target, folder: Path, *how: str) -> None:
    """Compile all Python files of a folder on the target's Python. Raises Problem for a file that is no Python."""
    program = [str(target.interpreter), "-I", str(Path(compiling.__file__)), str(folder), *how]
    run(program, "What ships could not be compiled:")


def wheels_of(target: Target) -> list[str]:
    """The options with which pip takes the target's wheels; none for those of this machine."""
    platforms = [f"--platform={tag}" for tag in target.wheels]
    return [*platforms, "--implementation=cp", f"--python-version={target.version}"] if platforms else []


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _fetch(requirements: Path, target: Target, folder: Path) -> None:
    pip(
        "The packages that ship with Takip could not be fetched.",
        *_INSTALL,
        *wheels_of(target),
        "--target",
        str(folder),
        "-r",
        str(requirements),
    )
    for record in folder.glob("*.dist-info/RECORD"):  # digests of those programs, which name a folder of this machine
        record.unlink()
    for typed in folder.rglob("*.pyi"):
        typed.unlink()
