"""The libraries that pages load: taken from their published packages, byte for byte, and kept in the project.

`python -m infra.libraries` fetches the packages with npm and brings what is kept up to date. `published.json` says
which packages. `integrity` is the digest that npm publishes of a package. That of each file and the `licence` follow
from it, and `from` is a file's path in the package. The texts are kept compressed, because the zip of the functions
must stay small.
"""

import base64
import hashlib
import json
import lzma
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.places import PROJECT
from infra.problem import Problem
from infra.programs import run

FOLDER = PROJECT / "chalicelib" / "pages" / "libraries"
PUBLISHED = "published.json"


def keep(folder: Path, fetch: Callable[[str, Path], Path]) -> None:
    """Take every library that `published.json` of the folder names from its package.

    `fetch` puts the package of `name@version` into a folder. Raises Problem if a package is not the published one.
    """
    listed = folder / PUBLISHED
    libraries: dict[str, Any] = json.loads(listed.read_text(encoding="utf-8"))
    for name, library in libraries.items():
        with tempfile.TemporaryDirectory() as fetched:
            package = fetch(f"{name}@{library['version']}", Path(fetched))
            _refuse_another(name, integrity(package.read_bytes()), library["integrity"])
            contents = _contents(package)
        library["licence"] = json.loads(contents["package.json"])["license"]
        kept = folder / name
        kept.mkdir(exist_ok=True)
        for licence in library["licences"]:
            (kept / licence).write_bytes(contents[licence])
        for file, published in library["files"].items():
            content = contents[published["from"]]
            (kept / f"{file}.xz").write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
            published["integrity"] = integrity(content)
    listed.write_text(json.dumps(libraries, indent=1) + "\n", encoding="utf-8")


def altered(folder: Path) -> list[str]:
    """The kept files that are not those of the published packages."""
    libraries = json.loads((folder / PUBLISHED).read_text(encoding="utf-8"))
    return [
        f"{name}/{file}"
        for name, library in libraries.items()
        for file, published in library["files"].items()
        if integrity(lzma.decompress((folder / name / f"{file}.xz").read_bytes())) != published["integrity"]
    ]


def integrity(content: bytes) -> str:
    """The digest of a file as npm and browsers write it (Subresource Integrity)."""
    return f"sha512-{base64.b64encode(hashlib.sha512(content).digest()).decode()}"


def _refuse_another(name: str, found: str, published: str) -> None:
    if found != published:
        raise Problem(f"The package {name} is not the published one: its integrity is {found}, not {published}.")


def _contents(package: Path) -> dict[str, bytes]:
    """The files of a package, by their paths in it."""
    with tarfile.open(package) as packed:
        files = {each.name.removeprefix("package/"): packed.extractfile(each) for each in packed if each.isfile()}
        return {name: file.read() for name, file in files.items() if file}


def _by_npm(package: str, folder: Path) -> Path:
    run(["npm", "pack", package, "--silent"], f"npm could not fetch {package}:", cwd=folder)
    (fetched,) = folder.glob("*.tgz")
    return fetched


if __name__ == "__main__":
    keep(FOLDER, _by_npm)
