"""The pictures in the documents, taken of the small plant that plays here: `python -m infra.pictures`.

Beside them is noted in which styles they were taken. A test fails when these change, until they are taken again. Takip
must run here with `up --demo`.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, ViewportSize

from infra.bench.pages import ROOM
from infra.chromium import chromium, started
from infra.cli.board_link import board_link
from infra.cli.status import read_status
from infra.local import local
from infra.places import PROJECT
from infra.problem import Problem

FOLDER = PROJECT / "docs" / "pictures"
NOTED = "taken_of.json"
MOST_BYTES = 150_000
WIDTH, HEIGHT = 1280, 720


# Each picture, and the styles of its page.
STYLES = {"board.png": ("board.css", "page.css"), "plan.png": ("page.css", "plan.css")}


def taken_of() -> dict[str, str]:
    """The digest of the styles in which each picture was taken. A script that is only moved changes no look."""
    return {picture: _digest(files) for picture, files in STYLES.items()}


def take_board(link: str, path: Path) -> str:
    """Take a picture of a board, in English and in light colours. Returns what is written on it. Raises Problem."""
    address, _, key = link.partition("#")
    with _page() as page:
        page.goto(f"{address}?lang=en&theme=light#{key}")
        page.locator(".rows tbody tr").first.wait_for()
        page.screenshot(path=path)
        return page.locator(".wall").inner_text()


def take_plan(url: str, account: Mapping[str, str], path: Path) -> str:
    """Take a picture of the stages by machine, as an account of a planner sees them. Returns what is written on it.

    Raises Problem.
    """
    with _page() as page:
        page.goto(f"{url}/plan?lang=en&tab=gantt&days=1")
        for name, value in account.items():
            page.locator(f"form.sign-in [name={name}]").fill(value)
        page.locator("form.sign-in").get_by_role("button").click()
        page.locator(".gantt .bar").first.wait_for()
        page.screenshot(path=path)
        return page.locator("main, #panel").first.inner_text()


@contextmanager
def _page() -> Iterator[Page]:
    """An empty page of the size of the pictures. Raises Problem if there is no Chromium."""
    found = chromium()
    if found is None:
        raise Problem("Chromium is needed. On Debian: apt-get install chromium")
    size: ViewportSize = {"width": WIDTH, "height": HEIGHT}
    with started(found) as browser, browser.new_context(viewport=size, color_scheme="light") as context:
        yield context.new_page()


def _digest(files: tuple[str, ...]) -> str:
    content = b"".join((ROOM / each).read_bytes().replace(b"\r\n", b"\n") for each in files)
    return hashlib.sha256(content).hexdigest()


def main() -> None:
    """Take the pictures of the documents, and note of what."""
    here, url = local(), read_status()["url"]
    take_board(board_link(here, url), FOLDER / "board.png")
    take_plan(url, here.admin(), FOLDER / "plan.png")
    (FOLDER / NOTED).write_text(json.dumps(taken_of(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
