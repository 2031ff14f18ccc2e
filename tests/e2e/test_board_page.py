"""The board on the wall of the deployed system in a real browser: its numbers, its size, and its bad days."""

import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browsers import blameless, fill_in, origin_of
from tests.e2e.conftest import ADMIN, Deployed
from tests.e2e.people import Hire, Someone, order

HOSTILE = "<img src=x onerror=alert(1)> تجميع " + "x" * 160
SHOWS_WITHIN_SECONDS = 20  # on a busy machine; about one otherwise
SERIOUS = ("serious", "critical")
SIZES: tuple[ViewportSize, ...] = ({"width": 1920, "height": 1080}, {"width": 3840, "height": 2160})
# What is cut off although it should be seen whole, and what is larger than the screen.
CUT = """() => [document.documentElement, ...document.querySelectorAll(".wall, .wall > *, .tile, .verdict")]
    .filter(each => each.scrollHeight > each.clientHeight + 2 || each.scrollWidth > each.clientWidth + 2)
    .map(each => each.className || each.tagName)"""


@pytest.fixture
def screen(admin: Someone, hire: Hire) -> Iterator[dict[str, Any]]:
    """A screen of the whole plant, in which somebody works and something is wrong."""
    worker = hire()
    made = order(admin, worker, stages=[{"name": HOSTILE, "assignee_ids": [worker.id]}])
    stage = f"/stages/{made['stages'][0]['id']}"
    worker.post(f"{stage}/start").raise_for_status()
    worker.post(f"{stage}/report", {"good": 7}).raise_for_status()
    worker.post(f"{stage}/issue", {"type": "quality", "description": HOSTILE}).raise_for_status()
    set_up = admin.post("/screens", {"name": f"Hall {uuid4().hex[:6]}"}).raise_for_status().json()["data"]
    yield {**set_up, "report": lambda good: worker.post(f"{stage}/report", {"good": good})}
    admin.api.delete(f"/screens/{set_up['id']}")


def opened(page: Page, deployed: Deployed, screen: dict[str, Any], query: str = "lang=en") -> None:
    page.goto(f"{deployed.url}/board?{query}#{screen['key']}")
    page.locator(".wall").wait_for()


def serious_in(page: Page) -> list[str]:
    """What some people cannot read, or cannot read well."""
    return [each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]


def shown(deployed: Deployed, screen: dict[str, Any]) -> Any:
    """What the API tells the same screen."""
    answer = httpx.get(f"{deployed.url}/board", headers={"X-Screen-Key": screen["key"]}, timeout=30)
    return answer.raise_for_status().json()["data"]


def test_the_wall_shows_the_numbers_of_the_api_on_one_screen_to_everybody(
    deployed: Deployed, browser: Browser, screen: dict[str, Any]
) -> None:
    with blameless(browser, origin=origin_of(deployed.url)) as page:
        opened(page, deployed, screen)
        cut = []
        for size in SIZES:
            page.set_viewport_size(size)
            cut += page.evaluate(CUT)
        tiles = page.locator(".tile strong").all_inner_texts()
        counted = page.locator(".hours td:nth-child(2)").all_inner_texts()
        scrap = page.locator(".losses").nth(1).locator("li").all_inner_texts()
        work, needs = page.locator(".rows tbody").inner_text(), page.locator(".needs").inner_text()
        serious = serious_in(page)
        page.keyboard.press("?")
        page.locator(".explained").wait_for()
        explained = page.locator(".explained tbody tr").count()
        kept = page.url
    board = shown(deployed, screen)

    assert (cut, serious) == ([], [])
    assert tiles[:4] == [f"{number:,}" for number in told(board)]
    assert scrap == [f"{each['label']['en']} {each['size']} pieces" for each in board["scrap"] if "label" in each]
    assert counted == [f"{hour['good']:,}" for hour in board["hours"]]
    assert "<img src=x" in work
    assert "<img src=x" in needs
    assert explained > len(tiles)
    assert "#" not in kept


def told(board: dict[str, Any]) -> list[int]:
    """The numbers of the first four tiles."""
    tiles = board["tiles"]
    standing = tiles["blocked"] + tiles["held"]
    return [board["made"]["good"], tiles["late_orders"], standing, sum(tiles["open_issues"].values())]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose clock is three hours wrong and is moved by hand. It hears nothing live, so it asks every 15 s."""
    with browser.new_context(timezone_id="Europe/Istanbul") as context:
        opened_page = context.new_page()
        opened_page.clock.install(time=datetime.now(UTC) + timedelta(hours=3))
        opened_page.route_web_socket("**/mqtt*", lambda socket: socket.close())
        yield opened_page


def test_a_command_shows_within_a_poll_and_the_clock_is_the_plants_whatever_the_screens_says(
    deployed: Deployed, page: Page, screen: dict[str, Any]
) -> None:
    opened(page, deployed, screen)
    before = shown(deployed, screen)
    hour = datetime.now(ZoneInfo(before["timezone"])).strftime("%H")
    assert page.locator("header time").inner_text().partition(":")[0] == hour

    screen["report"](5).raise_for_status()
    deadline = time.monotonic() + SHOWS_WITHIN_SECONDS
    while (now := shown(deployed, screen)["made"]["good"]) < before["made"]["good"] + 5 and time.monotonic() < deadline:
        time.sleep(0.2)
    page.clock.run_for(20_000)
    expect(page.locator(".tile strong").first).to_have_text(f"{now:,}")


def test_a_wall_goes_through_several_lines(deployed: Deployed, page: Page) -> None:
    page.goto(f"{deployed.url}/board?lang=en&rotate=Hall A,Hall B")
    fill_in(page, ADMIN)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("Hall [AB]"))
    first = heading.inner_text()
    for line in [*({"Hall A", "Hall B"} - {first}), first]:
        page.clock.run_for(20_000)
        expect(heading).to_have_text(line)


def test_without_news_the_wall_is_grey_and_says_since_when_and_comes_back_by_itself(
    deployed: Deployed, page: Page, screen: dict[str, Any]
) -> None:
    opened(page, deployed, screen)
    expect(page.locator(".wall.old")).to_have_count(0)
    page.context.set_offline(True)
    for _ in range(3):
        page.clock.run_for(20_000)
    expect(page.locator(".wall.old .as-of")).to_contain_text("No news since")
    page.context.set_offline(False)
    page.clock.run_for(20_000)
    expect(page.locator(".wall.old")).to_have_count(0)


def test_a_screen_whose_key_was_revoked_says_so(
    deployed: Deployed, page: Page, screen: dict[str, Any], admin: Someone
) -> None:
    opened(page, deployed, screen, "lang=tr&theme=dark")
    admin.api.delete(f"/screens/{screen['id']}").raise_for_status()
    page.clock.run_for(20_000)
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator(".wait")).to_contain_text("planlamacıdan yeni bir bağlantı")
    assert serious_in(page) == []
