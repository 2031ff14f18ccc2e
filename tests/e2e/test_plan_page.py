"""The planner's page of the deployed system in a real browser: its lists, commands, and two planners at once."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browsers import Network, blameless, fill_in, origin_of
from tests.e2e.conftest import ADMIN, Deployed
from tests.e2e.people import PASSWORD, Hire, Someone, order

HOSTILE = "<img src=x onerror=alert(1)> تجميع " + "x" * 160
SERIOUS = ("serious", "critical")
A_PAGE, PAGES = 100, 3
WIDTHS = (1280, 390)
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
A_POLL_MS = 20_000
# Less than a page that only asks needs.
AT_ONCE_MS = 8_000


@pytest.fixture
def made(admin: Someone, hire: Hire) -> Iterator[dict[str, Any]]:
    """An order of a customer of its own, with a stage that somebody works on."""
    worker = hire()
    stages = [{"name": HOSTILE, "assignee_ids": [worker.id]}, {"name": "Paket"}]
    opened = order(admin, worker, stages=stages, customer=f"C-{uuid4().hex[:8]}", note=HOSTILE)
    worker.post(f"/stages/{opened['stages'][0]['id']}/start").raise_for_status()
    yield opened
    admin.post(f"/workorders/{opened['id']}/cancel", {"reason": "The test is over."})


def faults_of(page: Page) -> list[str]:
    """What a screen reader cannot read, and the widths at which the page must be moved sideways."""
    found = [each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        found += [f"{width} is too narrow"] if page.evaluate(TOO_WIDE) else []
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    return found


def opened(page: Page, deployed: Deployed, query: str) -> None:
    """Open the page, and sign in."""
    page.goto(f"{deployed.url}/plan?lang=en&{query}")
    fill_in(page, ADMIN)


def assign(page: Page, person: Someone, planner: Someone, path: str, other: Someone) -> None:
    """Assign a person to the last stage of the opened order, while another planner assigns somebody else."""
    stage = page.locator(".stages > li").last
    stage.get_by_role("button", name="assign").click()
    stage.locator(f"[value='{person.id}']").check()
    meanwhile = {"user_ids": [other.id]}
    planner.api.put(f"{path}/assignees", json=meanwhile, headers={"If-Match": "*"}).raise_for_status()
    stage.locator("form").get_by_role("button", name="assign").click()
    stage.get_by_role("button", name="Show both changes").click()
    expect(stage.locator(f"[value='{other.id}']")).to_be_checked()
    stage.locator("form").get_by_role("button", name="assign").click()
    expect(stage.locator("dt", has_text="People")).to_be_visible()
    expect(stage.locator("form")).to_have_count(0)


def merge(commands: Locator) -> None:
    """Keep both edits of an order: of the customer, which both changed, one's own."""
    commands.get_by_role("button", name="Show both changes").click()
    commands.get_by_label("Yours: mine").check()
    commands.get_by_role("button", name="Take over").click()
    commands.locator("form").get_by_role("button", name="replan").click()


def hold(commands: Locator) -> None:
    """Hold the order."""
    commands.get_by_role("button", name="hold").click()
    commands.get_by_label("Reason").fill("broken mould")
    commands.locator("form").get_by_role("button", name="hold").click()
    expect(commands.get_by_role("button", name="release")).to_be_visible()


def many(page: Page, like: dict[str, Any]) -> None:
    """Answer lists of orders with three pages of a hundred, each like this listed one."""

    def answer(route: Route) -> None:
        number = int(route.request.url.rpartition("&cursor=")[2]) if "&cursor=" in route.request.url else 0
        items = [{**like, "id": f"{number}-{n}", "number": f"N-{number}-{n}"} for n in range(A_PAGE)]
        more = {"next_cursor": str(number + 1)} if number + 1 < PAGES else {}
        route.fulfill(json={"status": "success", "data": {"items": items, **more}})

    page.route("**/workorders?*", answer)


