"""The files of a release: the zip of the functions, its bill of materials, the contract, the changes, and digests."""

import hashlib
import re
import shutil
from datetime import datetime
from pathlib import Path

from chalicelib import __version__
from infra.places import CONTRACT, PROJECT
from infra.problem import Problem
from infra.programs import run
from infra.supply.bom import bill_of_materials
from infra.supply.shipped import libraries

CHANGELOG = PROJECT / "CHANGELOG.md"
SUMS = "SHA256SUMS"


def refuse_other(tag: str) -> None:
    """Raise Problem if a tag is not that of the version in the code, or if the changelog does not know the version."""
    if tag != f"v{__version__}":
        raise Problem(f"The tag is {tag}, but the code is version {__version__}: it needs the tag v{__version__}.")
    changes(__version__)


def changes(version: str, changelog: str | None = None) -> str:
    """The section of the changelog about a version. Raises Problem if there is none, and says how it must begin."""
    text = changelog if changelog is not None else CHANGELOG.read_text(encoding="utf-8")
    found = re.search(rf"^## \[{re.escape(version)}\][^\n]*\n(.*?)(?=^## \[|\Z)", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise Problem(f"CHANGELOG.md has no section that begins with ## [{version}]. Rename ## [Unreleased] to it.")
    return found[1].strip() + "\n"


def write(folder: Path, zipped: Path, version: str) -> list[Path]:
    """Write the files of a release that has this zip into a folder. Returns them; the zip is moved there.

    `version` is one of the changelog's sections. Raises Problem as `changes` does.
    """
    told = changes(version)
    folder.mkdir(parents=True, exist_ok=True)
    functions = folder / f"takip-{__version__}.zip"
    shutil.move(zipped, functions)
    bom = folder / f"takip-{__version__}.cdx.json"
    bom.write_text(bill_of_materials(functions, __version__, libraries(), committed()), encoding="utf-8")
    contract = folder / CONTRACT.name
    shutil.copyfile(CONTRACT, contract)
    changed = folder / "CHANGES.md"
    changed.write_text(told, encoding="utf-8")
    files = [functions, bom, contract, changed]
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    (folder / SUMS).write_text(sums, encoding="utf-8")
    return [*files, folder / SUMS]


def committed() -> datetime:
    """When the present commit was made, so that the same commit gives the same files. Raises Problem without git."""
    try:
        told = run(["git", "show", "-s", "--format=%cI"], "git does not know the present commit:", cwd=PROJECT)
    except FileNotFoundError as error:
        raise Problem("The files of a release are made from a commit, and git is not installed.") from error
    return datetime.fromisoformat(told.strip())
