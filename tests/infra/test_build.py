"""The folder in which `chalice deploy` runs, and when a deployment is needed."""

from pathlib import Path

import pytest

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


def test_building_again_forgets_all_of_before(project: Path, tmp_path: Path) -> None:
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
