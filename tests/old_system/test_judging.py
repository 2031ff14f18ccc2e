"""Every row of an old system gets one verdict, whatever is in it, and what is judged is what the plant would want."""

from collections import Counter
from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.planning.opening import open_order
from infra.old_system.judging import judged
from infra.old_system.steps import id_of, opening
from infra.old_system.tables import Row, Tables, normalised
from infra.old_system.verdicts import Outcome, Report
from tests.old_system.moving import expected, held
from tests.old_system.rows import ISTANBUL, NOW, verdict
from tests.old_system.stepping import PLANNER, brought

COMES, STAYS = Outcome.COMES, Outcome.STAYS


# --- the real ones ---


@pytest.mark.parametrize("name", ["first.db", "latest.db", "latest.sql"])
def test_the_verdicts_on_a_real_one_are_the_known_answers(name: str) -> None:
    tables = {table: rows for table, rows in held(name).items() if table != "users"}
    found = judged(held(name), ISTANBUL, NOW)

    Report(tables, found.verdicts)
    orders = {each.row_id: each.outcome for each in found.verdicts if each.table == "work_orders"}
    assert [row_id for row_id in orders if orders[row_id] is COMES] == expected()["orders_clean"]
    assert [row_id for row_id in orders if orders[row_id] is not COMES] == expected()["orders_with_something_wrong"]
    done = {str(row["id"]) for row in tables["work_order_stages"] if row["status"] == "done"}
    stages = {str(each.row_id): each.outcome for each in found.verdicts if each.table == "work_order_stages"}
    assert {row_id for row_id in done if stages[row_id] is COMES} == set(expected()["stages_done_cleanly"])
    assert stages["65"] is STAYS
    if "machine_readings" in tables:
        assert len(found.plant.readings) == expected()["readings_usable"]
        assert len(found.plant.refused_readings) == expected()["readings"] - expected()["readings_usable"]
        deleted = [
            row["code"] for row in tables["products"] if verdict(found, "products", str(row["id"])).outcome is STAYS
        ]
        assert deleted == expected()["products_deleted"]


# --- any rows ---

TIMES = [
    "2025-11-03 05:01:00.000000",
    "2025-11-03T09:00:00+03:00",
    "0001-01-01",
    "9999-12-31T23:59:59",
    "",
    "soon",
    None,
]
IDS = st.one_of(st.integers(-1, 6), st.none(), st.text(max_size=2))
TEXTS = st.one_of(
    st.sampled_from(["done", "planned", "paused", "in_progress", "resolved", "diğer", "default", ""]),
    st.text(max_size=3),
    st.none(),
)
NUMBERS = st.one_of(st.sampled_from([0, -1, 5, 1.5, 10**20, 12.0004, "many"]), st.none())
PLAN = "planned_start planned_end"
COLUMNS = {
    "users": "id",
    "work_orders": f"id product_code lot_no qty produced_qty {PLAN} created_by machine_id",
    "work_order_stages": f"id work_order_id stage_name {PLAN} actual_start actual_end status paused_at resumed_at",
    "stage_assignments": "id user_id work_order_stage_id",
    "issues": "id work_order_stage_id type description status created_by created_at acknowledged_at resolved_at",
    "machines": "id name machine_type location status created_at",
    "machine_readings": "id machine_id reading_type value timestamp",
    "notifications": "id issue_id message",
    "products": "id code name description cavity_count cycle_time_sec injection_temp_c part_weight_g deleted_at",
    "molds": "id code name description product_id status deleted_at",
    "what_else": "id",
}
AMOUNTS = ("qty", "produced_qty", "cavity_count", "cycle_time_sec", "injection_temp_c", "part_weight_g")


def values(column: str) -> st.SearchStrategy[Any]:
    if column == "id" or column.endswith(("_id", "_by")):
        return IDS
    if column.endswith(("_at", "_start", "_end")) or column == "timestamp":
        return st.sampled_from(TIMES)
    return NUMBERS if column in AMOUNTS else TEXTS


def row(columns: str) -> st.SearchStrategy[Row]:
    wanted = {name: values(name).map(partial(normalised, name)) for name in columns.split()}
    return st.fixed_dictionaries({"id": wanted.pop("id")}, optional=wanted)


ANY = st.fixed_dictionaries(
    {}, optional={name: st.lists(row(columns), max_size=4) for name, columns in COLUMNS.items()}
)


@given(tables=ANY)
@settings(max_examples=150)
def test_every_row_gets_one_verdict_whatever_is_in_it(tables: Tables) -> None:
    found = judged(tables, ISTANBUL, NOW)

    others = {name: rows for name, rows in tables.items() if name != "users"}
    report = Report(others, found.verdicts)
    for name, rows in others.items():
        counts = report.counts[name]
        assert counts.comes + counts.doubtful + counts.stays == len(rows)
    for each in found.verdicts:
        assert (each.reason is not None) or each.outcome is COMES
    kept = Counter(each.outcome is STAYS for each in found.verdicts if each.table == "work_orders")
    assert len(found.plant.orders) == kept[False]
    for order in found.plant.orders:
        assert order.quantity > 0
        assert order.window[0] < order.window[1]
        assert order.opened_at <= NOW
        for stage in order.stages:
            assert stage.window is None or order.window[0] <= stage.window[0] < stage.window[1] <= order.window[1]
            known = [at for span in stage.spans for at in span if at is not None]
            assert known == sorted(known)
            assert all(at <= NOW for at in known)
            assert stage.done_at is None or stage.done_at == known[-1]


@given(tables=ANY)
@settings(max_examples=150)
def test_the_rules_let_in_whatever_comes(tables: Tables) -> None:
    for old in judged(tables, ISTANBUL, NOW).plant.orders:
        order = open_order(opening(old, None, lambda _: ()), PLANNER, id_of(old), old.opened_at)
        for position, stage in enumerate(old.stages):
            order, _, _ = brought(stage, order, [], position)
            assert order.stages[position].ended == (stage.done_at is not None)
            assert order.stages[position].good == stage.good
