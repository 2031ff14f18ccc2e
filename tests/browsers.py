"""A real Chromium for tests of pages, and what a page did that it should not have done."""

import os
import shutil
import subprocess
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

NAMES = ("chromium", "google-chrome", "google-chrome-stable", "chromium-browser")
INSTALL_SECONDS = 240
# A page of a made-up site may ask this machine without a question to the user.
ARGUMENTS = ["--disable-features=LocalNetworkAccessChecks"]
# What a page is told when it breaks its policy, kept until it is asked for.
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


def chromium() -> str:
    """The path of a Chromium that starts. The test is skipped where there is none, and none may be installed."""
    found = _there() or (_there() if _installed() else None)
    if found is None:
        pytest.skip("needs Chromium or Chrome; as root on Debian it would be installed: apt-get install chromium")
    return found


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


@contextmanager
def started() -> Iterator[Browser]:
    """A browser without a window. It keeps nothing of the user's."""
    path = chromium()
    with sync_playwright() as driver:
        sandboxed = os.name != "nt" and os.geteuid() != 0
        browser = driver.chromium.launch(executable_path=path, chromium_sandbox=sandboxed, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def blameless(browser: Browser, *, origin: str, refused: Collection[int] = ()) -> Iterator[Page]:
    """An empty page. In the end it must have written no error, kept its policy, and asked nobody but its `origin`.

    Chromium itself writes an error for each refusal, so a test names the statuses with which it has its page refused.
    """
    expected = tuple(f"Failed to load resource: the server responded with a status of {each} " for each in refused)
    wrong: list[str] = []
    with browser.new_context() as context:
        context.add_init_script(VIOLATIONS)
        page = context.new_page()
        page.on("console", lambda said: wrong.append(said.text) if _is_error(said, expected) else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}"))
        page.on("request", lambda request: None if _is_own(request.url, origin) else wrong.append(request.url))
        yield page
        wrong += page.evaluate("window.violations")
    assert wrong == []


def origin_of(url: str) -> str:
    """Where an address is, without its path."""
    return "{0.scheme}://{0.netloc}".format(urlsplit(url))


def fill_in(page: Page, credentials: Mapping[str, str]) -> None:
    """Sign in on a page with the form that it shows to strangers."""
    form = page.locator("form.sign-in")
    for name, value in credentials.items():
        form.locator(f"[name={name}]").fill(value)
    form.get_by_role("button").click()


def _is_error(said: ConsoleMessage, expected: tuple[str, ...]) -> bool:
    return said.type == "error" and not said.text.startswith(expected)


def _is_own(url: str, origin: str) -> bool:
    return url.startswith((f"{origin}/", "data:"))
