"""Dry runs: the same checks and the same answer, and nothing written."""

from typing import Any

import pytest

from chalicelib.storage.items import Item
from tests.conftest import SetClock
from tests.floor import Plant, Reply, new_order


def test_a_dry_run_answers_the_same_and_writes_nothing(plant: Plant, set_clock: SetClock) -> None:
    order = plant.order(id="WO-1")
    stage = order["stages"][0]["id"]
    before = everything()

    tried = plant.planner.post("/workorders?dry_run=1", new_order(id="WO-2"), key="k")
    assert everything() == before
    opened = plant.planner.post("/workorders", new_order(id="WO-2"), key="k")
    assert essence(tried) == essence(opened)
    assert "Idempotent-Replayed" not in opened.headers

    tried = plant.worker.post(f"/stages/{stage}/start?dry_run=true", {"at": order["created_at"]}, key="k")
    assert len(everything()) == len(before) + 7
    started = plant.worker.post(f"/stages/{stage}/start", {"at": order["created_at"]}, key="k")
    assert without_ids(tried) == without_ids(started)
    assert "Idempotent-Replayed" not in started.headers


@pytest.mark.parametrize("asked", ["", "?dry_run=1"])
def test_a_dry_run_is_refused_what_would_be_refused(plant: Plant, asked: str) -> None:
    plant.order(id="WO-1", number="N-1")
    plant.planner.post("/machines", {"id": "M1", "name": "Press"})
    body = {"username": "VELI", "password": "a long enough one"}

    refused = [
        plant.planner.post(f"/workorders{asked}", new_order(id="WO-1")),
        plant.planner.post(f"/workorders{asked}", new_order(number="N-1")),
        plant.planner.post(f"/machines{asked}", {"id": "M1", "name": "Press"}),
        plant.admin.post(f"/auth/register{asked}", body),
        plant.worker.post(f"/stages/WO-1-01/pause{asked}"),
    ]

    assert [reply.error["code"] for reply in refused] == [
        "ERR_ORDER_ID_TAKEN",
        "ERR_ORDER_NUMBER_TAKEN",
        "ERR_MACHINE_ID_TAKEN",
        "ERR_USER_USERNAME_TAKEN",
        "ERR_STAGE_ILLEGAL_TRANSITION",
    ]
    assert plant.planner.post(f"/workorders{asked}", new_order(id="WO-9")).status == 201


def essence(reply: Reply) -> tuple[int, Any, str | None]:
    """What an answer comes to."""
    return reply.status, reply.data, reply.headers.get("ETag")


def without_ids(reply: Reply) -> tuple[int, Any, str | None]:
    """An answer about a stage without the ids of sessions, which are made anew each time."""
    sessions = [{**session, "id": None} for session in reply.data["open_sessions"]]
    return reply.status, {**reply.data, "open_sessions": sessions}, reply.headers.get("ETag")


def everything() -> list[str]:
    """All that stands in the table."""
    return sorted(f"{each.PK} {each.SK} {each.revision} {each.data}" for each in Item.scan())
