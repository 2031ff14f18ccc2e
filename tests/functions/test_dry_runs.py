"""Dry runs: the same checks and the same answer, but nothing is written."""

from typing import Any

import pytest

from chalicelib.domain.people.users import Role
from chalicelib.services.telling import sending
from chalicelib.storage.items import Item
from functions._rules import RULES, WRITES
from tests.conftest import SetClock
from tests.floor import MINUTE, Plant, Reply, new_order
from tests.functions.access import body_of, conditions, path_of
from tests.functions.etags import version_in
from tests.functions.furnishing import CHANGING, employ, furnish
from tests.machines import watched
from tests.standing import Standing


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
    assert len(everything()) == len(before) + 10
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


def test_every_door_that_changes_something_can_be_tried_without_changing_anything(
    floor: Plant, set_clock: SetClock
) -> None:
    hired = {"boss": Role.ADMIN, "hand": Role.WORKER, "neighbour": Role.WORKER}
    admin, worker, neighbour = (employ(floor.client, name, role) for name, role in hired.items())
    things, _ = furnish(floor.planner, worker, neighbour, "M1")
    # The admin is told of it, and so has a notification to read.
    smoke = {"type": "safety", "description": "Smoke.", "priority": "critical"}
    assert worker.post("/machines/M1/issue", smoke).status == 201
    set_clock.forward(50 * MINUTE)
    assert sending.sweep(lambda: MINUTE).failed == 0
    doors = [rule for rule in RULES if rule.method in WRITES and rule.dry_run]
    standing = Standing()

    for rule in doors:
        path, body = path_of(rule, things), body_of(rule, admin, things)
        with watched() as called:
            tried = admin.call(rule.method, f"{path}?dry_run=1", body, **conditions(rule))
        assert (tried.status // 100, standing.changed(), CHANGING & set(called)) == (2, set(), set()), rule.name
        real = admin.call(rule.method, path, body, **conditions(rule))
        assert real.status == tried.status, rule.name
        assert standing.changed() or "readings" in path, rule.name
        standing.put_back()
    secret = {rule.path for rule in RULES if rule.method in WRITES} - {rule.path for rule in doors}
    assert secret == {"/auth/login", "/auth/refresh", "/auth/logout", "/auth/password", "/terminals/sign-in", "/live"}


def test_what_a_phone_shows_is_asked_for_again_at_the_price_of_a_yes(floor: Plant, set_clock: SetClock) -> None:
    stage = floor.order(id="WO-1")["stages"][0]["id"]
    shown = floor.worker.get("/stages?assignee=me")
    same = floor.worker.get("/stages?assignee=me", If_None_Match=shown.headers["ETag"])
    floor.planner.post("/workorders/WO-1/hold", {"reason": "no drawing"})
    changed = floor.worker.get("/stages?assignee=me", If_None_Match=shown.headers["ETag"])

    assert (same.status, same.body) == (304, None)
    assert (changed.status, [each["id"] for each in changed.items]) == (200, [stage])
    assert changed.items[0]["held"]["reason"] == "no drawing"


def essence(reply: Reply) -> tuple[int, Any, str | None]:
    """What an answer comes to."""
    return reply.status, reply.data, reply.headers.get("ETag")


def without_ids(reply: Reply) -> tuple[int, Any, int]:
    """An answer about a stage without the ids of sessions, which are made anew each time."""
    sessions = [{**session, "id": None} for session in reply.data["open_sessions"]]
    return reply.status, {**reply.data, "open_sessions": sessions}, version_in(reply.headers["ETag"])


def everything() -> list[str]:
    """All that stands in the table."""
    return sorted(f"{each.PK} {each.SK} {each.revision} {each.data}" for each in Item.scan())
