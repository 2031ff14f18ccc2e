"""Holding, releasing and cancelling an order, and the effect on its stages and open sessions."""

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Because, Command, Subject
from chalicelib.domain.orders.session_records import Cause
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.orders.transitions import OrderIsHeld, allowed
from chalicelib.domain.orders.work_orders import Held, Order
from chalicelib.domain.people.permissions import PERMISSIONS
from chalicelib.domain.planning import holding, replanning
from chalicelib.domain.planning.holding import IllegalOrderTransition
from chalicelib.domain.planning.replanning import ReplanOrder
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from tests.domain.builders import (
    DAY,
    HOUR,
    MORNING,
    ORDER_ID,
    OYA,
    PELIN,
    VELI,
    a_stage,
    an_order,
    at_work,
    finished,
    give,
    in_progress,
    paused,
)
from tests.domain.happenings import told

NOON = MORNING + 4 * HOUR
DECISIONS: dict[str, Any] = {
    "hold": holding.hold,
    "release": holding.release,
    "cancel": holding.cancel,
    "replan": replanning.replan_order,
}
HELD = Held("no drawing", MORNING, "pelin")


def ordered(order: Order, name: str, **fields: Any) -> Change:
    reason = "the customer called"
    payload = ReplanOrder(reason, priority=9) if name == "replan" else Because(reason)
    command: Command[Any] = Command("c", name, ORDER_ID, payload, NOON, subject=Subject.ORDER, **fields)
    return told(order, DECISIONS[name](order, PELIN, command, DEFAULT_SETTINGS), Subject.ORDER, ORDER_ID)


def test_a_hold_closes_every_open_session_at_the_servers_time_with_the_cause() -> None:
    order = an_order(in_progress(at_work(), at_work("oya")), in_progress(position=2), paused(position=3))

    change = ordered(order, "hold", at=MORNING)

    assert change.order.held == Held("the customer called", NOON, "pelin")
    assert {(each.worker_id, each.ended_at, each.cause) for each in change.sessions} == {
        ("veli", NOON, Cause.HOLD),
        ("oya", NOON, Cause.HOLD),
    }
    assert len(change.sessions) == 3
    assert [stage.status for stage in change.order.stages] == [StageStatus.PAUSED] * 3
    assert not any(stage.open_sessions for stage in change.order.stages)


def test_a_session_that_begins_later_than_the_hold_ends_where_it_began() -> None:
    ahead = NOON + HOUR / 20
    change = ordered(an_order(in_progress(at_work(since=ahead))), "hold")
    assert [(each.started_at, each.ended_at) for each in change.sessions] == [(ahead, ahead)]


@pytest.mark.parametrize("name", ["start", "done"])
def test_nobody_starts_or_finishes_on_a_held_order(name: str) -> None:
    order = an_order(paused(), held=HELD)
    with pytest.raises(OrderIsHeld) as refusal:
        give(order, PELIN, name)
    assert refusal.value.since == MORNING
    assert refusal.value.allowed == ("book", "assign", "replan", "skip")
    assert "no drawing" in refusal.value.detail


def test_lifting_a_hold_changes_nothing_else() -> None:
    order = an_order(paused(), a_stage(position=2), finished(position=3))
    held = ordered(order, "hold").order
    assert replace(held, held=None) == order
    assert ordered(held, "release").order == order
    stage = order.stages[0]
    assert allowed(ordered(held, "release").order, stage, VELI) == allowed(order, stage, VELI)


def test_cancelling_stops_who_is_at_work_and_cancels_what_is_not_done() -> None:
    order = an_order(in_progress(), a_stage(position=2), finished(position=3), held=HELD)

    change = ordered(order, "cancel")

    assert change.order.status is OrderStatus.CANCELLED
    assert change.order.held is None
    assert change.order.ended_at == NOON
    assert [(stage.status, stage.ended_at) for stage in change.order.stages] == [
        (StageStatus.CANCELLED, NOON),
        (StageStatus.CANCELLED, NOON),
        (StageStatus.DONE, MORNING + HOUR),
    ]
    assert [(each.ended_at, each.cause) for each in change.sessions] == [(NOON, Cause.CANCEL)]


def test_a_cancelled_stage_ends_no_earlier_than_its_last_session() -> None:
    ahead = NOON + HOUR / 20
    change = ordered(an_order(in_progress(at_work(since=ahead))), "cancel")
    assert change.order.stages[0].ended_at == change.order.ended_at == change.sessions[0].ended_at == ahead


@pytest.mark.parametrize(
    ("order", "names"),
    [
        (an_order(), ["hold", "replan", "cancel"]),
        (an_order(in_progress()), ["hold", "replan", "cancel"]),
        (an_order(held=HELD), ["release", "replan", "cancel"]),
        (an_order(finished()), []),
        (an_order(finished(), held=HELD), ["release"]),
        (an_order(status=OrderStatus.CANCELLED), []),
    ],
    ids=["planned", "in progress", "held", "done", "done while held", "cancelled"],
)
def test_what_is_allowed_is_what_can_be_done_and_all_else_says_so(order: Order, names: list[str]) -> None:
    assert holding.allowed(order, PELIN) == names
    assert holding.allowed(order, VELI) == []
    for name in DECISIONS:
        if name in names:
            assert ordered(order, name).order != order
        else:
            with pytest.raises(IllegalOrderTransition) as refusal:
                ordered(order, name)
            assert refusal.value.allowed == tuple(names)
            assert refusal.value.since is not None


def test_every_command_of_the_table_has_a_rule_and_a_permission_for_the_same_roles() -> None:
    permission = {"hold": "order.hold", "release": "order.hold", "cancel": "order.cancel", "replan": "order.replan"}
    assert {row.command for row in holding.TRANSITIONS} == set(DECISIONS)
    for row in holding.TRANSITIONS:
        assert row.roles <= PERMISSIONS[permission[row.command]]


def test_a_session_that_was_forgotten_for_years_ends_as_long_as_a_session_can_be() -> None:
    order = an_order(in_progress(at_work(since=MORNING - 3000 * DAY)))
    assert [each.ended_at for each in ordered(order, "hold").sessions] == [MORNING - (3000 - 366) * DAY]


def test_whoever_was_interrupted_is_remembered_and_may_know_no_more_of_the_stage() -> None:
    (stage,) = ordered(an_order(in_progress(assignee_ids=())), "hold").order.stages
    assert stage.interrupted_ids == ("veli",)
    assert not stage.open_to(VELI)
    assert not stage.open_to(OYA)
