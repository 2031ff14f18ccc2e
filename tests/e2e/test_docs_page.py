"""The page `/docs` of the deployed system in a real browser: it lists the contract, signs in, and sends requests."""

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browsers import blameless, origin_of
from tests.e2e.conftest import ADMIN, Deployed

# The page holds only what is in sight of a long list, so it is walked from top to end.
WALK = """async () => {
    const ids = new Set(), frame = () => new Promise(requestAnimationFrame);
    for (let before = -1; window.scrollY !== before;) {
        before = window.scrollY;
        document.querySelectorAll(".opblock").forEach(block => ids.add(block.id));
        window.scrollBy(0, 300);
        await frame();
        await frame();
    }
    return [...ids];
}"""


def operations_of(deployed: Deployed) -> set[str]:
    """The ids of all operations of the contract that the system serves."""
    contract = httpx.get(f"{deployed.url}/openapi.json", timeout=30).json()
    return {each["operationId"] for path in contract["paths"].values() for each in path.values()}


def sign_in(page: Page, password: str) -> None:
    form = page.locator("#sign-in")
    form.get_by_label("Username").fill(ADMIN["username"])
    form.get_by_label("Password").fill(password)
    form.get_by_role("button").click()


@pytest.mark.parametrize("path", ["docs", "api-docs/"])
def test_the_page_lists_every_operation(deployed: Deployed, browser: Browser, path: str) -> None:
    with blameless(browser, origin=origin_of(deployed.url)) as page:
        page.goto(f"{deployed.url}/{path}")
        page.locator(".opblock").first.wait_for()
        ids = page.evaluate(WALK)

    assert {each.split("-", 2)[2] for each in ids} == operations_of(deployed)


def test_a_request_of_the_page_is_sent_with_the_token_of_whoever_signed_in(
    deployed: Deployed, browser: Browser
) -> None:
    with blameless(browser, origin=origin_of(deployed.url)) as page:
        page.set_viewport_size({"width": 1280, "height": 3000})  # so that the operation is in sight
        page.goto(f"{deployed.url}/docs")
        operation = page.locator("#operations-auth-read_me")
        operation.locator(".opblock-summary").click()
        sign_in(page, ADMIN["password"])
        page.get_by_text("Signed in as admin (admin)").wait_for()
        operation.get_by_role("button", name="Execute").click()
        answer = operation.locator(".live-responses-table .response")
        answer.wait_for()

        assert answer.locator(".response-col_status").inner_text().startswith("200")
        assert '"username": "admin"' in answer.inner_text()


def test_a_wrong_password_is_told_on_the_page(deployed: Deployed, browser: Browser) -> None:
    page = browser.new_page()
    page.goto(f"{deployed.url}/docs")
    sign_in(page, "not-the-password")
    told = page.locator("#sign-in output.refused").inner_text()
    page.close()

    assert "password" in told
