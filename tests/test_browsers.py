"""Where the browser of the tests comes from."""

import os
import shutil
import subprocess
from collections.abc import Callable

import pytest

from infra import chromium
from tests import browsers

Commands = list[list[str]]


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> Commands:
    """The commands that are run; each fails."""
    ran: Commands = []

    def run(command: list[str], _seconds: int = 0) -> "subprocess.CompletedProcess[bytes]":
        ran.append(command)
        return subprocess.CompletedProcess(command, 1)

    monkeypatch.setattr(chromium, "_run", run)
    return ran


def only(*names: str) -> Callable[[str], str | None]:
    return lambda name: f"/usr/bin/{name}" if name in names else None


def test_a_browser_that_is_there_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", only("google-chrome"))
    monkeypatch.setattr(chromium, "_run", lambda command, _: subprocess.CompletedProcess(command, 0))
    assert chromium.chromium() == "/usr/bin/google-chrome"


@pytest.mark.skipif(os.name == "nt", reason="there is no apt")
def test_root_installs_one_where_there_is_apt(monkeypatch: pytest.MonkeyPatch, commands: Commands) -> None:
    monkeypatch.setattr(shutil, "which", only("apt-get", "chromium-browser"))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(pytest.skip.Exception, match="needs Chromium"), browsers.started():
        pass
    assert [command[:2] for command in commands if "apt-get" in command[0]] == [
        ["apt-get", "install"],
        ["apt-get", "update"],
    ]


@pytest.mark.skipif(os.name == "nt", reason="there is no root")
def test_nobody_else_does_and_the_test_says_so(monkeypatch: pytest.MonkeyPatch, commands: Commands) -> None:
    monkeypatch.setattr(shutil, "which", only("apt-get"))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(pytest.skip.Exception, match="needs Chromium"), browsers.started():
        pass
    assert commands == []
