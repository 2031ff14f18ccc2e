"""A Chromium on this machine: the one that is there or, where that needs nobody's word, one that is installed."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
INSTALL_SECONDS = 240
# A page of a made-up site may ask this machine without a question to the user.
ARGUMENTS = ["--disable-features=LocalNetworkAccessChecks"]


def chromium() -> str | None:
    """The path of a Chromium that starts. None if there is none, and none may be installed."""
    return _there() or (_there() if _installed() else None)


@contextmanager
def started(path: str) -> Iterator[Browser]:
    """A browser without a window. It keeps nothing of the user's."""
    with sync_playwright() as driver:
        sandboxed = os.name != "nt" and os.geteuid() != 0
        browser = driver.chromium.launch(executable_path=path, chromium_sandbox=sandboxed, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def _there() -> str | None:
    paths = filter(None, map(shutil.which, NAMES))
    # Ubuntu's package is a script that only asks for another way to install it.
    return next((path for path in paths if not _run([path, "--version"], 30).returncode), None)


def _installed() -> bool:
    """Install Chromium where that needs nobody's word: as root, where there is apt."""
    if os.name == "nt" or os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    wanted = ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"]
    return not (_run(wanted).returncode and (_run(["apt-get", "update", "-q"]).returncode or _run(wanted).returncode))


def _run(command: list[str], seconds: int = INSTALL_SECONDS) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(command, capture_output=True, check=False, timeout=seconds, stdin=subprocess.DEVNULL)
