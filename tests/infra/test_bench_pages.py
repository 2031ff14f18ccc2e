"""What pages weigh is counted of all that their first picture needs, and has a limit."""

import pytest
from click.testing import CliRunner

from infra.bench import pages
from infra.cli import bench, commands
from tests import browsers


@pytest.mark.parametrize("page", [page for page in pages.PAGES if page != "docs"])
def test_a_page_for_people_weighs_sixty_kilobytes_at_most(page: str) -> None:
    assert sum(pages.weights(page).values()) <= pages.MOST_BYTES


def test_all_that_a_page_loads_at_once_is_weighed_and_nothing_else() -> None:
    board = pages.weights("board")
    assert {"board.js", "board.css", "page.css", "words.js", "preact.js", "icon.svg"} <= board.keys()
    assert "lean-qr.js" not in board
    assert "lean-qr.js" in pages.weights("card")
    assert all(1 < weight < 500_000 for weight in pages.weights("docs").values())


def test_a_picture_is_measured_from_when_a_page_is_asked_for_and_pages_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    late = "data:text/html,<p>at once</p><script>setTimeout(() => document.body.append('at last'), 60)</script>"
    monkeypatch.setattr(bench, "read_status", lambda: {"url": late})
    opened = dict.fromkeys(pages.PAGES, (late, "text=at last"))
    monkeypatch.setattr(bench, "addresses", lambda _: opened)
    monkeypatch.setattr(pages, "ROUNDS", 1)
    with browsers.started() as browser:
        measured = pages.painted(browser, late, "text=at last")
    said = CliRunner().invoke(commands.takip, ["bench", "pages"], catch_exceptions=False).output

    assert 0 < measured.first < measured.whole
    assert measured.whole >= 60
    assert all(f"/{page}" in said for page in pages.PAGES)
