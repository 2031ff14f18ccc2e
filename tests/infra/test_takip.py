"""takip.py before anything is installed: what it makes, what it finds unfinished, what it says."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import takip


@pytest.fixture(autouse=True)
def clone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A clone without .venv."""
    for name in takip.REQUIREMENTS:
        (tmp_path / name).write_text("one==1\n")
    venv = tmp_path / ".venv"
    monkeypatch.setattr(takip, "ROOT", tmp_path)
    monkeypatch.setattr(takip, "VENV", venv)
    monkeypatch.setattr(takip, "PYTHON", venv / takip.PYTHON.relative_to(takip.PYTHON.parents[1]))
    monkeypatch.setattr(takip, "STAMP", venv / "installed-by-takip")
    return tmp_path


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The programs that would have run; each succeeds, and pip answers with this Python's version."""
    ran: list[list[str]] = []

    def run(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        ran.append(command)
        takip.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        takip.PYTHON.touch()
        return subprocess.CompletedProcess(command, 0, sys.version, "")

    monkeypatch.setattr(subprocess, "run", run)
    return ran


def test_a_first_run_makes_the_environment_and_installs(programs: list[list[str]]) -> None:
    assert takip.install() is None
    assert [command[1:3] for command in programs] == [["-m", "venv"], ["-m", "pip"]]
    assert takip.STAMP.read_text() == takip.wanted()


def test_changed_requirements_are_installed_into_the_same_environment(programs: list[list[str]], clone: Path) -> None:
    takip.install()
    (clone / "requirements.txt").write_text("one==2\n")
    assert takip.STAMP.read_text() != takip.wanted()
    programs.clear()
    takip.install()
    assert ["-m", "venv"] not in [command[1:3] for command in programs]


def test_an_installation_that_failed_says_so_and_counts_as_unfinished(
    programs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    takip.install()

    def fail(command: list[str], **_: Any) -> "subprocess.CompletedProcess[str]":
        return subprocess.CompletedProcess(command, int("install" in command), sys.version, "no route to host")

    monkeypatch.setattr(subprocess, "run", fail)
    refusal = takip.install()
    assert refusal is not None
    assert "Is the network there?" in refusal
    assert "no route to host" in refusal
    assert not takip.STAMP.exists()


def test_an_old_python_is_told_what_is_needed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert takip.main() == 1
    assert capsys.readouterr().err == "Takip needs Python 3.11 or newer; this is 3.9.\n"


def test_an_environment_that_cannot_install_is_made_anew(clone: Path) -> None:
    takip.PYTHON.parent.mkdir(parents=True)
    takip.PYTHON.write_text("#!/bin/sh\nexit 1\n")
    takip.PYTHON.chmod(0o755)
    assert not takip.works()
    assert clone.exists()
