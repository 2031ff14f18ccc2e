"""Holding and cancelling orders, skipping and reopening stages, the history, and the state machines as data."""

from typing import Any

import pytest

from chalicelib.domain.andon import answering
from chalicelib.domain.orders import state_machines, transitions
from chalicelib.domain.planning import holding
from tests.conftest import SetClock
from tests.floor import MINUTE, Person, Plant

WHY = {"reason": "no drawing"}


@pytest.fixture
def order(floor: Plant) -> Any:
    """An order with two stages for the worker; the first is being worked on."""
    stages = [{"name": name, "assignee_ids": [floor.worker.id]} for name in ("Enjeksiyon", "Montaj")]
    opened = floor.order(*stages, id="WO-1")
    assert floor.worker.post("/stages/WO-1-01/start").status == 200
    return opened


def statuses(person: Person) -> list[str]:
    return [stage["status"] for stage in person.get("/workorders/WO-1").data["stages"]]


@pytest.mark.usefixtures("order")
def test_a_held_order_refuses_work_until_it_is_released(floor: Plant, set_clock: SetClock) -> None:
    now = set_clock.forward(MINUTE)
    held = floor.planner.post("/workorders/WO-1/hold", WHY, key="h")

    assert held.status == 200
    assert held.data["held"] == {"reason": "no drawing", "since": held.data["held"]["since"], "by": floor.planner.id}
    assert held.data["allowed"] == ["release", "replan", "cancel"]
    assert statuses(floor.worker) == ["paused", "planned"]
    (session,) = floor.worker.get("/stages/WO-1-01/sessions").items
    assert session["cause"] == "hold"
    assert session["ended_at"] == now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    (mine, _) = floor.worker.get("/stages").items
    assert (mine["held"], mine["allowed"]) == (held.data["held"], ["book"])
    refused = floor.worker.post("/stages/WO-1-01/start")
    assert (refused.status, refused.error["code"]) == (409, "ERR_ORDER_HELD")
    assert refused.error["since"] == held.data["held"]["since"]
    assert refused.error["allowed"] == ["book"]
    assert floor.planner.post("/workorders/WO-1/hold", WHY).error["code"] == "ERR_ORDER_ILLEGAL_TRANSITION"
    assert floor.planner.post("/workorders/WO-1/hold", WHY, key="h").headers["Idempotent-Replayed"] == "true"

    assert floor.planner.post("/workorders/WO-1/release", WHY).data["held"] is None
    assert floor.worker.post("/stages/WO-1-01/start").status == 200


@pytest.mark.usefixtures("order")
def test_an_order_that_was_done_while_held_is_released_all_the_same(floor: Plant) -> None:
    for path in ("workorders/WO-1/hold", "stages/WO-1-01/skip", "stages/WO-1-02/skip"):
        assert floor.planner.post(f"/{path}", WHY).status == 200
    order = floor.planner.get("/workorders/WO-1").data
    assert (order["status"], order["allowed"]) == ("done", ["release"])

    released = floor.planner.post("/workorders/WO-1/release", WHY).data

    assert (released["status"], released["held"], released["allowed"]) == ("done", None, [])


@pytest.mark.usefixtures("order")
def test_a_cancelled_order_is_closed_and_leaves_the_workers_list(floor: Plant) -> None:
    cancelled = floor.planner.post("/workorders/WO-1/cancel", WHY).data

    assert (cancelled["status"], cancelled["allowed"]) == ("cancelled", [])
    assert statuses(floor.planner) == ["cancelled", "cancelled"]
    assert floor.worker.get("/stages").items == []
    assert floor.planner.get("/workorders").items == []
    assert [each["id"] for each in floor.planner.get("/workorders?status=cancelled").items] == ["WO-1"]
    assert floor.worker.post("/stages/WO-1-01/start").error["code"] == "ERR_STAGE_ILLEGAL_TRANSITION"


