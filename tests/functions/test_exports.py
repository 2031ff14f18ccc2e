"""Exports: rows in the form that is asked for, page after page, without a formula in any cell."""

import csv
import io
from typing import Any

import pytest

from chalicelib.domain.numbers import catalogue
from chalicelib.schemas.exports import RowOut
from functions._rules import RULES
from tests.conftest import SetClock
from tests.floor import Plant, pages
from tests.functions.exporting import MEDIA_TYPE, NOTE, make_orders, rows_of

CSV = MEDIA_TYPE
EXPORTS = ["/exports/orders", "/exports/issues"]


@pytest.fixture
def _orders(plant: Plant, set_clock: SetClock) -> None:
    make_orders(plant, set_clock)


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize("path", EXPORTS)
def test_the_pages_of_an_export_are_the_whole_however_long_they_are(plant: Plant, path: str) -> None:
    whole = plant.planner.get(path).items

    assert len(whole) == 5
    assert pages(plant.planner, f"{path}?") == whole
    assert [row["id"] for row in rows_of(plant.planner, path)[0]] == [row["id"] for row in whole]
    assert rows_of(plant.planner, path, limit=2)[1] == rows_of(plant.planner, path, limit=400)[1]


@pytest.mark.usefixtures("_orders")
def test_an_order_is_a_row_of_texts_times_and_exact_numbers(plant: Plant) -> None:
    cancelled, done, *_ = rows_of(plant.planner, "/exports/orders")[0]

    assert done["note"] == NOTE
    assert (done["quantity"], done["good"], done["stages_done"], done["lot_no"]) == ("11", "11", "1", "L-1")
    assert (done["planned_seconds"], done["delay_seconds"], done["lead_time_seconds"]) == ("7200", "7200", "3600")
    assert (done["is_late"], done["delay_reason"]) == ("true", "")
    assert (done["started_at"], done["status"]) == ("2026-01-05T10:30:00.000Z", "done")
    assert (cancelled["delay_seconds"], cancelled["delay_reason"], cancelled["is_late"]) == ("", "cancelled", "")
    assert done["formulas"] == (
        "delay_seconds=delay.v1 is_late=is_late.v1 lead_time_seconds=lead_time.v1 planned_seconds=planned_duration.v1"
    )


@pytest.mark.usefixtures("_orders")
def test_an_issue_is_a_row_wherever_it_is_listed(plant: Plant) -> None:
    rows = plant.planner.get("/exports/issues").items

    assert [row["status"] for row in rows] == ["open", "resolved", "open", "resolved", "open"]
    assert [row["resolved_after_seconds"] for row in rows] == [None, 1800, None, 1800, None]


@pytest.mark.usefixtures("_orders")
def test_an_issue_that_is_resolved_between_two_pages_is_given_once(plant: Plant) -> None:
    first = plant.planner.get("/exports/issues?limit=2")
    for row in plant.planner.get("/exports/issues").items:
        plant.planner.patch(f"/issues/{row['id']}", {"status": "open" if row["status"] == "resolved" else "resolved"})
    second = plant.planner.get(f"/exports/issues?limit=3&cursor={first.headers['Next-Cursor']}")

    listed = [row["work_order_id"] for row in [*first.items, *second.items]]
    assert listed == [f"WO-{n}" for n in range(5)]
    assert "Next-Cursor" not in second.headers


@pytest.mark.parametrize("text", ["=1+1", "+90 532", "-5", "@SUM(A1)", "\uff1d1+1"])
def test_no_text_of_people_becomes_a_formula(plant: Plant, text: str) -> None:
    plant.order(customer=text)
    (row,) = rows_of(plant.planner, "/exports/orders")[0]

    assert row["customer"] == f"'{text}"
    assert plant.planner.get("/exports/orders").items[0]["customer"] == text


@pytest.mark.parametrize("text", ["ok;=1+1", "ok\n=1+1", "ok\t@SUM(A1)", 'a"b;+90', "=1;=2"])
def test_no_part_of_a_text_becomes_a_formula_where_a_program_splits_at_semicolons(plant: Plant, text: str) -> None:
    plant.order(note=text)
    page = plant.planner.get("/exports/orders", Accept="text/csv").body
    cells = [cell for row in csv.reader(io.StringIO(page, newline=""), delimiter=";") for cell in row]

    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []
    assert any("'" in cell for cell in cells)


