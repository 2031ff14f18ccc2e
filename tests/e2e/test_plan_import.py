"""New orders on the planner's page in a real browser: from a form, and from files as plants really have them."""

import csv
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4
from zoneinfo import ZoneInfo

from axe_playwright_python.sync_playwright import Axe
from openpyxl import Workbook
from playwright.sync_api import Browser, Page, expect

from tests.browsers import blameless, fill_in, origin_of
from tests.e2e.conftest import ADMIN, Deployed
from tests.e2e.people import Someone

SERIOUS = ("serious", "critical")
# As an old program on Turkish Windows writes it: a title above the header, a decimal comma, times in three forms.
MESSY = """Üretim planı;;;;;;
İş Emri No;Ürün Kodu;Miktar (adet);Müşteri;Başlangıç;Termin;Açıklama
{0}-1;ŞAFT-12;1.250,5;Güneş Ağaç;28.11.2026 08:30;28.11.2026;"iki satır
""çift"" tırnak"
{0}-2;KAPAK;40 adet;İnci;28/11/2026;2026-11-30T17:00;=1+1
;;;;;;
"""
HEADER = ["Sipariş No", "Ürün", "Adet", "Başlangıç", "Bitiş", "Operasyon", "Süre (dk)"]
FORM = {
    "product_code": "KAPAK",
    "quantity": "0",
    "planned_start": "2026-11-28T08:30",
    "planned_end": "2026-11-28T17:00",
}
NUMBERS = {"1.250": 1250, "1.250,5": 1250.5, "1,250.5": 1250.5, "0.125": 0.125, "1.250.000": 1_250_000, "1e3": None}
# In Berlin, where an hour of March 29 does not exist, and one of October 25 is there twice.
TIMES = {
    "29.03.2026 02:30": None,
    "25.10.2026 02:30": "2026-10-25T00:30:00.000Z",
    "28/11/2026": "2026-11-27T23:00:00.000Z",
    "46354,5": "2026-11-28T11:00:00.000Z",
    "31.02.2026": None,
}
READ = """async ([numbers, times]) => {
    const loaded = performance.getEntriesByType("resource").map(({ name }) => name);
    const script = (part) => import(loaded.find((name) => name.includes(`/assets/${part}.`)));
    const [{ readNumber }, { clockReader }] = [await script("import-orders"), await script("read-time")];
    const readTime = clockReader("Europe/Berlin");
    const read = [numbers.map((text) => readNumber(text, ",").value), times.map((text) => readTime(text).instant)];
    return read.map((values) => values.map((value) => value ?? null));
}"""


def dropped(page: Page, path: Path) -> list[int]:
    """Choose a file; how many of its orders are right, there already, and refused."""
    page.get_by_label("CSV ya da Excel").set_input_files(path)
    page.locator(".sheet tr:is(.created, .there)").or_(page.locator(".sheet tr.refused")).first.wait_for()
    return counted(page)


def counted(page: Page) -> list[int]:
    text = page.locator(".import [role=status]").inner_text()
    return [int(part.rpartition(":")[2]) for part in text.split("·")]


def opened_in_form(page: Page, name: str) -> None:
    """Open an order with the form, after the server refused its quantity and showed its stages."""
    for field, text in {**FORM, "number": name}.items():
        page.locator(f"[name={field}]").fill(text)
    create = page.get_by_role("button", name="İş emrini aç")
    create.click()
    expect(page.locator("label.wrong")).to_contain_text("Miktar")
    page.locator("[name=quantity]").fill("40")
    page.get_by_role("button", name="Önizle").click()
    page.get_by_role("button", name="Bu aşamaları düzenle").click()
    page.locator("[name='stages[0].name']").fill("Kesim")
    page.get_by_role("button", name="Aşama ekle").click()
    page.get_by_role("button", name="Aşamayı çıkar").last.click()
    expect(page.locator("[name='stages[0].name']")).to_have_value("Kesim")
    create.click()
    page.locator("form.create a").wait_for()


def workbook(path: Path, name: str) -> Path:
    """A file whose plan is on the second sheet: an order of two stages, and one with a formula never computed."""
    book, times = Workbook(), [*map(datetime.fromisoformat, ("2026-11-28 08:30", "2026-11-29"))]
    sheet = book.create_sheet("Plan")
    for row in (HEADER, [f"{name}-3", "KAPAK", 12.5, *times, "Kesim", 30], [None] * 5 + ["Montaj", 45], []):
        sheet.append(row)
    sheet.append([f"{name}-4", "KAPAK", "=6*7", *times, "Kesim", 30])
    book.save(path)
    return path