@pytest.mark.usefixtures("order")
def test_a_stage_is_skipped_and_reopened(floor: Plant) -> None:
    skipped = floor.planner.post("/stages/WO-1-02/skip", WHY).data
    assert (skipped["status"], skipped["allowed"]) == ("skipped", ["reopen"])
    floor.worker.post("/stages/WO-1-01/done")
    assert floor.planner.get("/workorders/WO-1").data["status"] == "done"

    reopened = floor.planner.post("/stages/WO-1-02/reopen", WHY).data

    assert (reopened["status"], reopened["ended_at"]) == ("planned", None)
    assert floor.planner.get("/workorders/WO-1").data["status"] == "in_progress"


def test_my_work_tells_what_a_stage_waits_for(floor: Plant) -> None:
    stages = [{"name": name, "assignee_ids": [floor.worker.id]} for name in ("Enjeksiyon", "Montaj")]
    floor.order(*stages, id="WO-2", flow="sequential")
    first, second = floor.worker.get("/stages").items
    assert (first["ready"], first["waits_for"], first["allowed"]) == (True, None, ["start", "book"])
    assert (second["ready"], second["waits_for"], second["allowed"]) == (False, "WO-2-01", ["book"])
    refused = floor.worker.post("/stages/WO-2-02/start")
    assert (refused.status, refused.error["code"]) == (409, "ERR_STAGE_NOT_READY")

    floor.worker.post("/stages/WO-2-01/start")
    floor.worker.post("/stages/WO-2-01/done")
    (left,) = floor.worker.get("/stages").items
    assert (left["ready"], left["waits_for"]) == (True, None)


@pytest.mark.parametrize("path", ["workorders/WO-1/hold", "workorders/WO-1/cancel", "stages/WO-1-02/skip"])
@pytest.mark.usefixtures("order")
def test_a_reason_is_asked_for(floor: Plant, path: str) -> None:
    assert floor.planner.post(f"/{path}", {}).fields() == {"reason": "missing"}
    assert floor.planner.post(f"/{path}", {"reason": ""}).fields() == {"reason": "string_too_short"}


@pytest.mark.usefixtures("order")
def test_the_history_tells_who_did_what_and_why(floor: Plant) -> None:
    floor.planner.post("/workorders/WO-1/hold", WHY)
    history = floor.planner.get("/workorders/WO-1/history").items

    assert [(each["command"], each["target"], each["actor"]) for each in history] == [
        ("create", "WO-1", floor.planner.id),
        ("start", "WO-1-01", floor.worker.id),
        ("hold", "WO-1", floor.planner.id),
    ]
    assert (history[1]["from"], history[1]["to"]) == ("planned", "in_progress")
    assert (history[2]["from"], history[2]["to"], history[2]["reason"]) == ("in_progress", "in_progress", "no drawing")
    assert floor.worker.get("/workorders/WO-1/history").status == 403
    assert floor.planner.get("/workorders/WO-9/history").error["code"] == "ERR_ORDER_NOT_FOUND"


def test_the_state_machines_are_told_as_they_are(floor: Plant) -> None:
    told = floor.worker.get("/meta/transitions").data

    assert len(told["stage"]) == len(transitions.TRANSITIONS)
    assert len(told["order"]) == len(holding.TRANSITIONS)
    assert len(told["issue"]) == len(answering.TRANSITIONS)
    assert len(told["order_follows"]) == len(state_machines.OF_ORDERS)
    assert len(told["stage_follows"]) == len(state_machines.OF_STAGES)
    assert told["stage"][0] == {
        "from": "planned",
        "command": "start",
        "to": "in_progress",
        "roles": ["admin", "planner", "worker"],
        "guards": ["not_held", "not_blocked", "ready"],
        "needs_reason": False,
        "where": None,
    }
    assert told["order_follows"][0] == {
        "from": "planned",
        "command": "start",
        "subject": "stage",
        "to": "in_progress",
        "where": None,
    }


def test_the_value_lists_are_those_of_the_plant(floor: Plant) -> None:
    meta = floor.worker.get("/meta").data

    assert meta["values"]["pause_reason"][-1] == "other"
    assert meta["values"]["stage_status"] == ["planned", "in_progress", "paused", "done", "skipped", "cancelled"]
    assert meta["values"]["issue_status"] == ["open", "ack", "resolved"]
    assert meta["limits"]["stages_per_order"] == 40
