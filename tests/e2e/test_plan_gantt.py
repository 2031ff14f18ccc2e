"""The plan by machine and the inbox of issues of the deployed system, in a real browser."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import uuid4

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browsers import blameless, fill_in, origin_of
from tests.e2e.conftest import ADMIN, Deployed
from tests.e2e.people import Hire, Someone, order

SERIOUS = ("serious", "critical")
# Less than a page that only asks needs.
AT_ONCE_MS = 8_000
HOSTILE = "<img src=x onerror=alert(1)> تجميع"
# What the scripts of the page themselves say of hard days: their length in hours, and the lines drawn in them.
HARD_DAYS = """async () => {
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const load = (name) => import(loaded.find((each) => each.includes(`/${name}.`)));
    const [{ momentOf, plusDays, dayOf }, { linesOf, laned }] = await Promise.all([load("zone"), load("gantt-scale")]);
    const hours = (day, zone) => (momentOf(plusDays(day, 1), 0, zone) - momentOf(day, 0, zone)) / 3_600_000;
    const [berlin, cairo] = ["Europe/Berlin", "Africa/Cairo"];
    return [
        hours("2026-03-29", berlin), hours("2026-10-25", berlin), hours("2026-04-24", cairo),
        linesOf("2026-03-29", 1, 2, berlin).length, dayOf(momentOf("2026-04-24", 0, cairo), cairo),
        laned([{ from: 0, to: 5 }, { from: 4, to: 6 }, { from: 5, to: 9 }]),
    ];
}"""


@dataclass(frozen=True)
class Hall:
    """Two machines of a line, and an order on each, tomorrow from 8:00 to 10:00 UTC; with an issue on the first."""

    line: str
    stages: tuple[str, str]
    issue: str
    start: datetime
    worker: Someone

    @property
    def address(self) -> str:
        """The plan of tomorrow, of this line only."""
        return f"plan?lang=en&tab=gantt&line={self.line}&days=1&day={self.start.date()}"


@pytest.fixture
def hall(admin: Someone, hire: Hire) -> Hall:
    """A hall of its own, so that what other tests planned is not on the page."""
    line, worker = f"hall-{uuid4().hex[:6]}", hire()
    start = datetime.combine(datetime.now(UTC).date() + timedelta(days=1), time(8), UTC)
    window = {"planned_start": start.isoformat(), "planned_end": (start + timedelta(hours=10)).isoformat()}
    stages = []
    for number in (1, 2):
        machine = f"{line}-{number}"
        admin.post("/machines", {"id": machine, "name": machine, "line": line}).raise_for_status()
        planned = window | {"planned_end": (start + timedelta(hours=2)).isoformat()}
        stage = {"name": HOSTILE, "machine_id": machine, "assignee_ids": [worker.id]} | planned
        stages.append(order(admin, stages=[stage], **window)["stages"][0]["id"])
    reported = worker.post(
        f"/stages/{stages[0]}/issue", {"type": "quality", "description": HOSTILE, "priority": "high"}
    )
    return Hall(line, (stages[0], stages[1]), reported.json()["data"]["id"], start, worker)


def dragged(page: Page, stage: str, hours: float, row: int) -> None:
    """Drag the bar of a stage by so many hours of a plan of one day, and into a row of the plan."""
    bar = page.locator(f"[data-stage='{stage}'] .box").bounding_box()
    plan, goal = page.locator("svg.gantt").bounding_box(), page.locator(".gantt .row").nth(row).bounding_box()
    assert bar
    assert plan
    assert goal
    x, y = bar["x"] + bar["width"] / 2, bar["y"] + bar["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + hours * (plan["width"] - 150) / 24, goal["y"] + 10, steps=5)
    page.mouse.up()


def confirmed(page: Page, reason: str) -> None:
    """Give the reason in the dialog, and wait until the move is done."""
    page.locator("dialog [name=reason]").fill(reason)
    page.keyboard.press("Enter")
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator(".notice")).to_contain_text("moved")


def moved_by(admin: Someone, hall: Hall, number: int) -> tuple[timedelta, str, str]:
    """By how much the start of a stage moved, to which machine, and for which reason."""
    stage = admin.get(f"/stages/{hall.stages[number]}")
    history = admin.get(f"/workorders/{stage['work_order_id']}/history?order=newest")["items"]
    reason = next((each["reason"] for each in history if each["command"] == "replan"), "")
    by = datetime.fromisoformat(stage["planned_start"]) - hall.start
    return by, stage["machine_id"].removeprefix(f"{hall.line}-"), reason


def serious(page: Page) -> list[Any]:
    return [each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]


def moved_by_key(page: Page, bar: str) -> None:
    """Move a bar and give up, then move it by an hour."""
    before = page.locator(bar).get_attribute("aria-label") or ""
    page.locator(bar).focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(bar)).not_to_have_attribute("aria-label", before)
    page.keyboard.press("Escape")
    expect(page.locator(bar)).to_have_attribute("aria-label", before)
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    confirmed(page, "material at nine")


def answered(page: Page, admin: Someone, hall: Hall) -> tuple[str, list[Any]]:
    """Acknowledge, assign and resolve the only issue; its reporter answers too. Its words, and what axe found."""
    at = f"/issues/{hall.issue}"
    page.locator(".issues li a").click()
    hall.worker.api.put(f"{at}/presence", json={}).raise_for_status()
    expect(page.locator(".answering")).to_contain_text("is answering", timeout=AT_ONCE_MS)
    assert [each["id"] for each in hall.worker.get(at)["answering"]] == [admin.id]
    page.get_by_role("button", name="acknowledge").click()
    expect(page.get_by_role("button", name="acknowledge")).to_have_count(0)
    page.locator("[name=assignee]").select_option(admin.id)
    page.get_by_role("button", name="assign").click()
    expect(page.locator(".issue dl")).to_contain_text("Assigned to")
    found = serious(page)
    page.get_by_role("button", name="resolve").click()
    page.locator(".solution [name=cause]").fill("a worn pin")
    page.locator(".solution button").first.click()
    expect(page.locator(".issue dl")).to_contain_text("a worn pin")
    words = page.locator(".issue p[dir]:not(.answering)").inner_text()
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        page.locator(".issue").get_by_role("button", name="Close").click()
    assert hall.worker.get(at)["answering"] == []
    return words, found


def test_a_planner_moves_stages_by_hand_and_by_key_and_answers_an_issue(
    deployed: Deployed, browser: Browser, admin: Someone, hall: Hall
) -> None:
    first, second = (f"[data-stage='{stage}']" for stage in hall.stages)
    with blameless(browser, origin=origin_of(deployed.url)) as page:
        page.goto(f"{deployed.url}/{hall.address}")
        fill_in(page, ADMIN)
        page.locator(second).wait_for()
        found = serious(page)
        hard_days = page.evaluate(HARD_DAYS)

        dragged(page, hall.stages[0], hours=2, row=1)
        confirmed(page, "press 1 is cleaned")
        expect(page.locator(first)).to_have_attribute("aria-label", re.compile(f"{hall.line}-2"))

        moved_by_key(page, second)

        page.get_by_role("tab", name="Issues").click()
        words, found_then = answered(page, admin, hall)

    assert found + found_then == []
    assert hard_days == [23, 25, 23, 11, "2026-04-24", 2]
    by, machine, reason = moved_by(admin, hall, 0)
    assert (machine, reason, abs(by - timedelta(hours=2)) <= timedelta(minutes=15)) == ("2", "press 1 is cleaned", True)
    assert moved_by(admin, hall, 1) == (timedelta(hours=1), "2", "material at nine")
    issue = admin.get(f"/issues/{hall.issue}")
    assert (issue["status"], issue["assignee_id"], issue["cause"], words) == (
        "resolved",
        admin.id,
        "a worn pin",
        HOSTILE,
    )
    assert issue["acknowledged_by"] == admin.id


def test_a_move_that_is_refused_goes_back_and_says_why(
    deployed: Deployed, browser: Browser, admin: Someone, hall: Hall
) -> None:
    """Apart from the other test, because a browser writes every refusal as an error."""
    page = browser.new_context().new_page()
    page.goto(f"{deployed.url}/{hall.address}")
    fill_in(page, ADMIN)
    bar = page.locator(f"[data-stage='{hall.stages[0]}']")
    before = bar.get_attribute("aria-label")
    dragged(page, hall.stages[0], hours=9, row=0)
    expect(page.get_by_role("alert")).to_contain_text("must not be after the order's planned_end")
    expect(bar).to_have_attribute("aria-label", before or "")

    assert moved_by(admin, hall, 0)[0] == timedelta(0)

    dragged(page, hall.stages[0], hours=2, row=0)
    page.locator("dialog [name=reason]").fill("mine")
    theirs = {"planned_end": (hall.start + timedelta(hours=5)).isoformat(), "reason": "theirs"}
    path = f"/stages/{hall.stages[0]}"
    admin.api.patch(path, json=theirs, headers={"If-Match": "*"}).raise_for_status()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Show both changes").click()
    page.locator("[name=take-planned_end]").last.check()
    page.get_by_role("button", name="Take over").click()
    page.locator("dialog form").get_by_role("button", name="replan").click()
    expect(page.locator("dialog")).to_have_count(0)
    stage = admin.get(path)
    ended = datetime.fromisoformat(stage["planned_end"]) - hall.start
    assert (ended, moved_by(admin, hall, 0)[2]) == (timedelta(hours=5), "mine")
    page.context.close()
