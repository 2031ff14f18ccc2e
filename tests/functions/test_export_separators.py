"""Exports with semicolons between the cells, as a Turkish Excel opens them."""

import csv
import io

import pytest

from tests.conftest import SetClock
from tests.floor import Plant
from tests.functions.exporting import MEDIA_TYPE, make_orders, rows_of

TEXTS = ["=1+1", "ok;=1+1", "ok,=1+1", "ok\n=1+1", 'a"b,+90', "=1;=2,@A1"]
TEXTS += ['ok;"=1+1;', 'ok,"=1+1,', 'ok\n"=1+1\n', 'ok;""+1;"@A1,']


def semicolons(plant: Plant, path: str, asked: str = "") -> list[dict[str, str]]:
    page = plant.planner.get(f"{path}?separator=semicolon{asked}", Accept=MEDIA_TYPE)
    return list(csv.DictReader(io.StringIO(page.body, newline=""), delimiter=";", strict=True))


def test_rows_are_the_same_but_for_their_form(plant: Plant, set_clock: SetClock) -> None:
    make_orders(plant, set_clock)

    assert semicolons(plant, "/exports/orders", "&bom=0") == rows_of(plant.planner, "/exports/orders")[0]


def test_numbers_have_a_decimal_comma_and_add_up(plant: Plant) -> None:
    for n, quantity in enumerate((2.5, 0.125)):
        plant.order(id=f"WO-{n}", quantity=quantity, note="2.5 kg")
    rows = semicolons(plant, "/exports/orders")

    assert [row["quantity"] for row in rows] == ["2,5", "0,125"]
    assert sum(float(row["quantity"].replace(",", ".")) for row in rows) == 2.625
    assert {row["note"] for row in rows} == {"2.5 kg"}
    assert rows[0]["planned_start"][-5] == "."
    assert "delay_seconds=delay.v1" in rows[0]["formulas"]


@pytest.mark.parametrize("form", ["comma", "semicolon"])
@pytest.mark.parametrize("text", TEXTS)
def test_no_part_of_a_text_is_a_formula_wherever_a_program_splits(plant: Plant, text: str, form: str) -> None:
    plant.order(note=text)
    page = plant.planner.get(f"/exports/orders?separator={form}", Accept=MEDIA_TYPE).body
    for between in ";,\t":
        cells = [cell for row in csv.reader(io.StringIO(page, newline=""), delimiter=between) for cell in row]
        assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_other_forms_have_no_separator(plant: Plant) -> None:
    asked = "/exports/orders?separator=semicolon"
    assert plant.planner.get(asked, Accept="application/x-ndjson").error["code"] == "ERR_REQUEST_BAD_PARAMETER"
    assert plant.planner.get("/exports/orders?separator=tab", Accept=MEDIA_TYPE).status == 400
