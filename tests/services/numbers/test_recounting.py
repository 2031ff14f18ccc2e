"""Counting again: after an upgrade, after another grace, and of orders that are counted wrongly; no other is marked."""

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.instants import wire
from chalicelib.domain.numbers.remaining import OrderRemaining, Remaining
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.numbers import recounting
from chalicelib.storage import markers, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys import orders as order_keys
from chalicelib.storage.numbers import remaining
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import standing
from tests.services.aggregating import (
    assert_settled,
    assert_sums_follow_facts,
    remaining_by_the_rules,
    remaining_of_plant,
    settle,
)


@pytest.fixture
def _work(plant: Plant, set_clock: SetClock) -> None:
    """Orders of which one is held, one has an issue, one is done, and one is done with an unresolved issue."""
    for name in ("HELD", "ISSUE", "DONE", "BOTH"):
        plant.order(id=name, planned_end=wire(MORNING + 4 * HOUR))
    plant.planner.post("/workorders/HELD/hold", {"reason": "no drawing"})
    for name in ("ISSUE", "BOTH"):
        wrong = {"type": "quality", "description": "scratches", "priority": "high"}
        plant.planner.post(f"/stages/{name}-01/issue", wrong)
    for name in ("DONE", "BOTH"):
        plant.worker.post(f"/stages/{name}-01/start")
        plant.worker.post(f"/stages/{name}-01/done", {"good": 10})


def forget() -> None:
    """Leave the table as an earlier release left it: nothing that remains is noted, and no marker waits."""
    table.batch_delete([each for each in Item.scan() if each.kind in ("remaining", "remaining_of_plant", "marker")])


@pytest.mark.usefixtures("_work")
def test_orders_of_an_earlier_release_are_counted_once(plant: Plant) -> None:
    settle()
    forget()

    recounting.mark_all_miscounted()
    settle()

    assert_settled()
    assert_sums_follow_facts()
    assert remaining_of_plant() == remaining_by_the_rules()
    assert (remaining_of_plant().orders, remaining_of_plant().issues.high) == (2, 2)
    assert recounting.mark_miscounted(DEFAULT_TENANT) == 0
    assert standing("marker") == []


@pytest.mark.usefixtures("_work")
def test_stages_of_an_earlier_release_that_lack_the_priority_are_counted_by_their_issues() -> None:
    at = order_keys.stage(DEFAULT_TENANT, "ISSUE", 1)
    stored = table.get(at)
    assert stored is not None
    stage = stored.read(Stage)
    without = tuple(replace(issue, priority=None) for issue in stage.open_issues)
    table.put(
        item(
            at,
            "stage",
            replace(stage, open_issues=without),
            by_state=(str(stored.GSI1PK), str(stored.GSI1SK)),
        )
    )

    settle()

    assert_settled()
    assert remaining_of_plant().issues.high == 2


@pytest.mark.usefixtures("_work")
def test_an_order_that_ended_under_an_earlier_release_is_no_longer_counted(plant: Plant) -> None:
    settle()
    plant.planner.post("/workorders/HELD/cancel", {"reason": "not wanted"})
    markers.delete(markers.pending())

    assert recounting.mark_miscounted(DEFAULT_TENANT) == 1
    settle()

    assert_settled()
    assert remaining.of_orders(DEFAULT_TENANT).keys() == {"ISSUE", "BOTH"}


@pytest.mark.usefixtures("_work")
def test_with_another_grace_late_work_is_counted_again(set_clock: SetClock) -> None:
    set_clock.forward(5 * HOUR)
    settle()
    assert remaining_of_plant().late_orders == 2
    tenants.change(DEFAULT_TENANT, {"grace": 2 * HOUR})

    assert recounting.mark_miscounted(DEFAULT_TENANT) == 2
    settle()
    assert remaining_of_plant().late_orders == 0

    set_clock.forward(HOUR + MINUTE)
    recounting.mark_late()
    settle()
    assert remaining_of_plant().late_orders == 2


def test_many_orders_share_markers(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recounting, "ORDERS_A_MARKER", 2)
    for n in range(3):
        plant.order(id=f"WO-{n}")
    forget()

    assert recounting.mark_miscounted(DEFAULT_TENANT) == 3
    assert sorted(len(marker.order_ids) for marker in markers.pending()) == [1, 2]


def test_what_is_late_is_marked_once_however_often_it_is_looked_for(plant: Plant, set_clock: SetClock) -> None:
    plant.order(id="LATE")
    settle()
    set_clock.forward(HOUR + timedelta(milliseconds=1))

    for _ in range(3):
        recounting.mark_late()

    (marker,) = markers.pending()
    assert (marker.order_ids, marker.touched) == (("LATE",), None)
    settle()
    assert remaining_of_plant().late_orders == 1
    recounting.mark_late()
    assert markers.pending() == []


def test_where_nothing_remains_an_order_is_in_no_list(plant: Plant) -> None:
    plant.order(id="OVER")
    settle()
    plant.planner.post("/workorders/OVER/cancel", {"reason": "not wanted"})
    settle()

    stored = table.get(keys.remaining_of_order(DEFAULT_TENANT, "OVER"))

    assert stored is not None
    assert stored.read(OrderRemaining) == OrderRemaining()
    assert {stored.GSI1PK, stored.GSI2PK} == {None}
    assert remaining_of_plant() == Remaining()
