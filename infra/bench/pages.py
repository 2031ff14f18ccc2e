"""What pages weigh when they are opened for the first time, and how soon a browser paints them."""

import gzip
import lzma
import re
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser

from infra.places import PROJECT

ROOM = PROJECT / "chalicelib" / "pages"
PAGES = ("board", "plan", "card", "docs")
MOST_BYTES = 60_000
"""The most that a page for people weighs, compressed. The contract to try is a page for developers."""

ROUNDS = 7
_ASSET = re.compile(r'"assets/([\w.-]+)"')
# What is loaded at once. A script that is loaded when it is needed is no part of the first picture.
_MODULE = re.compile(r'from "\./([\w-]+\.js)"')
_PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass(frozen=True)
class Painted:
    """Milliseconds until a browser painted something, and until what a page is about was there; medians."""

    first: float
    whole: float


def weights(page: str) -> Mapping[str, int]:
    """The bytes of each file that the first picture of a page needs, compressed one by one, by its name."""
    own = ROOM / f"{page}.html"
    html = (own if own.exists() else ROOM / "page.html").read_text("utf-8").replace("NAME", page)
    waiting, texts = _ASSET.findall(html), {f"{page}.html": html.encode()}
    while waiting:
        name = waiting.pop()
        if name not in texts:
            texts[name] = _content(name)
            waiting += _MODULE.findall(texts[name].decode())
    return {name: len(gzip.compress(text, mtime=0)) for name, text in texts.items()}


def painted(browser: Browser, address: str, sign: str) -> Painted:
    """Open a page again and again, each time as a stranger. `sign` is what a page is about, as a selector."""
    measured = [*_painted(browser, address, sign)][1:]  # the first one wakes the function
    return Painted(*(statistics.median(column) for column in zip(*measured, strict=True)))


def _painted(browser: Browser, address: str, sign: str) -> Iterator[tuple[float, float]]:
    for _ in range(ROUNDS + 1):
        with browser.new_context() as context:
            page = context.new_page()
            page.goto(address)
            page.locator(sign).first.wait_for()
            yield page.evaluate(_PAINTED) or page.evaluate("performance.now()"), page.evaluate("performance.now()")


def _content(name: str) -> bytes:
    (path,) = [each for each in _files() if each.name.removesuffix(".xz") == name]
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def _files() -> Iterator[Path]:
    return (each for each in ROOM.rglob("*") if each.is_file())
