"""An old system comes over with what happened in it, once; a later run brings only what is new."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from itertools import takewhile
from typing import Any

import pytest

from chalicelib import remembered
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.people.users import UserNotFound
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import old_ids
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.storage import markers
from infra.administration import old_system
from infra.old_system.tables import Tables
from tests.floor import MINUTE, Plant
from tests.machines import standing, standing_rollups
from tests.old_system.moving import (
    ZONE,
    beginning,
    expected,
    held,
    hired,
    lasting,
    moved,
    refused,
    told,
    with_rows,
)

pytestmark = pytest.mark.usefixtures("one_by_one", "set_clock")


def changed(tables: Tables, table: str, row_id: int, **fields: Any) -> Tables:
    """The same tables after more work on a row."""
    return with_rows(tables, table, [{**row, **fields} if row["id"] == row_id else row for row in tables[table]])


def stage(plant: Plant, row_id: int) -> Any:
    """A stage by the number of the old system."""
    found = old_ids.id_of(DEFAULT_TENANT, "stage", row_id)
    return plant.planner.get(f"/stages/{found}").data


def run_minutes(plant: Plant, stage_ids: Iterable[str]) -> dict[str, float]:
    """The run minutes of stages by the numbers of the old system, as everybody reads them."""
    found = {}
    for row_id in stage_ids:
        stage_id = old_ids.id_of(DEFAULT_TENANT, "stage", int(row_id))
        shown = plant.planner.get(f"/stages/{stage_id}/metrics").data
        found[row_id] = shown["actual_duration"]
    return found


def hold_what_was_done(plant: Plant) -> None:
    """Hold the plant against the known answers that every generation has."""
    wanted = expected()["stages_done_cleanly"]
    run = run_minutes(plant, wanted)
    assert run == pytest.approx({row_id: each["run_minutes"] for row_id, each in wanted.items()}, abs=0.001)
    for row_id, each in wanted.items():
        done = stage(plant, int(row_id))
        times = [datetime.fromisoformat(done[field]) for field in ("started_at", "ended_at")]
        assert (done["status"], times) == (
            "done", [datetime.fromisoformat(f"{each[field]}+00:00") for field in ("started_at", "ended_at")],
        )  # fmt: skip
    orders = expected()["orders_clean"] + [17, 34]
    assert [plant.planner.get(f"/workorders/old-{n}").data["number"] for n in orders] == [str(n) for n in orders]
    assert len(standing("issue")) == expected()["issues"]


def test_a_dump_comes_over_and_nobody_is_told_of_what_is_long_over(plant: Plant) -> None:
    hired(plant, held("latest.sql"))

    assert refused(moved(held("latest.sql"))) == []
    assert [standing(kind) for kind in ("outgoing", "timer", "notification")] == [[], [], []]
    hold_what_was_done(plant)


def test_the_first_generation_comes_over_and_a_second_run_changes_nothing(plant: Plant) -> None:
    hired(plant, held("first.db"))

    assert refused(moved(held("first.db"))) == []
    hold_what_was_done(plant)
    before = lasting()
    assert told(moved(held("first.db")), "commands") == 0
    assert lasting() == before


def test_what_only_the_last_generation_has(plant: Plant) -> None:
    tables = held("latest.db")
    people = hired(plant, tables)
    answers = moved(tables)

    issues = [each.read(Issue) for each in standing("issue")]
    known = {"open": "open", "ack": "acknowledged", "resolved": "resolved"}
    assert Counter(known[each.status] for each in issues) == expected()["issues_by_status"]
    fifth = next(each for each in issues if each.id == old_ids.id_of(DEFAULT_TENANT, "issue", 5))
    assert (fifth.created_by, fifth.description) == (plant.planner.id, "kalıp çizik")
    times = (fifth.created_at, fifth.acknowledged_at, fifth.resolved_at)
    assert [f"{at:%d %H:%M}" for at in times if at] == ["05 23:39", "05 23:48", "06 00:19"]

    machines = {each.read(Machine).id: each.read(Machine) for each in standing("machine")}
    assert set(machines) == {"enjeksiyon-1", "enjeksiyon-2", "montaj-masasi"}
    assert [machines["enjeksiyon-1"].location, machines["enjeksiyon-1"].machine_type] == ["Hat A", "injection_molding"]
    assert told(answers, "readings") == expected()["readings_usable"]
    aside = [each.read(Quarantined) for each in standing("quarantined")]
    assert {each.machine_id for each in aside} == {*machines, "old-55"}
    aggregate(lambda: MINUTE, markers.MACHINE_BUCKETS)
    assert sum(rollup.count for rollup in standing_rollups().values()) == expected()["readings_usable"]

    assert stage(plant, 2)["assignee_ids"] == [people[4], people[6]]
    assert stage(plant, 2)["good"] == 950
    assert stage(plant, 1)["machine_id"] is None
    assert stage(plant, 4)["machine_id"] == "enjeksiyon-1"
    assert stage(plant, 9)["status"] == "in_progress"
    assert stage(plant, 10)["status"] == "paused"
    route = plant.planner.get("/routes/KPK-40").data["stages"]
    assert [each["standard_seconds_per_unit"] for each in route] == [3, None]
    assert plant.planner.get("/products/ESKİ-9").status == 404
    product = plant.planner.get("/products/KPK-40").data
    assert (product["material"], product["part_weight_g"], [each["code"] for each in product["moulds"]]) == (
        "PP", 6, ["KLP-1"],
    )  # fmt: skip


def test_a_later_run_brings_only_what_is_new(plant: Plant) -> None:
    tables = beginning("latest.db")
    hired(plant, tables)
    moved(tables)
    order = next(row for row in tables["work_orders"] if row["id"] == 1)
    new_stage = {**next(row for row in tables["work_order_stages"] if row["id"] == 3), "id": 66, "work_order_id": 41}
    more = with_rows(
        tables, "work_orders", [*tables["work_orders"], {**order, "id": 41, "produced_qty": 0, "machine_id": 1}]
    )
    more = with_rows(more, "work_order_stages", [*more["work_order_stages"], new_stage])
    more = changed(more, "work_order_stages", 9, status="done", actual_end="2025-11-07T20:00:00")
    more = changed(more, "work_order_stages", 10, status="done", actual_end="2025-11-06T01:00:00")
    more = changed(more, "work_order_stages", 11, status="paused", paused_at="2025-11-06T01:32:00")
    more = changed(more, "work_order_stages", 3, status="in_progress", actual_start="2025-11-15T05:00:00")
    more = changed(more, "issues", 1, status="resolved", resolved_at="2025-11-22T04:03:00")
    more = changed(more, "work_orders", 12, produced_qty=700)

    gone = plant.admin.patch("/machines/enjeksiyon-1", {"status": "retired"}, If_Match='"1"')
    assert gone.status == 200
    remembered.forget_records()  # a run is a process of its own
    answers = moved(more)

    # opened · done · booked and done · paused · started and reported · resolved
    assert told(answers, "commands") == 8
    assert refused(answers) == [
        ["work_orders", 12, "700 were produced, and its last stage ended in Takip with 699. Correct one."]
    ]
    assert run_minutes(plant, ["9", "10"]) == pytest.approx({"9": 119, "10": 94})
    assert [stage(plant, n)["status"] for n in (9, 10, 11, 3)] == ["done", "done", "paused", "in_progress"]
    assert stage(plant, 3)["good"] == 433
    first = plant.planner.get(f"/issues/{old_ids.id_of(DEFAULT_TENANT, 'issue', 1)}").data
    assert (first["status"], first["resolved_at"]) == ("resolved", "2025-11-22T04:03:00.000Z")
    before = lasting()
    assert told(moved(more), "commands") == 0
    assert lasting() == before


def test_an_interrupted_run_goes_on(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    tables = beginning("latest.db")
    hired(plant, tables)
    monkeypatch.setattr(old_system, "A_BLOCK", 5)
    given = {"tenant": DEFAULT_TENANT, "by": "pelin", "planned_timezone": ZONE, "tables": tables}
    answers = old_system.bring(given)
    begun = [*takewhile(lambda each: each.get("part") != "Orders", answers), next(answers)]
    del answers
    there = len(standing("order"))
    again = moved(tables)

    assert (there, begun[-1]["done"], len(standing("order"))) == (5, 5, 12)
    assert (refused(again), told(again, "done")) == ([], told(moved(tables), "done"))
    assert told(moved(tables), "commands") == 0


def test_only_a_planner_imports(plant: Plant) -> None:
    given = {"tenant": DEFAULT_TENANT, "by": "nobody", "planned_timezone": "Europe/Istanbul", "tables": {"users": []}}
    with pytest.raises(UserNotFound, match="nobody"):
        list(old_system.bring(given))


def test_what_stands_for_something_else_in_takip_is_left_out_and_told(plant: Plant) -> None:
    tables = beginning("latest.db")
    hired(plant, tables)
    old_ids.registered(DEFAULT_TENANT, "order", {"W-1": 3})
    assert [each[:2] for each in refused(moved(tables))] == [
        ["work_orders", 3], ["work_order_stages", 4], ["issues", 3], ["work_order_stages", 5],
    ]  # fmt: skip
    assert plant.planner.get("/workorders/old-3").status == 404

    fewer = with_rows(tables, "work_order_stages", [row for row in tables["work_order_stages"] if row["id"] != 1])
    fewer = changed(fewer, "products", 1, code="KPK-41")
    answers = moved(fewer)

    wanted = [["products", 1], ["work_orders", 3], ["work_order_stages", 2], ["molds", 1], ["issues", 1]]
    wanted += [["work_order_stages", 4], ["issues", 3], ["work_order_stages", 5]]
    assert ([each[:2] for each in refused(answers)], told(answers, "commands")) == (wanted, 1)
    assert (stage(plant, 1)["status"], plant.planner.get("/products/KPK-41").status) == ("done", 200)
