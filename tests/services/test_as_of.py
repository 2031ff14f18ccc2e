"""What happened before the plant had Takip is dated then, told to nobody, and done once."""

from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.orders.commands import Command
from chalicelib.domain.orders.issues import Issue, IssueType, NewIssue
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.planning.opening import NewOrder, NewStage
from chalicelib.services.floor import stage_commands
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.planning.opening import open_work_order
from tests.floor import HOUR, MORNING, WEEK, Plant
from tests.machines import standing

LONG_AGO = MORNING - 10 * WEEK

pytestmark = pytest.mark.usefixtures("set_clock")


def opened(plant: Plant, planned: timedelta, request: Request) -> Order:
    new = NewOrder("P", Decimal(10), LONG_AGO, LONG_AGO + planned, id="old-1", stages=(NewStage("s"),))
    open_work_order(plant.planner.actor, new, request, lambda order: order.id)
    return next(item.read(Order) for item in standing("order"))


def report(plant: Plant, request: Request) -> Answer:
    """Report an issue as it was reported long ago."""
    command = Command("i1", "issue", "old-1-01", NewIssue(IssueType.QUALITY, "scratches"), LONG_AGO, at=LONG_AGO)
    return stage_commands.run(plant.planner.actor, command, request, lambda change, _: change.created)


def test_it_is_dated_then_and_told_to_nobody(plant: Plant) -> None:
    assert opened(plant, HOUR, Request(as_of=LONG_AGO)).created_at == LONG_AGO
    report(plant, Request(as_of=LONG_AGO))
    assert [each.read(Issue).created_at for each in standing("issue")] == [LONG_AGO]
    assert [standing(kind) for kind in ("outgoing", "timer")] == [[], []]


def test_what_is_still_to_come_rings(plant: Plant) -> None:
    opened(plant, 11 * WEEK, Request(as_of=LONG_AGO))
    assert len(standing("timer")) == 1


def test_everybody_else_is_told(plant: Plant) -> None:
    opened(plant, HOUR, Request())
    report(plant, Request())
    assert len(standing("outgoing")) == 2
    assert standing("timer")


def test_its_key_is_remembered_from_now(plant: Plant) -> None:
    opened(plant, HOUR, Request(as_of=LONG_AGO))
    first, again = (report(plant, Request("i1", as_of=LONG_AGO)) for _ in range(2))
    assert (first.replayed, again.replayed, first.data, again.data) == (False, True, True, True)
