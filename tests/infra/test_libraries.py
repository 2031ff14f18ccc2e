"""The libraries that pages load are the published ones."""

import io
import json
import lzma
import tarfile
from pathlib import Path

import pytest

from infra import libraries
from infra.problem import Problem

CONTENTS = {
    "package/dist/chart.min.js": b"draw()",
    "package/LICENSE": b"MIT",
    "package/package.json": b'{"license": "MIT"}',
    "package/README.md": b"unused",
}


def packed(path: Path, contents: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as package:
        for name, content in contents.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            package.addfile(entry, io.BytesIO(content))
    return path


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return packed(tmp_path / "chart-1.2.3.tgz", CONTENTS)


@pytest.fixture
def folder(tmp_path: Path, package: Path) -> Path:
    """A folder that names one library, which is not yet there."""
    kept = tmp_path / "libraries"
    kept.mkdir()
    listed = {
        "version": "1.2.3",
        "integrity": libraries.integrity(package.read_bytes()),
        "licences": ["LICENSE"],
        "files": {"chart.js": {"from": "dist/chart.min.js", "integrity": ""}},
    }
    (kept / libraries.PUBLISHED).write_text(json.dumps({"chart": listed}))
    return kept


def test_what_is_kept_is_what_was_published() -> None:
    assert libraries.altered(libraries.FOLDER) == []


def test_the_files_that_are_named_are_taken_from_the_package(folder: Path, package: Path) -> None:
    asked: list[str] = []

    def fetch(name: str, _: Path) -> Path:
        asked.append(name)
        return package

    libraries.keep(folder, fetch)

    assert asked == ["chart@1.2.3"]
    assert sorted(path.name for path in (folder / "chart").iterdir()) == ["LICENSE", "chart.js.xz"]
    assert lzma.decompress((folder / "chart" / "chart.js.xz").read_bytes()) == b"draw()"
    assert libraries.altered(folder) == []
    assert json.loads((folder / libraries.PUBLISHED).read_text())["chart"]["licence"] == "MIT"


def test_a_file_that_was_changed_afterwards_is_seen(folder: Path, package: Path) -> None:
    libraries.keep(folder, lambda *_: package)
    (folder / "chart" / "chart.js.xz").write_bytes(lzma.compress(b"draw(); steal()"))

    assert libraries.altered(folder) == ["chart/chart.js"]


def test_another_package_than_the_published_one_is_refused(folder: Path, tmp_path: Path) -> None:
    other = packed(tmp_path / "other.tgz", CONTENTS | {"package/chart.js": b"steal()"})

    with pytest.raises(Problem, match="not the published one"):
        libraries.keep(folder, lambda *_: other)
    assert not (folder / "chart").exists()


def test_npm_fetches_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(command: list[str], _failure: str, *, cwd: Path) -> None:
        packed(cwd / "chart-1.2.3.tgz", CONTENTS)
        asked.extend(command)

    asked: list[str] = []
    monkeypatch.setattr(libraries, "run", run)

    assert libraries._by_npm("chart@1.2.3", tmp_path).name == "chart-1.2.3.tgz"
    assert asked[:3] == ["npm", "pack", "chart@1.2.3"]
