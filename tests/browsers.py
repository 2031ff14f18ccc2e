"""A real Chromium for tests of pages, and what a page did that it should not have done."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, WebSocketRoute

from infra.chromium import chromium
from infra.chromium import started as in_chromium

# What a page is told when it breaks its policy, kept until it is asked for.
VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
    window.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""

# That a live connection stands, and that its subscription was taken.
_ANSWERS = 2


@contextmanager
def started() -> Iterator[Browser]:
    """A browser without a window. The test is skipped where there is no Chromium, and none may be installed."""
    path = chromium()
    if path is None:
        pytest.skip("needs Chromium or Chrome; as root on Debian it would be installed: apt-get install chromium")
    with in_chromium(path) as browser:
        yield browser


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
        page.on("requestfailed", lambda request: wrong.append(f"failed: {request.url}") if _is_lost(request) else None)
        page.on("request", lambda request: None if _is_own(request.url, origin) else wrong.append(request.url))
        yield page
        wrong += page.evaluate("window.violations")
    assert wrong == []


class Network:
    """The live connections of a page, which a test can cut."""

    def __init__(self, page: Page) -> None:
        self.is_cut = False
        self._open: list[WebSocketRoute] = []
        self.heard = self.opened = 0
        page.route_web_socket("**/mqtt*", self._opened)

    def cut(self) -> None:
        """Close what is open, and let nothing through from now on."""
        self.is_cut = True
        for socket in self._open:
            socket.close()
        self._open.clear()

    def wait(self, page: Page, opened: int = 1) -> None:
        """Wait until so many connections were opened, and the last was answered: its CONNACK and its SUBACK."""
        for _ in range(100):
            if self.opened >= opened and self.heard >= _ANSWERS:
                return
            page.wait_for_timeout(100)
        raise AssertionError("the page hears nothing")

    def _opened(self, socket: WebSocketRoute) -> None:
        if self.is_cut:
            socket.close()
            return
        self.heard = 0
        self.opened += 1
        server = socket.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            self.heard += 1
            socket.send(message)

        server.on_message(pass_on)
        self._open.append(socket)


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


def _is_lost(request: Request) -> bool:
    """Whether a request found no answer. What a page that was left no longer waits for says nothing about it."""
    return request.failure != "net::ERR_ABORTED"


def _is_own(url: str, origin: str) -> bool:
    return url.startswith((f"{origin}/", "data:"))
