"""`Prefer: return=minimal`: a command answers with little, and does the same."""

import json

import pytest

from tests.floor import Plant, Reply

LITTLE = {"Prefer": "return=minimal"}


def size(reply: Reply) -> int:
    return len(json.dumps(reply.body, ensure_ascii=False, separators=(",", ":")).encode())


def test_a_command_answers_with_headers_only_if_little_is_preferred(plant: Plant) -> None:
    stage = plant.order(id="WO-1")["stages"][0]["id"]

    little = plant.planner.post(f"/stages/{stage}/start", key="k", **LITTLE)
    whole = plant.planner.post(f"/stages/{stage}/start", key="k")

    assert (little.status, little.body, little.headers["Preference-Applied"]) == (204, None, "return=minimal")
    assert little.headers["ETag"] == whole.headers["ETag"]
    assert (whole.status, whole.headers["Idempotent-Replayed"]) == (200, "true")
    assert "Preference-Applied" not in whole.headers


def test_what_was_created_is_shown_and_what_was_changed_is_not(plant: Plant) -> None:
    stage = plant.order(id="WO-1")["stages"][0]["id"]
    hour = {"started_at": "2026-01-05T08:00:00Z", "ended_at": "2026-01-05T09:00:00Z"}
    issue = {"type": "other", "description": "x"}

    booked = plant.planner.post(f"/stages/{stage}/sessions", hour, **LITTLE)
    reported, joined = (plant.planner.post(f"/stages/{stage}/issue", issue, **LITTLE) for _ in range(2))
    held = plant.planner.post("/workorders/WO-1/hold", {"reason": "x"}, **LITTLE)
    refused = plant.planner.post("/workorders/WO-1/hold", {"reason": "x"}, **LITTLE)

    assert (booked.status, reported.status) == (201, 201)
    assert reported.headers["Location"].endswith(reported.data["id"])
    assert (joined.status, held.status, refused.status) == (204, 204, 409)


@pytest.mark.parametrize(
    "prefer", ['respond-async, RETURN="minimal"; x=1', "return = minimal", "wait=9,return=minimal"]
)
def test_the_preference_is_read_however_it_is_written(plant: Plant, prefer: str) -> None:
    stage = plant.order()["stages"][0]["id"]
    assert "Preference-Applied" in plant.planner.post(f"/stages/{stage}/start", Prefer=prefer).headers


@pytest.mark.parametrize("prefer", ["return=representation", "minimal", "return=minimally", ""])
def test_another_preference_changes_nothing(plant: Plant, prefer: str) -> None:
    stage = plant.order()["stages"][0]["id"]
    assert plant.planner.post(f"/stages/{stage}/start", Prefer=prefer).data["name"] == "Montaj"


def test_a_hundred_commands_are_answered_with_a_sixth(plant: Plant) -> None:
    stages = [stage for _ in range(4) for stage in plant.order(*[{"name": "a"}] * 25)["stages"]]
    commands = [{"id": each["id"], "command": "start", "target": each["id"]} for each in stages]

    little = plant.planner.post("/sync/commands", {"commands": commands}, **LITTLE)
    whole = plant.planner.post("/sync/commands", {"commands": commands})

    assert [each["result"] for each in little.items] == ["applied"] * 100
    assert [each["result"] for each in whole.items] == ["duplicate"] * 100
    assert set(little.items[0]["minimal"]) == {"id", "status", "version", "allowed"}
    assert size(little) < 22_000
    assert size(whole) > 100_000
    assert little.headers["Preference-Applied"] == "return=minimal"
