"""Creations: once per key, again after a lost race, and in one transaction."""

import time
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import settings
from tests.conftest import SetClock
from tests.disturbances import at_commit, cancelled, raising, times
from tests.floor import Plant, Reply, new_order
from tests.machines import standing, watched


@pytest.fixture(autouse=True)
def _no_waiting(table: None, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Waits cost no time, and the signing keys are known already."""
    monkeypatch.setattr(time, "sleep", lambda _: set_clock.forward(timedelta(0)))
    settings.signing_keys()


def essence(reply: Reply) -> tuple[int, Any, str | None, str | None]:
    return reply.status, reply.body, reply.headers.get("ETag"), reply.headers.get("Location")


def test_a_repeated_creation_is_answered_again_and_made_once(plant: Plant) -> None:
    body = new_order(number="N-1")

    first, second = (plant.planner.post("/workorders", body, key="k") for _ in range(2))

    assert first.status == 201
    assert essence(first) == essence(second)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert len(standing("order")) == 1


def test_a_repeated_creation_is_answered_again_although_its_people_are_gone(plant: Plant) -> None:
    body = new_order(stages=[{"name": "s", "assignee_ids": [plant.worker.id]}])
    first = plant.planner.post("/workorders", body, key="k")
    plant.worker.post(f"/stages/{first.data['stages'][0]['id']}/start")

    assert essence(plant.planner.post("/workorders", body, key="k")) == essence(first)


def test_a_key_of_a_creation_means_one_request_of_one_person(plant: Plant) -> None:
    plant.planner.post("/workorders", new_order(stages=[{"name": "Montaj"}]), key="k")

    reused = plant.planner.post("/workorders", new_order(stages=[{"name": "Montaj"}], quantity=11), key="k")
    machine = plant.planner.post("/machines", {"id": "M1", "name": "x"}, key="k")
    of_admin = plant.admin.post("/workorders", new_order(stages=[{"name": "Montaj"}]), key="k")

    assert {reply.error["code"] for reply in (reused, machine)} == {"ERR_IDEMPOTENCY_KEY_REUSED"}
    assert of_admin.status == 201
    assert "Idempotent-Replayed" not in of_admin.headers


def test_the_same_creation_twice_at_once_is_made_once(plant: Plant) -> None:
    replies: list[Reply] = []
    body = new_order(stages=[{"name": "Montaj"}])

    with at_commit(before=lambda: replies.append(plant.planner.post("/workorders", body, key="k"))):
        replies.append(plant.planner.post("/workorders", body, key="k"))

    assert essence(replies[0]) == essence(replies[1])
    assert len(standing("order")) == 1


def test_a_collision_is_attempted_again(plant: Plant) -> None:
    with watched(times(3, raising(cancelled("TransactionConflict")))) as called:
        reply = plant.planner.post("/workorders", new_order(stages=[{"name": "Montaj"}]), key="k")

    assert reply.status == 201
    assert called == ["TransactWriteItems"] * 4


def test_patience_comes_to_an_end(plant: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _: set_clock.forward(timedelta(seconds=4)))
    with watched(times(100, raising(cancelled("TransactionConflict")))) as called:
        reply = plant.planner.post("/workorders", new_order(stages=[{"name": "Montaj"}]))

    assert (reply.status, reply.error["code"], reply.headers["Retry-After"]) == (409, "ERR_COMMAND_LOST_RACE", "1")
    assert called == ["TransactWriteItems"] * 4


def test_a_creation_without_stages_asks_for_the_route_first(plant: Plant) -> None:
    with watched() as called:
        assert plant.planner.post("/workorders", new_order()).status == 201

    assert called == ["BatchGetItem", "TransactWriteItems"]


def test_a_creation_costs_one_transaction(plant: Plant) -> None:
    with watched() as called:
        plant.planner.post("/workorders", new_order(stages=[{"name": "Montaj"}]), key="k")

    assert called == ["TransactWriteItems"]


def test_a_key_that_expires_while_it_is_asked_for_is_a_lost_race(plant: Plant, set_clock: SetClock) -> None:
    body = {"id": "M1", "name": "Press"}
    plant.planner.post("/machines", body, key="k")
    found = standing("idempotency_key")[0]
    found.expires_at = int(set_clock().timestamp())
    found.save()

    with watched(times(1, lambda: set_clock.forward(timedelta(seconds=1)))):
        reply = plant.planner.post("/machines", body, key="k")

    assert (reply.status, reply.error["code"], reply.headers["Retry-After"]) == (409, "ERR_COMMAND_LOST_RACE", "1")
