"""The very zip that is deployed: every handler starts from it, on Lambda's Python, and nothing is compiled there."""

import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from infra.bench.aws_answers import answering
from infra.bench.cold import API, Version, first_request
from infra.deployment.archive import archive
from infra.deployment.build import build
from infra.deployment.target import Target, architecture_here, lambda_target, this_machine
from infra.problem import Problem
from tests.architecture.deployment import functions, variables
from tests.architecture.sources import PROJECT

MOST_BYTES = 12_000_000
# What `infra/bench/my_work.json` holds.
STAGES = ["WO-0-01", "WO-1-01", "WO-0-02", "WO-1-02"]
HANDLERS = ["app.app", *(f"functions.{name}.{name}" for name in sorted(functions() - {"api_handler"}))]
# Imports a handler from a folder and nothing else, and names each file that is compiled.
START = """
import importlib, sys
from importlib.machinery import SourceFileLoader

folder, (module, handler) = sys.argv[1], sys.argv[2].rsplit(".", 1)
sys.path.insert(0, folder)
compile_source = SourceFileLoader.source_to_code

def tell(loader, data, path, **others):
    print(path)
    return compile_source(loader, data, path, **others)

SourceFileLoader.source_to_code = tell
assert callable(getattr(importlib.import_module(module), handler))
"""

# Makes a picture of each format from a folder and nothing else, and a clean copy with a thumbnail of it.
PICTURES = """
import io, sys
sys.path.insert(0, sys.argv[1])
from PIL import Image
from chalicelib import pictures

for content_type, form in pictures._FORMATS.items():
    taken = io.BytesIO()
    Image.new("RGB", (800, 600)).save(taken, form)
    made = pictures.cleaned(taken.getvalue(), content_type)
    print(form, Image.open(io.BytesIO(made.thumbnail)).size)
"""

# Tells whether a package and one of its classes, from a folder and nothing else, have docstrings.
DOCSTRINGS = """
import sys
sys.path.insert(0, sys.argv[1])
from PIL import Image, ImageOps

print(Image.__doc__, ImageOps.exif_transpose.__doc__)
"""

TARGETS: dict[str, Callable[[], Target]] = {
    "lambda": lambda: lambda_target(architecture_here()),
    "embedded emulator": this_machine,
}


@pytest.fixture(scope="module", params=TARGETS)
def target(request: pytest.FixtureRequest) -> Target:
    """What the zip is made for: Lambda's Python on this machine's processor, which can run here, and this machine."""
    try:
        return TARGETS[request.param]()
    except Problem as problem:
        pytest.skip(str(problem))


@pytest.fixture(scope="module")
def zipped(target: Target, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip."""
    folder = tmp_path_factory.mktemp("zip")
    build(folder / "build")
    archive(folder / "build", target, folder / "takip.zip")
    return folder / "takip.zip"


@pytest.fixture(scope="module")
def unpacked(zipped: Path) -> Path:
    """The content of the zip, as Lambda unpacks it."""
    with zipfile.ZipFile(zipped) as packed:
        packed.extractall(zipped.parent / "task")
    return zipped.parent / "task"


def start(target: Target, folder: Path, handler: str, program: str = START) -> subprocess.CompletedProcess[str]:
    """Import a handler as Lambda does: without site packages, without an environment, without writing bytecode."""
    command = [str(target.interpreter), "-I", "-S", "-B", "-c", program, str(folder), handler]
    surroundings = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
    return subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)


def compiled(started: subprocess.CompletedProcess[str], folder: Path) -> list[str]:
    """The files of the folder that were compiled."""
    assert started.returncode == 0, started.stderr
    return [path for path in started.stdout.splitlines() if Path(path).is_relative_to(folder)]


@pytest.mark.parametrize("handler", HANDLERS)
def test_every_handler_starts_from_the_zip_and_compiles_nothing(target: Target, unpacked: Path, handler: str) -> None:
    assert compiled(start(target, unpacked, handler), unpacked) == []


def test_a_file_without_bytecode_and_a_package_that_is_missing_are_seen(
    target: Target, unpacked: Path, tmp_path: Path
) -> None:
    unpacked = shutil.copytree(unpacked, tmp_path / "task")
    for bytecode in (unpacked / "chalicelib" / "__pycache__").glob("clock.*.pyc"):
        bytecode.unlink()
    assert compiled(start(target, unpacked, HANDLERS[0]), unpacked) == [str(unpacked / "chalicelib" / "clock.py")]
    (unpacked / "six.pyc").unlink()
    assert "No module named 'six'" in start(target, unpacked, HANDLERS[0]).stderr


def test_a_first_request_is_answered_from_the_zip(target: Target, unpacked: Path) -> None:
    version = Version(target.interpreter, unpacked, 0, variables("dev"))
    with answering() as endpoint:
        answer = version.start(API, endpoint, first_request())["answer"]
    assert [stage["id"] for stage in json.loads(answer["body"])["data"]["items"]] == STAGES


def test_thumbnails_are_made_from_the_zip_with_the_parts_of_pillow_that_ship(target: Target, unpacked: Path) -> None:
    made = start(target, unpacked, "", PICTURES)
    assert made.stdout.splitlines() == [f"{form} (400, 300)" for form in ("JPEG", "PNG", "WEBP")], made.stderr
    assert not list((unpacked / "pillow.libs").glob("libavif*"))


def test_packages_bring_no_docstrings_and_no_types(target: Target, unpacked: Path) -> None:
    told = start(target, unpacked, "", DOCSTRINGS)
    assert told.stdout.split() == ["None", "None"], told.stderr
    assert not list(unpacked.rglob("*.pyi"))


def test_the_zip_is_small(zipped: Path) -> None:
    assert zipped.stat().st_size <= MOST_BYTES


def test_everything_that_the_packages_bring_along_is_pinned() -> None:
    lines = (line.partition("#")[0].strip() for line in (PROJECT / "requirements.txt").read_text().splitlines())
    named = [Requirement(line) for line in lines if line]
    pinned = {_plain(requirement.name) for requirement in named}
    needed = {_plain(name) for requirement in named for name in _needs(requirement)}
    assert all(len(requirement.specifier) == 1 and "==" in str(requirement.specifier) for requirement in named)
    assert needed <= pinned


def _needs(requirement: Requirement) -> list[str]:
    """The packages that a package needs on Lambda's Python, with the extras that are asked for."""
    needs = map(Requirement, distribution(requirement.name).requires or [])
    extras = ["", *requirement.extras]
    there = {"python_version": "3.13", "python_full_version": "3.13.0", "sys_platform": "linux"}
    return [
        need.name
        for need in needs
        if need.marker is None or any(need.marker.evaluate(there | {"extra": extra}) for extra in extras)
    ]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
