"""The folder in which `chalice deploy` runs, and when a deployment is needed."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.deployment import packages
from infra.deployment.build import build, fingerprint


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A small project as the clone is laid out."""
    files = {
        "app.py": "app",
        "requirements.txt": "one==1\n",
        "chalicelib/rules.py": "rules",
        "chalicelib/__pycache__/rules.pyc": "compiled",
        "functions/door.py": "door",
        ".chalice/config.json": "{}",
        ".chalice/deployed/dev.json": "memory of dev",
        "tests/test_rules.py": "test",
    }
    for name, content in files.items():
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    return tmp_path / "project"


def files_of(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_only_what_ships_is_built_and_the_doors_are_real_files_in_vendor(project: Path, tmp_path: Path) -> None:
    build(tmp_path / "build", project)
    assert files_of(tmp_path / "build") == {
        "app.py",
        "requirements.txt",
        "chalicelib/rules.py",
        "vendor/functions/door.py",
        ".chalice/config.json",
    }
    assert not (tmp_path / "build" / "vendor" / "functions").is_symlink()


def test_building_again_forgets_files_and_zips_of_before_but_not_what_chalice_made(
    project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "build"
    build(folder, project)
    for name in (".chalice/deployments/stale.zip", ".chalice/deployed/local.json", "vendor/gone/__init__.py"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (project / "chalicelib" / "rules.py").rename(project / "chalicelib" / "laws.py")
    build(folder, project)
    assert files_of(folder) == {
        "app.py",
        "requirements.txt",
        "chalicelib/laws.py",
        "vendor/functions/door.py",
        ".chalice/config.json",
        ".chalice/deployed/local.json",
    }


@pytest.mark.parametrize("name", ["app.py", "functions/door.py", "chalicelib/rules.py", ".chalice/config.json"])
def test_a_change_of_what_ships_asks_for_a_deployment(project: Path, name: str) -> None:
    before = fingerprint(project=project)
    (project / name).write_text("changed")
    assert fingerprint(project=project) != before


def test_a_new_name_alone_asks_for_a_deployment(project: Path) -> None:
    (project / "functions" / "empty.py").touch()
    before = fingerprint(project=project)
    (project / "functions" / "empty.py").rename(project / "functions" / "void.py")
    assert fingerprint(project=project) != before


@pytest.mark.parametrize("name", ["tests/test_rules.py", ".chalice/deployed/dev.json", "functions/__pycache__/x.pyc"])
def test_what_does_not_ship_asks_for_none(project: Path, name: str) -> None:
    before = fingerprint(project=project)
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("changed")
    assert fingerprint(project=project) == before


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[str, ...]]:
    """What pip was asked for; it brings one package."""
    asked: list[tuple[str, ...]] = []

    def pip(*arguments: str) -> None:
        asked.append(arguments)
        folder = Path(arguments[-3])
        folder.mkdir()
        (folder / "package.py").touch()

    monkeypatch.setattr(packages, "_pip", pip)
    monkeypatch.setattr(packages, "KEPT", tmp_path / "kept")
    return asked


def test_where_lambdas_wheels_load_chalice_packs_them_without_the_network(
    project: Path, tmp_path: Path, fetched: list[tuple[str, ...]]
) -> None:
    build(tmp_path / "build", project)
    first, second = (packages.pack(tmp_path / "build", like_lambda=True) for _ in range(2))
    assert first == second
    assert first["PIP_NO_INDEX"] == "1"
    (folder,) = (tmp_path / "kept" / "wheels").iterdir()
    assert (first["PIP_FIND_LINKS"], (folder / "package.py").exists()) == (folder.as_uri(), True)
    assert [arguments[0] for arguments in fetched] == ["download"]
    assert (tmp_path / "build" / "requirements.txt").read_text() == "one==1\n"


def test_pip_finds_the_wheels_also_where_the_folder_of_the_clone_has_a_space_in_its_name(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pip(*arguments: str) -> None:
        folder = Path(arguments[-3])
        folder.mkdir()
        with zipfile.ZipFile(folder / "one-1-py3-none-any.whl", "w") as wheel:
            wheel.writestr("one-1.dist-info/METADATA", "Metadata-Version: 2.1\nName: one\nVersion: 1\n")
            wheel.writestr("one-1.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")

    monkeypatch.setattr(packages, "_pip", pip)
    monkeypatch.setattr(packages, "KEPT", tmp_path / "Üretim Takip" / "ığşçö")
    folder = tmp_path / "Üretim Takip" / "build"
    build(folder, project)
    found = tmp_path / "found"
    as_chalice_does = [sys.executable, "-m", "pip", "download", "-q", "-r", "requirements.txt", "-d", str(found)]
    surroundings = os.environ | packages.pack(folder, like_lambda=True)
    ran = subprocess.run(as_chalice_does, cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    assert (ran.returncode, [path.name for path in found.iterdir()]) == (0, ["one-1-py3-none-any.whl"]), ran.stderr


def test_elsewhere_this_machines_packages_go_in_as_files(
    project: Path, tmp_path: Path, fetched: list[tuple[str, ...]]
) -> None:
    build(tmp_path / "build", project)
    assert packages.pack(tmp_path / "build", like_lambda=False) == {}
    assert [arguments[0] for arguments in fetched] == ["install"]
    assert (tmp_path / "build" / "vendor" / "package.py").exists()
    assert (tmp_path / "build" / "requirements.txt").read_text() == ""
