"""The inbox: lists of issues with their filters, a worker's own, and how many are open."""

import pytest

from tests.conftest import SetClock
from tests.floor import MINUTE, MORNING, Plant, pages
from tests.machines import watched

MINE, THEIRS = "WO-1-01", "WO-1-02"


@pytest.fixture
def reported(plant: Plant, set_clock: SetClock) -> dict[str, str]:
    """Issues by a name: two on the worker's stage, two on a colleague's; one of each is resolved or acknowledged."""
    plant.planner.post("/machines", {"id": "M1", "name": "Press"})
    plant.order(
        {"name": "a", "assignee_ids": [plant.worker.id], "machine_id": "M1"},
        {"name": "b", "assignee_ids": [plant.other.id]},
        id="WO-1",
    )
    sent = [
        ("mine", plant.worker, MINE, {"type": "quality", "priority": "high"}),
        ("answered", plant.planner, MINE, {"type": "tooling", "priority": "low"}),
        ("theirs", plant.other, THEIRS, {"type": "quality", "priority": "critical"}),
        ("over", plant.other, THEIRS, {"type": "safety"}),
    ]
    ids = {}
    for name, reporter, stage, fields in sent:
        ids[name] = reporter.post(f"/stages/{stage}/issue", {"description": name} | fields).data["id"]
        set_clock.forward(MINUTE)
    plant.planner.patch(f"/issues/{ids['answered']}", {"status": "ack", "assignee_id": plant.planner.id})
    plant.planner.patch(f"/issues/{ids['over']}", {"status": "resolved"})
    return ids


def names(items: list[dict[str, str]]) -> list[str]:
    return [item["description"] for item in items]


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["mine", "answered", "theirs"]),
        ("order=newest", ["theirs", "answered", "mine"]),
        ("status=open", ["mine", "theirs"]),
        ("status=open&status=ack", ["mine", "answered", "theirs"]),
        ("status=resolved", ["over"]),
        ("type=quality&type=safety", ["mine", "theirs"]),
        ("priority=high", ["mine"]),
        ("machine_id=M1", ["mine", "answered"]),
        ("assignee_id=me", ["answered"]),
        (f"since={(MORNING + MINUTE).strftime('%Y-%m-%dT%H:%M:%SZ')}", ["answered", "theirs"]),
        (f"stage_id={MINE}", ["mine", "answered"]),
        (f"stage_id={THEIRS}&status=resolved&status=open", ["theirs", "over"]),
        ("work_order_id=WO-1&order=newest", ["theirs", "answered", "mine"]),
        ("work_order_id=WO-2", []),
    ],
)
def test_a_planner_lists_what_they_ask_for(plant: Plant, asked: str, found: list[str]) -> None:
    assert names(plant.planner.get(f"/issues?{asked}").items) == found
    assert names(pages(plant.planner, f"/issues?{asked}&" if asked else "/issues?")) == found


@pytest.mark.usefixtures("reported")
def test_a_worker_lists_what_they_reported_and_what_is_on_their_stages(plant: Plant) -> None:
    assert names(plant.worker.get("/issues").items) == ["mine", "answered"]
    assert names(plant.other.get("/issues").items) == ["theirs"]
    assert names(plant.other.get("/issues?status=resolved").items) == ["over"]
    assert plant.worker.get(f"/issues?stage_id={THEIRS}").items == []


@pytest.mark.usefixtures("reported")
def test_a_worker_keeps_what_they_reported_when_the_stage_is_theirs_no_more(plant: Plant) -> None:
    plant.planner.put(f"/stages/{MINE}/assignees", {"user_ids": []})

    assert names(plant.worker.get("/issues").items) == ["mine"]


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize(
    ("asked", "way_out"),
    [
        ("status=open&status=resolved", "ask for them one after the other"),
        ("stage_id=WO", "must be the id of a stage"),
        ("type=weather", ""),
        ("since=yesterday", ""),
        ("colour=red", ""),
    ],
)
def test_what_cannot_be_asked_is_refused_with_the_way_out(plant: Plant, asked: str, way_out: str) -> None:
    reply = plant.planner.get(f"/issues?{asked}")

    assert (reply.status, reply.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")
    assert way_out in reply.error["detail"]


@pytest.mark.usefixtures("reported")
def test_a_badge_counts_what_is_open(plant: Plant) -> None:
    assert plant.planner.get("/issues/counts").data == {
        "open": 3,
        "by_priority": {"low": 1, "normal": 0, "high": 1, "critical": 1},
        "unacknowledged": 2,
        "mine": 1,
        "overdue": 0,
    }
    assert plant.worker.get("/issues/counts").data == {
        "open": 2,
        "by_priority": {"low": 1, "normal": 0, "high": 1, "critical": 0},
        "unacknowledged": 1,
        "mine": 1,
        "overdue": 0,
    }


@pytest.mark.usefixtures("reported")
@pytest.mark.parametrize("path", ["/issues", "/issues?status=resolved", "/issues/counts"])
def test_the_list_and_the_counts_are_one_request(plant: Plant, path: str) -> None:
    with watched() as for_planners:
        plant.planner.get(path)
    with watched() as for_workers:
        plant.worker.get(path)

    assert for_planners == ["Query"]
    assert for_workers == ["Query", "BatchGetItem"]
