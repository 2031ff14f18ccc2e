"""The pictures in the documents, taken of the small plant that plays here: `python -m infra.pictures`.

Beside them is noted in which styles they were taken. A test fails when these change, until they are taken again. Takip
must run here with `up --demo`.
"""

import hashlib
import json
from pathlib import Path

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


def taken_of() -> dict[str, str]:
    """The digest of the styles in which a picture was taken. A script that is only moved changes no look."""
    files = [ROOM / "board.css", ROOM / "page.css"]
    content = b"".join(each.read_bytes().replace(b"\r\n", b"\n") for each in files)
    return {"board.png": hashlib.sha256(content).hexdigest()}


def take(link: str, path: Path) -> str:
    """Take a picture of a board, in English and in light colours. Returns what is written on it. Raises Problem."""
    found = chromium()
    if found is None:
        raise Problem("Chromium is needed. On Debian: apt-get install chromium")
    address, _, key = link.partition("#")
    with started(found) as browser, browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}) as context:
        page = context.new_page()
        page.goto(f"{address}?lang=en&theme=light#{key}")
        page.locator(".rows tbody tr").first.wait_for()
        page.screenshot(path=path)
        return page.locator(".wall").inner_text()


def main() -> None:
    """Take the pictures of the documents, and note of what."""
    take(board_link(local(), read_status()["url"]), FOLDER / "board.png")
    (FOLDER / NOTED).write_text(json.dumps(taken_of(), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