def test_a_number_below_zero_stays_a_number(plant: Plant, set_clock: SetClock) -> None:
    plant.order(id="WO-1")
    plant.planner.post("/stages/WO-1-01/skip", {"reason": "early"})

    assert rows_of(plant.planner, "/exports/orders")[0][0]["delay_seconds"] == "-3600"


def test_csv_is_in_utf_8_with_crlf_and_a_byte_order_mark_on_request(plant: Plant, set_clock: SetClock) -> None:
    plant.order(number="N-1")
    plain = plant.planner.get("/exports/orders", Accept=CSV)
    marked = plant.planner.get("/exports/orders?bom=1", Accept=CSV)

    assert marked.body == "\ufeff" + plain.body
    assert plain.body.startswith("id,number,product_code,")
    assert plain.body.count("\r\n") == plain.body.count("\n") == 2
    assert plain.body.endswith("\r\n")


def test_the_next_page_has_neither_a_mark_nor_the_names_of_columns(plant: Plant) -> None:
    plant.order(id="WO-1")
    plant.order(id="WO-2")
    first = plant.planner.get("/exports/orders?bom=1&limit=1", Accept=CSV)
    cursor = first.headers["Next-Cursor"]
    second = plant.planner.get(f"/exports/orders?bom=1&limit=1&cursor={cursor}", Accept=CSV)

    assert first.headers["Link"] == f'<?bom=1&limit=1&cursor={cursor}>; rel="next"'
    assert second.body.startswith("WO-2,")


@pytest.mark.parametrize(
    ("accept", "given"),
    [
        ("*/*", CSV),
        ("", CSV),
        ("text/*", CSV),
        ("text/csv;q=0.5, application/x-ndjson", "application/x-ndjson"),
        ("Text/CSV; header=present, application/x-ndjson;q=.9", CSV),
        ("text/csv;q=0, */*", "application/x-ndjson"),
        ("application/json, application/*;q=0.1", "application/x-ndjson"),
        ("text/csv;q=high", CSV),
    ],
)
def test_the_form_is_the_one_that_the_client_likes_best(plant: Plant, accept: str, given: str) -> None:
    assert plant.planner.get("/exports/orders", Accept=accept).headers["Content-Type"].partition(";")[0] == given


@pytest.mark.parametrize("accept", ["application/json", "text/html", "text/csv;q=0", "application/problem+json"])
def test_another_form_is_refused_with_those_that_there_are(plant: Plant, accept: str) -> None:
    reply = plant.planner.get("/exports/orders", Accept=accept)
    error: Any = reply.body if "problem" in accept else reply.error

    assert (reply.status, error["code"]) == (406, "ERR_REQUEST_NOT_ACCEPTABLE")
    assert error["detail"] == "Send the header Accept with one of text/csv, application/x-ndjson."


@pytest.mark.parametrize("asked", ["from=2026-01-06&to=2026-01-05", "from=2026-01-06", "limit=1001", "bom=1", "to=x"])
def test_a_wrong_export_is_refused(plant: Plant, set_clock: SetClock, asked: str) -> None:
    reply = plant.planner.get(f"/exports/orders?{asked}")

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


@pytest.mark.usefixtures("_orders")
@pytest.mark.parametrize("path", EXPORTS)
def test_a_row_is_in_the_export_of_its_local_day_only(plant: Plant, path: str) -> None:
    days = [f"{path}?from=2026-01-0{n}&to=2026-01-0{n}" for n in (4, 5, 6)]

    assert [len(plant.planner.get(day).items) for day in days] == [0, 5, 0]


def test_every_formula_of_a_row_is_in_the_catalogue() -> None:
    formulas = {metric.formula for metric in catalogue.ENTRIES}
    shapes = [rule.shape for rule in RULES if rule.is_export and issubclass(rule.shape, RowOut)]

    assert len(shapes) == 5
    for shape in shapes:
        assert set(shape.formula_ids()) <= set(shape.model_fields)
        assert set(shape.formula_ids().values()) <= formulas
