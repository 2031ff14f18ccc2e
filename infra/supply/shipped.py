"""The libraries that ship with Takip: those of the functions' zip, and those that pages load in a browser."""

import json
from dataclasses import dataclass
from importlib.metadata import metadata
from importlib.metadata import version as installed
from typing import Any

from packaging.requirements import Requirement

from infra.libraries import FOLDER, PUBLISHED
from infra.places import PROJECT

REQUIREMENTS = PROJECT / "requirements.txt"
# Only its runtime ships, and not as a requirement.
_RUNTIME = "chalice"
# What packages write where SPDX has a name. https://spdx.org/licenses
_SPDX = {
    "Apache License 2.0": "Apache-2.0",
    "Apache License, Version 2.0": "Apache-2.0",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: MIT License": "MIT",
}


@dataclass(frozen=True)
class Library:
    """A library that ships: its registry (pypi or npm), name, version, and licence as SPDX writes it."""

    registry: str
    name: str
    version: str
    licence: str


def libraries() -> list[Library]:
    """Everything that ships and was not written here, by registry and name."""
    return sorted([*_of_the_zip(), *_of_pages()], key=lambda each: (each.registry, each.name))


def _of_the_zip() -> list[Library]:
    lines = (line.partition("#")[0].strip() for line in REQUIREMENTS.read_text(encoding="utf-8").splitlines())
    names = [Requirement(line).name for line in lines if line]
    return [Library("pypi", name, installed(name), _licence(name)) for name in (*names, _RUNTIME)]


def _licence(name: str) -> str:
    """What a package says of its licence. Of several, a user may choose one."""
    told = metadata(name)
    classified = [each for each in told.get_all("Classifier") or () if each.startswith("License :: OSI Approved ::")]
    said = told["License-Expression"] or told["License"] or ""
    if said == "Dual License":
        return " OR ".join(sorted(_SPDX[each] for each in classified))
    return _SPDX.get(said, said)


def _of_pages() -> list[Library]:
    listed: dict[str, Any] = json.loads((FOLDER / PUBLISHED).read_text(encoding="utf-8"))
    return [Library("npm", name, each["version"], each["licence"]) for name, each in listed.items()]
