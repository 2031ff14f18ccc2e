"""What a later run finds changed in the old system comes over once, or is told; it is never dropped silently."""

from datetime import timedelta

import pytest

from chalicelib import remembered
from infra.old_system.tables import Tables
from tests.conftest import SetClock
from tests.floor import Plant
from tests.old_system.moving import beginning, hired, lasting, moved, refused, told, with_rows

pytestmark = pytest.mark.usefixtures("one_by_one", "set_clock")


def more(tables: Tables, table: str, like: int, **fields: object) -> Tables:
    """The same tables with one row more, made of another one."""
    row = next(row for row in tables[table] if row["id"] == like)
    return with_rows(tables, table, [*tables[table], {**row, **fields}])  # type: ignore[dict-item]


def later(tables: Tables) -> tuple[list[list[object]], int]:
    """What was refused, and how many commands a run of its own took."""
    remembered.forget_records()
    answers = moved(tables)
    return [each[:2] for each in refused(answers)], told(answers, "commands")


def test_an_issue_that_became_a_note_does_so_once_for_ever(plant: Plant, set_clock: SetClock) -> None:
    tables = more(beginning("latest.db"), "issues", 1, id=900, description="second")
    hired(plant, tables)
    moved(tables)
    before = lasting()

    set_clock.forward(timedelta(days=60))

    assert later(tables) == ([], 0)
    assert lasting() == before


def test_what_no_run_brings_is_told_with_all_that_belongs_to_it(plant: Plant) -> None:
    tables = beginning("latest.db")
    hired(plant, tables)
    moved(tables)
    before = lasting()

    changed = more(tables, "work_order_stages", 2, id=700)
    changed = more(changed, "issues", 1, id=800, work_order_stage_id=700)
    changed = more(changed, "molds", 1, id=80, code="NEW")
    orders = [{**row, "qty": 55} if row["id"] == 2 else row for row in changed["work_orders"]]
    changed = with_rows(changed, "work_orders", orders)

    wanted = [["molds", 80], ["work_order_stages", 700], ["issues", 800], ["work_orders", 2]]
    assert later(changed) == (wanted, 0)
    assert {kind for kind, _ in lasting().items() ^ before.items()} <= {key for key in lasting() if "#OLD#" in str(key)}


def test_a_new_machine_of_a_name_that_another_one_had_is_another_machine(plant: Plant) -> None:
    tables = beginning("latest.db")
    hired(plant, tables)
    moved(tables)

    machines = [{**row, "name": "Pres"} if row["id"] == 1 else row for row in tables["machines"]]
    changed = more(with_rows(tables, "machines", machines), "machines", 2, id=9, name="Enjeksiyon 1")

    assert later(changed) == ([], 1)
    assert plant.planner.get("/machines/enjeksiyon-1-9").data["name"] == "Enjeksiyon 1"
    assert later(changed) == ([], 0)


def test_a_reading_of_which_nobody_knows_when_is_in_quarantine_once(plant: Plant, set_clock: SetClock) -> None:
    tables = more(beginning("latest.db"), "machine_readings", 1, id=9000, timestamp=None)
    tables = more(tables, "machine_readings", 1, id=9001, timestamp="2100-01-01T00:00:00")
    tables = more(tables, "machine_readings", 1, id=9002, timestamp="1890-01-01T00:00:00")
    hired(plant, tables)
    moved(tables)
    before = lasting()

    set_clock.forward(timedelta(days=2))

    assert later(tables) == ([], 0)
    assert lasting() == before
