"""takip.py before anything is installed: what it installs, what it repeats, what it prints."""

import errno
import subprocess
import sys
import venv
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
    assert "could not be installed" in refusal
    assert "no route to host" in refusal
    assert not takip.STAMP.exists()


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: [Errno 13] Permission denied: '/opt/takip/.venv'", "may not be written to"),
        ("WARNING: Retrying ... NewConnectionError(...)\nERROR: No matching distribution found", "The network is not"),
        ("ERROR: No matching distribution found for one==2", "What it says"),
    ],
)
def test_an_installation_that_failed_is_not_blamed_on_what_is_innocent(
    programs: list[list[str]], monkeypatch: pytest.MonkeyPatch, words: str, why: str
) -> None:
    takip.install()
    for step in ("install", "venv"):

        def fail(command: list[str], *, step: str = step, **_: Any) -> "subprocess.CompletedProcess[str]":
            return subprocess.CompletedProcess(command, int(step in command), "", words)

        monkeypatch.setattr(subprocess, "run", fail)
        refusal = takip.install()
        assert refusal is not None
        assert (why in refusal, words in refusal) == (True, True)
        takip.PYTHON.unlink(missing_ok=True)  # so that the second time .venv is to be made


@pytest.mark.parametrize(
    ("code", "why"), [(errno.ENOSPC, "disk is full"), (errno.EACCES, "may not be written to"), (errno.EROFS, "yours")]
)
def test_what_cannot_be_written_is_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], clone: Path, code: int, why: str
) -> None:
    def fail() -> str:
        raise OSError(code, "because", str(clone / ".venv"))

    monkeypatch.setattr(takip, "install", fail)
    assert takip.main() == 1
    told = capsys.readouterr().err
    assert (why in told, str(clone) in told) == (True, True)


def test_what_is_wrong_in_another_way_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> str:
        raise FileNotFoundError(errno.ENOENT, "because")

    monkeypatch.setattr(takip, "install", fail)
    with pytest.raises(FileNotFoundError):
        takip.main()


def test_another_python_runs_on_the_environment_that_is_there_and_leaves_it_alone(
    programs: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    takip.install()
    programs.clear()
    monkeypatch.setattr(sys, "version", "3.13.1 (another)")
    monkeypatch.setattr(takip, "hand_over", lambda: 7)
    assert (takip.main(), programs) == (7, [])


def test_another_python_installs_what_is_missing_without_making_the_environment_anew(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.create(takip.VENV, with_pip=False)
    (takip.VENV / "of-a-running-takip").touch()
    (packages,) = [*takip.VENV.glob("lib/python*/site-packages"), *takip.VENV.glob("Lib/site-packages")]
    (packages / "pip.py").touch()  # enough to be imported, and to install nothing
    monkeypatch.setattr(sys, "version", "3.13.1 (another)")
    assert takip.install() is None
    assert (takip.VENV / "of-a-running-takip").exists()
    assert takip.is_installed()


def test_an_environment_whose_python_is_gone_is_not_called_installed(programs: list[list[str]]) -> None:
    takip.install()
    assert takip.is_installed()
    takip.PYTHON.unlink()
    assert not takip.is_installed()


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
