"""The app that is in people's hands shows what came over under the numbers that it had."""

import pytest

from tests.floor import Plant
from tests.old_app import OldPhone, let_in
from tests.old_system.moving import beginning, hired, moved


@pytest.mark.usefixtures("one_by_one", "set_clock")
def test_everything_keeps_the_number_that_the_app_knows(plant: Plant) -> None:
    tables = beginning("latest.db")
    hired(plant, tables)
    moved(tables)
    let_in()
    phone = OldPhone(plant.planner)

    for row in tables["work_orders"]:
        shown = phone.get(f"/workorders/{row['id']}").body
        told = {name: row[name] for name in ("id", "product_code", "lot_no", "qty")}
        assert {name: shown[name] for name in told} == told
        stages = phone.get(f"/workorders/{row['id']}/stages").body
        own = [each for each in tables["work_order_stages"] if each["work_order_id"] == row["id"]]
        assert [(each["id"], each["stage_name"], each["status"]) for each in stages if own] == [
            (each["id"], each["stage_name"], each["status"]) for each in own
        ]
    for row in tables["issues"]:
        (shown,) = phone.get(f"/issues?work_order_stage_id={row['work_order_stage_id']}").body
        names = ("id", "work_order_stage_id", "type", "status")
        assert {name: shown[name] for name in names} == {name: row[name] for name in names}
    for path, table, name in (
        ("/machines", "machines", "name"),
        ("/products", "products", "code"),
        ("/molds", "molds", "code"),
    ):
        there = {each["id"]: each[name] for each in tables[table] if not each.get("deleted_at")}
        assert {each["id"]: each[name] for each in phone.get(path).body} == there