def imported(page: Page, folder: Path, name: str) -> tuple[Any, ...]:
    """Import the messy file after correcting it, again as it was, and the workbook; what the page counted."""
    messy = folder / "plan.csv"
    messy.write_bytes(MESSY.format(name).replace("\n", "\r\n").encode("cp1254"))
    first = dropped(page, messy)
    wrong = page.locator("td.wrong")
    expect(wrong).to_contain_text("Sayı değil")
    wrong.locator("input").fill("40")
    wrong.locator("input").press("Enter")
    expect(page.locator(".sheet tr.created")).to_have_count(2)
    serious = [each["id"] for each in Axe().run(page).response["violations"] if each["impact"] in SERIOUS]
    created = results(page)
    again = dropped(page, messy)
    expect(page.locator("button.create")).to_be_disabled()
    dropped(page, workbook(folder / "plan.xlsx", name))
    return first, serious, created, again, results(page)


def results(page: Page) -> list[int]:
    page.locator("button.create").click()
    page.locator(".results").wait_for()
    return counted(page)


def saved(page: Page, button: str) -> list[list[str]]:
    """What the page saves as CSV, as Python reads it."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    text = download.value.path().read_text("utf-8-sig")
    return list(csv.reader(text.splitlines(keepends=True), delimiter=";"))


def test_orders_come_from_a_form_and_from_files_as_plants_have_them(
    deployed: Deployed, browser: Browser, admin: Someone, tmp_path: Path
) -> None:
    name = uuid4().hex[:6].upper()
    told = walk(browser, deployed.url, ADMIN, tmp_path, name)
    check(told, admin, name)


def walk(browser: Browser, url: str, who: Mapping[str, str], folder: Path, name: str) -> dict[str, Any]:
    told: dict[str, Any] = {}
    with blameless(browser, origin=origin_of(url), refused=[422]) as page:
        page.goto(f"{url}/plan?tab=create&lang=tr")
        fill_in(page, who)
        page.locator("form.create").wait_for()
        opened_in_form(page, f"{name}-0")
        page.goto(f"{url}/plan?tab=import&lang=tr", wait_until="networkidle")
        told["counts"] = imported(page, folder, name)
        told["refused"] = saved(page, "Kabul edilmeyenleri")
        told["read"] = page.evaluate(READ, [[*NUMBERS], [*TIMES]])
        page.goto(f"{url}/plan?tab=all&lang=tr&customer={quote('Güneş Ağaç')}", wait_until="networkidle")
        told["shown"] = saved(page, "CSV olarak")
    return told


def check(told: dict[str, Any], admin: Any, name: str) -> None:
    zone = ZoneInfo(admin.get("/meta")["plant"]["time_zone"])
    made = {each["number"]: each for each in admin.get("/workorders?order=newest&limit=20")["items"]}

    def clock(order: str, field: str) -> str:
        return datetime.fromisoformat(made[f"{name}-{order}"][field]).astimezone(zone).strftime("%d.%m.%Y %H:%M")

    assert told["counts"] == ([1, 0, 1], [], [2, 0, 0], [0, 1, 1], [1, 0, 1])
    assert told["read"] == [[*NUMBERS.values()], [*TIMES.values()]]
    assert {f"{name}-{each}" for each in range(4)} <= set(made)
    assert [made[f"{name}-{each}"]["quantity"] for each in range(4)] == [40, 1250.5, 40, 12.5]
    assert [clock(each, "planned_start") for each in "013"] == ["28.11.2026 08:30"] * 3
    assert [clock(each, "planned_end") for each in "13"] == ["29.11.2026 00:00", "30.11.2026 00:00"]
    assert made[f"{name}-1"]["note"].split() == ["iki", "satır", '"çift"', "tırnak"]
    assert made[f"{name}-3"]["stages_total"] == 2
    assert told["refused"] == [[*HEADER, "Neden"], told["refused"][1]]
    assert told["refused"][1][2] == "'=6*7"
    assert [row for row in told["shown"] if row[0] == f"{name}-1"] != []
