"""The zip of the functions: the same every time, compiled for its Python, and the one that Chalice deploys."""

import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from importlib.machinery import SourcelessFileLoader
from pathlib import Path
from py_compile import PyCompileError
from typing import Any

import pytest

from infra.deployment import compiling, packages
from infra.deployment.archive import archive
from infra.deployment.build import build
from infra.deployment.target import Target, this_machine
from infra.places import PROJECT

# Wheels for another system than this one, as for Amazon's from a laptop.
ELSEWHERE = Target("3.13", "arm64", Path(sys.executable), ("manylinux_2_17_aarch64", "manylinux_2_18_aarch64"))


BROUGHT = {
    "bin/program": "",
    "botocore/data/ec2/a.json": "",
    "botocore/data/endpoints.json": '{"partitions":[]}',
    "package-1.dist-info/METADATA": "",
    "package-1.dist-info/RECORD": "",
    "package.py": "WORDS = {'a', 'b', 'c', 'd'}\n",
}


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where packages are kept, in a folder whose name some programs mistake."""
    monkeypatch.setattr(packages, "KEPT", tmp_path / "Üretim Takip")
    return tmp_path / "Üretim Takip" / "packages"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    """What pip was asked for. It brings botocore with a service, and a package with a program and a record."""
    calls: list[tuple[str, ...]] = []

    def pip(_failure: str, *arguments: str) -> None:
        calls.append(arguments)
        folder = Path(arguments[arguments.index("--target") + 1])
        for name, content in BROUGHT.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)

    monkeypatch.setattr(packages, "pip", pip)
    return calls


def test_packages_are_fetched_once_for_each_target_and_each_requirements(
    tmp_path: Path, asked: list[tuple[str, ...]]
) -> None:
    requirements = tmp_path / "requirements.txt"
    requirements.write_text("one==1\n")
    first, again = (packages.packages(requirements, this_machine()) for _ in range(2))
    assert (first, len(asked)) == (again, 1)
    assert packages.packages(requirements, replace(this_machine(), wheels=ELSEWHERE.wheels)) != first
    requirements.write_text("one==2\n")
    assert packages.packages(requirements, this_machine()) != first
    assert len(asked) == 3


def test_two_deployments_may_fetch_at_once(
    tmp_path: Path, asked: list[tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "requirements.txt").touch()
    fetch = vars(packages)["pip"]  # that of `asked`

    def pip(failure: str, *arguments: str) -> None:
        fetch(failure, *arguments)
        if len(asked) == 1:
            packages.packages(tmp_path / "requirements.txt", this_machine())

    monkeypatch.setattr(packages, "pip", pip)
    folder = packages.packages(tmp_path / "requirements.txt", this_machine())
    assert (len(asked), [each.name for each in folder.parent.iterdir()]) == (2, [folder.name])


def test_only_what_is_pinned_is_fetched_and_as_wheels_of_the_target(
    tmp_path: Path, asked: list[tuple[str, ...]]
) -> None:
    (tmp_path / "requirements.txt").touch()
    packages.packages(tmp_path / "requirements.txt", ELSEWHERE)
    packages.packages(tmp_path / "requirements.txt", this_machine())
    of_lambda, of_here = (set(arguments) for arguments in asked)
    assert {"--no-deps", "--only-binary=:all:"} <= of_lambda & of_here
    assert {f"--platform={tag}" for tag in ELSEWHERE.wheels} < of_lambda
    assert "--python-version=3.13" in of_lambda
    assert not any(argument.startswith("--platform") for argument in of_here)


@pytest.mark.usefixtures("asked")
def test_what_no_function_uses_and_what_names_this_machine_do_not_ship(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").touch()
    folder = packages.packages(tmp_path / "requirements.txt", this_machine())
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {"package.pyc", "botocore/data/endpoints.json", "package-1.dist-info/METADATA"}


@pytest.mark.usefixtures("asked")
def test_the_same_source_gives_the_same_zip_wherever_and_whenever_it_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    for place, seed in (("here", "1"), ("far/away", "2")):
        monkeypatch.setattr(packages, "KEPT", tmp_path / place)
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        build(tmp_path / place / "build")
        archive(tmp_path / place / "build", this_machine(), tmp_path / place / "takip.zip")
        made.append((tmp_path / place / "takip.zip").read_bytes())
    assert made[0] == made[1]


def test_chalice_deploys_the_zip_and_the_python_that_it_is_told(tmp_path: Path) -> None:
    build(tmp_path / "build")
    told = tmp_path / "told.zip"
    with zipfile.ZipFile(told, "w") as packed:
        packed.writestr("app.py", "the zip that was made\n")
    program = [sys.executable, "-P", "-m", "infra.deployment.chalice_program", "python3.13", "arm64", str(told)]
    surroundings = os.environ | {"PYTHONPATH": str(PROJECT), "AWS_DEFAULT_REGION": "eu-central-1"}
    package = [*program, "package", "--stage", "dev", str(tmp_path / "out")]
    done = subprocess.run(
        package, cwd=tmp_path / "build", env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    resources = json.loads((tmp_path / "out" / "sam.json").read_text())["Resources"].values()
    functions = [each["Properties"] for each in resources if each["Type"] == "AWS::Serverless::Function"]
    assert {(each["Runtime"], *each["Architectures"]) for each in functions} == {("python3.13", "arm64")}
    assert (tmp_path / "out" / "deployment.zip").read_bytes() == told.read_bytes()


def test_packages_ship_without_docstrings_and_with_assertions(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        '"""Much."""\nfrom __future__ import annotations\ndef f():\n    """Told."""\nclass C:\n'
        '    """Told."""\n    x = 1\nasync def g():\n    """Told."""\n    assert False, "seen"\n'
    )
    compiling.compile_all(tmp_path, alone=True)
    shipped = SourcelessFileLoader("a", str(tmp_path / "a.pyc")).get_code("a")
    assert shipped is not None
    made: dict[str, Any] = {"__name__": "a"}
    exec(shipped, made)  # noqa: S102  just compiled from the lines above

    assert list(tmp_path.iterdir()) == [tmp_path / "a.pyc"]
    assert [made[name].__doc__ for name in ("f", "C", "g")] == [None, None, None]
    assert (made.get("__doc__"), made["f"](), made["C"].x) == (None, None, 1)
    with pytest.raises(AssertionError, match="seen"):
        made["g"]().send(None)


def test_what_is_no_python_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def:\n")
    for alone in (True, False):
        with pytest.raises(PyCompileError, match=r"/var/task/a\.py"):
            compiling.compile_all(tmp_path, alone=alone)
