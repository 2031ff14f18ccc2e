"""`Prefer: return=minimal`: a command answers with little, and does the same."""

import json

import pytest

from tests.floor import Plant, Reply

LITTLE = {"Prefer": "return=minimal"}


def size(reply: Reply) -> int:
    return len(json.dumps(reply.body, ensure_ascii=False, separators=(",", ":")).encode())


def test_a_command_answers_with_what_changes_if_little_is_preferred(plant: Plant) -> None:
    stage = plant.order(id="WO-1")["stages"][0]["id"]

    little = plant.planner.post(f"/stages/{stage}/start", key="k", **LITTLE)
    whole = plant.planner.post(f"/stages/{stage}/start", key="k")

    assert little.headers["Preference-Applied"] == "return=minimal"
    assert little.data == {name: whole.data[name] for name in ("id", "status", "version", "allowed")}
    assert whole.headers["Idempotent-Replayed"] == "true"
    assert "Preference-Applied" not in whole.headers
    assert little.headers["ETag"] == whole.headers["ETag"]


def test_a_booked_session_and_an_issue_are_created_with_little_said(plant: Plant) -> None:
    stage = plant.order(id="WO-1")["stages"][0]["id"]
    hour = {"started_at": "2026-01-05T08:00:00Z", "ended_at": "2026-01-05T09:00:00Z"}

    booked = plant.planner.post(f"/stages/{stage}/sessions", hour, **LITTLE)
    reported = plant.planner.post(f"/stages/{stage}/issue", {"type": "other", "description": "x"}, **LITTLE)
    held = plant.planner.post("/workorders/WO-1/hold", {"reason": "x"}, **LITTLE)

    assert (booked.status, set(booked.data)) == (201, {"id"})
    assert (reported.status, set(reported.data)) == (201, {"id", "status"})
    assert reported.headers["Location"].endswith(reported.data["id"])
    assert set(held.data) == {"id", "status", "version", "allowed"}


@pytest.mark.parametrize(
    "prefer", ['respond-async, RETURN="minimal"; x=1', "return = minimal", "wait=9,return=minimal"]
)
def test_the_preference_is_read_however_it_is_written(plant: Plant, prefer: str) -> None:
    stage = plant.order()["stages"][0]["id"]
    assert "Preference-Applied" in plant.planner.post(f"/stages/{stage}/start", Prefer=prefer).headers


@pytest.mark.parametrize("prefer", ["return=representation", "minimal", "return=minimally", ""])
def test_another_preference_changes_nothing(plant: Plant, prefer: str) -> None:
    stage = plant.order()["stages"][0]["id"]
    assert "name" in plant.planner.post(f"/stages/{stage}/start", Prefer=prefer).data


def test_a_hundred_commands_are_answered_with_a_sixth(plant: Plant) -> None:
    stages = [stage for _ in range(4) for stage in plant.order(*[{"name": "a"}] * 25)["stages"]]
    commands = [{"id": each["id"], "command": "start", "target": each["id"]} for each in stages]

    little = plant.planner.post("/sync/commands", {"commands": commands}, **LITTLE)
    whole = plant.planner.post("/sync/commands", {"commands": commands})

    assert [each["result"] for each in little.items] == ["applied"] * 100
    assert [each["result"] for each in whole.items] == ["duplicate"] * 100
    assert set(little.items[0]["data"]) == {"id", "status", "version", "allowed"}
    assert size(little) < 22_000
    assert size(whole) > 100_000
    assert little.headers["Preference-Applied"] == "return=minimal"
