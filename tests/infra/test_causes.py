"""A full disk, a missing permission and a missing network are reported as such."""

import errno
import sys

import pytest

from infra.causes import cause, told
from infra.cli import commands, status


@pytest.mark.parametrize(("code", "why"), [(errno.ENOSPC, "The disk is full"), (errno.EACCES, "may not be written to")])
def test_a_full_disk_and_a_foreign_folder_are_told_without_a_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], code: int, why: str
) -> None:
    def fail() -> None:
        raise OSError(code, "because", "/opt/takip/.takip")

    monkeypatch.setattr(status, "local", fail)
    monkeypatch.setattr(sys, "argv", ["takip.py", "status"])
    assert commands.main() == 1
    assert why in capsys.readouterr().err


def test_any_other_error_of_the_system_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise FileNotFoundError(errno.ENOENT, "because", "somewhere")

    monkeypatch.setattr(status, "local", fail)
    monkeypatch.setattr(sys, "argv", ["takip.py", "status"])
    with pytest.raises(FileNotFoundError):
        commands.main()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("OSError: [Errno 122] Disk quota exceeded", "The disk is full"),
        ("OSError: [WinError 112] There is not enough space on the disk", "The disk is full"),
        ("[Errno 30] Read-only file system: '/opt'", "A file or folder may not be written to"),
        ("[WinError 5] Access is denied", "A file or folder may not be written to"),
        ("HTTPSConnection: [Errno -3] Temporary failure in name resolution", "The network is not there"),
        ("ProxyError('Cannot connect to proxy.')", "The network is not there"),
        ("ERROR: No matching distribution found for one==2", "What it says:"),
    ],
)
def test_what_pip_says_leads_to_the_cause(words: str, sentence: str) -> None:
    assert cause(words).startswith(sentence)


def test_an_error_without_a_file_is_told_too() -> None:
    assert told(OSError(errno.ENOSPC, "because")) == cause("No space left on device")
