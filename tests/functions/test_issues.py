"""Issue endpoints: reporting one, joining one, and who may read it."""

from typing import Any

import pytest

from tests.conftest import SetClock
from tests.floor import MINUTE, Plant, pages

BROKEN = {"type": "machine_failure", "description": "The press has stopped."}


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """A stage of the worker on a machine."""
    plant.planner.post("/machines", {"id": "M1", "name": "Press"})
    order = plant.order({"name": "s", "assignee_ids": [plant.worker.id], "machine_id": "M1"}, id="WO-i1")
    return str(order["stages"][0]["id"])


def test_an_issue_is_reported_against_a_stage(plant: Plant, stage: str) -> None:
    reply = plant.worker.post(f"/stages/{stage}/issue", BROKEN)

    assert reply.status == 201
    assert reply.headers["Location"].endswith(f"/issues/{reply.data['id']}")
    expected = {
        "work_order_id": "WO-i1",
        "stage_id": stage,
        "machine_id": "M1",
        "type": "machine_failure",
        "description": "The press has stopped.",
        "priority": "normal",
        "status": "open",
        "created_by": plant.worker.id,
        "duplicate": False,
    }
    assert reply.data.items() >= expected.items()
    assert plant.worker.get(f"/issues/{reply.data['id']}").data == reply.data | {"notes": [], "answering": []}
    assert plant.worker.get(f"/stages/{stage}").data["open_issues"] == [reply.data["id"]]


def test_a_second_report_of_the_same_type_joins_the_open_one(plant: Plant, stage: str) -> None:
    first = plant.worker.post(f"/stages/{stage}/issue", BROKEN).data

    second = plant.planner.post(f"/stages/{stage}/issue", BROKEN | {"description": "Still."}, key="k")

    assert (second.status, second.data) == (200, first | {"duplicate": True, "notes_count": 1})
    again = plant.planner.post(f"/stages/{stage}/issue", BROKEN | {"description": "Still."}, key="k")
    assert (again.status, again.data, again.headers["Idempotent-Replayed"]) == (200, second.data, "true")
    assert plant.worker.post(f"/stages/{stage}/issue", BROKEN | {"type": "quality"}).status == 201


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"type": "weather"}, {"type": "enum"}),
        ({"description": ""}, {"description": "string_too_short"}),
        ({"description": " \n"}, {"description": "value_error"}),
        ({"priority": "urgent"}, {"priority": "enum"}),
        ({"at": "2026-01-05T09:00:00Z"}, {"at": "in_future"}),
    ],
)
def test_an_issue_says_what_is_wrong_and_when(
    plant: Plant, stage: str, wrong: dict[str, Any], fields: dict[str, str]
) -> None:
    assert plant.worker.post(f"/stages/{stage}/issue", BROKEN | wrong).fields() == fields


def test_an_issue_of_a_stage_of_somebody_else_is_not_there(plant: Plant, stage: str) -> None:
    issue = plant.planner.post(f"/stages/{stage}/issue", BROKEN).data["id"]

    assert plant.other.post(f"/stages/{stage}/issue", BROKEN).error["code"] == "ERR_STAGE_NOT_FOUND"
    assert plant.other.get(f"/issues/{issue}").error["code"] == "ERR_ISSUE_NOT_FOUND"
    assert plant.worker.get(f"/issues/{issue}").status == 200


def test_who_reported_an_issue_may_read_it_also_when_the_stage_is_theirs_no_more(plant: Plant, stage: str) -> None:
    mine = plant.worker.post(f"/stages/{stage}/issue", BROKEN).data["id"]
    of_planner = plant.planner.post(f"/stages/{stage}/issue", BROKEN | {"type": "quality"}).data["id"]
    plant.planner.put(f"/stages/{stage}/assignees", {"user_ids": []})

    assert plant.worker.get(f"/issues/{mine}").status == 200
    assert plant.worker.get(f"/issues/{of_planner}").status == 404


def test_to_whom_an_issue_is_assigned_may_read_it_on_any_stage(plant: Plant, stage: str) -> None:
    issue = plant.planner.post(f"/stages/{stage}/issue", BROKEN).data["id"]
    plant.planner.patch(f"/issues/{issue}", {"assignee_id": plant.other.id})

    assert plant.other.get(f"/issues/{issue}").status == 200
    assert [each["id"] for each in plant.other.get("/issues?assignee_id=me").items] == [issue]


def test_an_issue_of_another_stage_of_the_same_order_is_not_theirs(plant: Plant) -> None:
    order = plant.order({"name": "a", "assignee_ids": [plant.worker.id]}, {"name": "b"})
    issue = plant.planner.post(f"/stages/{order['stages'][1]['id']}/issue", BROKEN).data["id"]

    assert plant.worker.get(f"/issues/{issue}").status == 404


@pytest.mark.parametrize("missing", ["x", "-i", "WO-i1-i01ARZ3NDEKTSV4RRFFQ69G5FAV", "none-i1"])
def test_an_issue_that_is_not_there_is_not_found(plant: Plant, missing: str) -> None:
    assert plant.planner.get(f"/issues/{missing}").error["code"] == "ERR_ISSUE_NOT_FOUND"


def test_issues_of_a_stage_are_listed_oldest_first(plant: Plant, set_clock: SetClock) -> None:
    first, second = (stage["id"] for stage in plant.order({"name": "a"}, {"name": "b"})["stages"])
    for kind in ("quality", "tooling", "safety"):
        plant.planner.post(f"/stages/{first}/issue", BROKEN | {"type": kind})
        plant.planner.post(f"/stages/{second}/issue", BROKEN | {"type": kind})
        set_clock.forward(MINUTE)

    whole = plant.planner.get(f"/stages/{first}/issues").items

    assert [issue["type"] for issue in whole] == ["quality", "tooling", "safety"]
    assert pages(plant.planner, f"/stages/{first}/issues?") == whole
    cursor = plant.planner.get(f"/stages/{first}/issues?limit=1").data["next_cursor"]
    assert plant.planner.get(f"/stages/{second}/issues?cursor={cursor}").error["code"] == "ERR_REQUEST_BAD_CURSOR"