def test_what_is_shown_stands_in_the_address_and_three_hundred_orders_can_be_read(
    deployed: Deployed, browser: Browser, made: dict[str, Any], admin: Someone
) -> None:
    (listed,) = admin.get(f"/workorders?customer={made['customer']}&next_stage=1")["items"]
    rows = "table.orders tbody tr"
    with blameless(browser, origin=origin_of(deployed.url)) as page:
        opened(page, deployed, f"tab=all&customer={made['customer']}&text=TEST%20none")
        expect(page.get_by_role("status")).to_contain_text("0 / 1")
        page.get_by_label("Search").fill("ONERROR")
        expect(page.locator(rows)).to_have_count(1)
        page.get_by_role("tab", name="All").press("ArrowLeft")
        expect(page.get_by_role("tab", name="Week")).to_be_focused()
        expect(page.locator(rows)).to_have_count(1)
        page.reload()
        expect(page.locator(rows)).to_contain_text(f"1. {HOSTILE}")
        kept, wrong = page.url, faults_of(page)
        page.get_by_role("link", name=made["number"]).press("Enter")
        expect(page.get_by_role("heading", name=made["number"])).to_be_focused()
        page.get_by_role("button", name="Back").press("Enter")
        expect(page.get_by_role("link", name=made["number"])).to_be_focused()
        page.get_by_role("tab", name="Late").click()
        expect(page.get_by_role("status")).to_contain_text("0 / 0")
        many(page, listed)
        page.get_by_role("tab", name="All").click()
        for pages in range(1, PAGES):
            expect(page.locator(rows)).to_have_count(pages * A_PAGE)
            page.get_by_role("button", name="Show more").click()
        expect(page.locator(rows)).to_have_count(PAGES * A_PAGE)
        page.get_by_label("Search").fill("n-2-7")
        expect(page.locator(rows)).to_have_count(11)
        page.unroute_all()

    assert all(each in kept for each in ("tab=week", f"customer={made['customer']}", "text=ONERROR"))
    assert wrong == []


def test_commands_are_given_by_buttons_and_the_edits_of_two_planners_are_both_kept(
    deployed: Deployed, browser: Browser, made: dict[str, Any], admin: Someone, hire: Hire
) -> None:
    helper, other = hire(), hire()
    path = f"/workorders/{made['id']}"
    with blameless(browser, origin=origin_of(deployed.url), refused=(409, 412)) as page:
        page.clock.install()
        network = Network(page)
        opened(page, deployed, f"order={made['id']}")
        stage, commands = page.locator(".stages li").first, page.locator(".commands").first
        stage.get_by_role("button", name="finish").click()
        stage.get_by_label("Good").fill("1000")
        stage.locator("form").get_by_role("button", name="finish").click()
        expect(stage.get_by_role("alert")).to_contain_text("More good pieces than the order allows")
        stage.get_by_role("button", name="Close").click()
        wrong = faults_of(page)
        network.wait(page)
        commands.get_by_role("button", name="replan").click()
        commands.get_by_label("Customer").fill("mine")
        commands.get_by_label("Note").fill("my note")
        commands.get_by_label("Reason").fill("agreed")
        changed = {"customer": "theirs", "priority": 9, "reason": "urgent"}
        admin.api.patch(path, json=changed, headers={"If-Match": "*"}).raise_for_status()
        expect(page.locator("dl").first).to_contain_text("theirs", timeout=AT_ONCE_MS)
        commands.locator("form").get_by_role("button", name="replan").click()
        merge(commands)
        expect(page.locator("dl").first).to_contain_text("my note")
        hold(commands)
        assign(page, helper, admin, f"/stages/{made['stages'][1]['id']}", other)
        network.cut()
        changed = {"priority": 8, "reason": "moved"}
        admin.api.patch(path, json=changed, headers={"If-Match": "*"}).raise_for_status()
        page.clock.run_for(A_POLL_MS)
        expect(page.locator("dl").first).to_contain_text("Priority8")
    now = admin.get(path)

    assert wrong == []
    assert [now[name] for name in ("customer", "note", "priority")] == ["mine", "my note", 8]
    assert sorted(now["stages"][1]["assignee_ids"]) == sorted([helper.id, other.id])
    assert now["held"]["reason"] == "broken mould"


def test_a_worker_is_offered_nothing_that_only_planners_may_do(
    deployed: Deployed, browser: Browser, admin: Someone
) -> None:
    worker = {"username": f"worker-{uuid4().hex[:8]}", "password": PASSWORD}
    admin.post("/auth/register", {**worker, "role": "worker"}).raise_for_status()
    with blameless(browser, origin=origin_of(deployed.url)) as page:
        page.goto(f"{deployed.url}/plan?lang=en&tab=import")
        fill_in(page, worker)
        expect(page.get_by_role("tab", name="Late")).to_have_attribute("aria-selected", "true")
        expect(page.get_by_role("tab")).to_have_count(6)
