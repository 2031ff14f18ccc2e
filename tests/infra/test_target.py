"""The Python, the processor and the wheels that a zip is made for."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

from infra.aws import Aws
from infra.deployment import target
from infra.deployment.target import LAMBDA_PYTHON, interpreter, lambda_target, target_of, this_machine
from infra.problem import Problem

HERE = "{}.{}".format(*sys.version_info)


@pytest.fixture
def with_every_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that has every Python; what is asked here is only for what the zip is made."""
    monkeypatch.setattr(target, "interpreter", lambda version: Path(f"python{version}"))


@pytest.mark.usefixtures("with_every_python")
@pytest.mark.parametrize("machine", ["x86_64", "AMD64", "arm64", "aarch64"])
def test_amazon_gets_lambdas_python_whatever_this_machine_is(monkeypatch: pytest.MonkeyPatch, machine: str) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    made_for = target_of(Aws("eu-central-1"))
    assert (made_for.runtime, made_for.architecture) == ("python3.13", "arm64")
    assert {wheel.rpartition("_")[2] for wheel in made_for.wheels} == {"aarch64"}


@pytest.mark.usefixtures("with_every_python")
@pytest.mark.parametrize(("machine", "architecture"), [("AMD64", "x86_64"), ("aarch64", "arm64")])
def test_localstack_gets_lambdas_python_on_the_processor_of_this_machine(
    monkeypatch: pytest.MonkeyPatch, machine: str, architecture: str
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    made_for = target_of(Aws("eu-central-1", "http://127.0.0.1:4566"))
    assert (made_for.runtime, made_for.architecture) == ("python3.13", architecture)


def test_the_embedded_emulator_gets_what_this_machine_runs() -> None:
    made_for = target_of(Aws("eu-central-1", "http://127.0.0.1:4566", runs_functions_here=True))
    assert made_for == this_machine()
    assert (made_for.version, made_for.interpreter, made_for.wheels) == (HERE, Path(sys.executable), ())


def test_wheels_for_a_newer_system_than_lambdas_are_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(target, "interpreter", lambda _: Path())
    wheels = lambda_target("x86_64").wheels
    assert {"manylinux2014_x86_64", "manylinux_2_34_x86_64"} <= set(wheels)
    assert "manylinux_2_35_x86_64" not in wheels


def test_lambdas_python_is_found_on_this_machine_or_fetched() -> None:
    asked = [str(interpreter(LAMBDA_PYTHON)), "-c", "import sys; print('{}.{}'.format(*sys.version_info))"]
    assert subprocess.run(asked, capture_output=True, text=True, check=True).stdout.strip() == LAMBDA_PYTHON


def test_a_python_that_is_neither_here_nor_to_be_fetched_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_OFFLINE", "1")
    with pytest.raises(Problem, match=r"^Python 3\.99, which Lambda runs, is not on this machine"):
        interpreter("3.99")
