"""My work: the stages that a worker's phone lists, and that the list follows every change."""

from chalicelib.services.numbers import aggregation
from tests.conftest import SetClock
from tests.floor import HOUR, Plant
from tests.machines import standing


def test_work_that_somebody_is_at_is_theirs_whether_they_are_assigned_or_not(plant: Plant, set_clock: SetClock) -> None:
    stage = plant.order(id="WO-1")["stages"][0]["id"]
    plant.worker.post(f"/stages/{stage}/start")
    plant.planner.put(f"/stages/{stage}/assignees", {"user_ids": []})
    plant.planner.post(f"/stages/{stage}/start", {"worker_id": plant.other.id})
    for who in (plant.worker, plant.other):
        assert [each["id"] for each in who.get("/stages?assignee=me").items] == [stage]
        who.post(f"/stages/{stage}/pause")
        assert who.get("/stages?assignee=me").items == []
    aggregation.aggregate(lambda: HOUR)
    assert [each.GSI2SK for each in standing("assignment")] == [None, None]
