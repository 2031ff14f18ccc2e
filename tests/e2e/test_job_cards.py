"""Job cards of the deployed system in a real browser, as they are printed: what they say, and what a phone scans."""

from io import BytesIO
from urllib.parse import quote

import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page

from tests.browsers import blameless, fill_in, origin_of
from tests.e2e.conftest import ADMIN, Deployed
from tests.e2e.people import Hire, Someone, order

HOSTILE = '<img src=x onerror="document.title=1">'
RIGHT_TO_LEFT = "تجميع"


def scanned(page: Page) -> list[str]:
    """The texts of all QR codes of a page, as a camera reads them from the screen."""
    picture = Image.open(BytesIO(page.screenshot(full_page=True)))
    return [each.text for each in zxingcpp.read_barcodes(picture)]


def test_a_card_says_who_makes_what_and_its_codes_are_what_a_phone_scans(
    deployed: Deployed, browser: Browser, admin: Someone, hire: Hire
) -> None:
    worker = hire()
    stages = [{"name": name, "assignee_ids": [worker.id]} for name in (HOSTILE, RIGHT_TO_LEFT, "x" * 200)]
    made = [order(admin, worker, stages=stages, note=HOSTILE), order(admin, worker)]
    with blameless(browser, origin=origin_of(deployed.url)) as page:
        page.goto(f"{deployed.url}/orders/{made[0]['id']}/card?lang=tr&also={made[1]['id']}")
        fill_in(page, ADMIN)
        page.locator(".card").nth(1).wait_for()
        told = page.locator(".card").first.inner_text()
        codes = scanned(page)

    assert all(text in told for text in (HOSTILE, RIGHT_TO_LEFT, "x" * 200, "Ürün", "CAP-40", "100"))
    found = [admin.get(f"/scan/{quote(code, safe='')}")["found"][0] for code in codes]
    links = [f"o/{each['id']}" for each in made] + [f"s/{stage['id']}" for each in made for stage in each["stages"]]
    assert sorted(codes) == sorted(f"{deployed.url}/{link}" for link in links)
    assert sorted(f"{each['kind'][0]}/{each['id']}" for each in found) == sorted(links)


def test_a_card_is_a_page_of_its_paper(deployed: Deployed, browser: Browser, admin: Someone, hire: Hire) -> None:
    made = [order(admin, hire()) for _ in range(2)]
    with blameless(browser, origin=origin_of(deployed.url)) as page:
        page.goto(f"{deployed.url}/orders/{made[0]['id']}/card?size=a5&also={made[1]['id']}")
        fill_in(page, ADMIN)
        page.locator(".card").nth(1).wait_for()
        printed = page.pdf(prefer_css_page_size=True)

    assert printed.count(b"/Type /Page\n") == len(made)
