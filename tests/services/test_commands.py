"""The command runner: the cost of a command, its record, and its writes."""

from tests.floor import Plant
from tests.machines import standing, watched
from tests.services.commanding import give


def test_a_command_costs_a_query_and_a_transaction_and_its_refusal_one_read_more(plant: Plant, stage: str) -> None:
    with watched() as done:
        give(plant.worker, stage, "start")
    with watched() as refused:
        give(plant.worker, stage, "start", key="other")

    assert done == ["Query", "TransactWriteItems"]
    assert refused == ["Query", "GetItem"]


def test_every_command_is_written_down_with_what_it_did(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start")
    give(plant.planner, stage, "report", {"good": 11, "reason": "agreed", "worker_id": plant.worker.id})

    start, report = (each.data for each in sorted(standing("command"), key=lambda each: each.SK)[1:])

    assert (start["source"], start["to"], start["actor"], start["target"]) == (
        "planned",
        "in_progress",
        plant.worker.id,
        stage,
    )
    assert (report["reason"], report["changes"]["good"], report["actor"]) == ("agreed", 11, plant.planner.id)


def test_a_marker_is_left_only_where_numbers_come_out_differently(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start", key=None)
    give(plant.worker, stage, "report", {"good": 1}, key=None)
    assert [marker.data["order_ids"] for marker in standing("marker")] == [["WO-1"]]

    give(plant.worker, stage, "pause", key=None)
    assert [marker.data["order_ids"] for marker in standing("marker")] == [["WO-1"]] * 2
    give(plant.worker, stage, "done", {}, key=None)
    assert len(standing("marker")) == 3
