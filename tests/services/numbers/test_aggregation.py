"""A run of aggregation: round after round while markers wait; a failed one keeps its marker and stops no other."""

from collections.abc import Callable, Collection
from datetime import date, timedelta

import pytest

from chalicelib import ids
from chalicelib.domain.markers import Clearing, Fate, MachineHour, Marker
from chalicelib.domain.orders.work_orders import OrderNotFound
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.boards.boards import untold
from chalicelib.services.numbers import aggregation, projections
from chalicelib.storage import markers, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.shape import Key
from tests.conftest import SetClock, Told
from tests.disturbances import cancelled, raising, times
from tests.floor import MINUTE, Plant
from tests.machines import standing, watched
from tests.services.aggregating import assert_settled, book, run, settle

MONDAY = date(2026, 1, 5)


@pytest.mark.parametrize("error", [RuntimeError("broken"), OrderNotFound("gone")])
def test_a_bucket_that_fails_stops_no_other_and_keeps_its_marker(
    plant: Plant, worked_stage: str, monkeypatch: pytest.MonkeyPatch, told: Told, error: Exception
) -> None:
    second = plant.order(id="WO-2")["stages"][0]["id"]
    book(plant, second, hours=1)
    real = projections.project

    def fails(tenant: str, order_id: str) -> None:
        if order_id == "WO-1":
            raise error
        real(tenant, order_id)

    with monkeypatch.context() as broken:
        broken.setattr(projections, "project", fails)
        outcome = run()

    assert (outcome.made, outcome.failed, outcome.markers) == (1, 2, 2)
    assert {marker.order_ids for marker in markers.pending()} == {("WO-1",)}
    failure = next(line for line in told() if line["level"] == "ERROR")
    assert failure["bucket"] == ["order", "default", "WO-1"]
    assert type(error).__name__ in failure["exception"]
    settle()
    assert_settled()
    assert plant.worker.get(f"/stages/{worked_stage}").status == 200


def test_a_collision_keeps_the_marker_and_is_no_failure(worked_stage: str) -> None:
    with watched(times(1, raising(cancelled("TransactionConflict")))):
        outcome = run()

    assert (outcome.outrun, outcome.failed, outcome.markers) == (1, 0, 0)
    settle()
    assert_settled()
    assert worked_stage == "WO-1-01"


@pytest.mark.usefixtures("worked_stage")
def test_a_run_deletes_exactly_the_markers_it_read(plant: Plant) -> None:
    late = Marker("late", DEFAULT_TENANT, days=(MONDAY,))

    with watched(times(1, lambda: markers.write(late), "BatchWriteItem")):
        outcome, _ = aggregation._round(markers.pending(), lambda: timedelta(minutes=1), set(), untold)

    assert outcome.markers == 2
    assert markers.pending() == [late]


@pytest.mark.usefixtures("worked_stage")
def test_a_run_ends_in_time_and_leaves_the_rest(plant: Plant) -> None:
    book(plant, plant.order(id="WO-2")["stages"][0]["id"], hours=1)
    left = [timedelta(minutes=1), timedelta(seconds=9)]

    outcome = aggregation.aggregate(lambda: left.pop(0) if left else timedelta(0))

    assert outcome.made == 1
    settle()
    assert_settled()


@pytest.mark.parametrize(("left", "goes_on"), [(timedelta(seconds=10), True), (timedelta(seconds=9.999), False)])
def test_a_bucket_is_begun_only_while_ten_seconds_are_left(worked_stage: str, left: timedelta, goes_on: bool) -> None:  # noqa: FBT001
    outcome = aggregation.aggregate(lambda: left)

    assert (outcome.made > 0) is goes_on
    assert (markers.pending() == []) is goes_on
    assert worked_stage == "WO-1-01"


def test_a_run_does_not_go_on_for_ever(worked_stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = Marker("m", DEFAULT_TENANT, order_ids=("WO-1",))
    monkeypatch.setattr(markers, "delete", lambda _: None)
    markers.write(marker)

    assert run().markers >= aggregation.MOST_ROUNDS
    assert marker in markers.pending()
    assert worked_stage == "WO-1-01"


def test_the_cost_of_an_order_does_not_grow_with_history(plant: Plant, worked_stage: str, set_clock: SetClock) -> None:
    def cost() -> list[str]:
        book(plant, worked_stage, hours=1)
        with watched() as called:
            settle()
        return called

    settle()
    first = cost()
    for n in range(10):
        book(plant, plant.order(id=f"OLD-{n}")["stages"][0]["id"], hours=1)
        set_clock.forward(MINUTE)
    settle()

    assert cost() == first


def test_markers_in_any_order_and_any_number_come_to_the_same(
    plant: Plant, worked_stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[Collection[str]], list[Marker]] = markers.pending
    monkeypatch.setattr(markers, "pending", lambda buckets: list(reversed(real(buckets))))
    plant.worker.post(f"/stages/{worked_stage}/done")
    for n in range(3):
        markers.write(Marker(f"m{n}", DEFAULT_TENANT, order_ids=("WO-1",), days=(MONDAY,)))

    settle()

    assert_settled()


@pytest.mark.usefixtures("worked_stage")
def test_a_marker_that_cannot_be_read_stays_is_told_and_stops_no_other(told: Told) -> None:
    broken = keys.marker("0", DEFAULT_TENANT, "DAYS", "broken")
    table.put(item(broken, "marker", {"tenant": 5}))

    outcome = run()

    assert outcome.failed > 0
    assert_settled()
    assert [(each.id, each.tenant) for each in markers.pending()] == [(broken.sk, "")]
    assert [each.id for each in aggregation.unreadable()] == [broken.sk]
    failure = next(line for line in told() if line["level"] == "ERROR")
    assert failure["bucket"] == ["marker", broken.sk]
    assert "exception" in failure


def test_a_marker_that_stands_by_its_id_alone_is_still_worked_and_deleted(worked_stage: str) -> None:
    waiting, _ = markers.pending()
    markers.delete([waiting])
    table.put(item(Key("DIRTY#0", waiting.id), "marker", waiting))

    settle()

    assert_settled()
    assert standing("marker") == []
    assert worked_stage == "WO-1-01"


@pytest.mark.usefixtures("table")
def test_numbers_are_behind_by_what_waits_longest_beyond_what_its_tenant_allows(set_clock: SetClock) -> None:
    def behind() -> timedelta:
        return aggregation.behind(markers.BUCKETS)

    hour = MachineHour("M1", set_clock())
    assert behind() == timedelta(0)
    markers.write(Marker(ids.new(), DEFAULT_TENANT, clearings=(Clearing(Fate.DELETE),), at=set_clock()))
    markers.write(Marker(ids.new(), DEFAULT_TENANT, machine_hours=(hour,), at=set_clock()))
    assert behind() == timedelta(0)
    set_clock.forward(7 * MINUTE)
    assert behind() == 2 * MINUTE
    markers.write(Marker("late-WO-1", DEFAULT_TENANT, order_ids=("WO-1",)))
    table.put(item(keys.marker("0", DEFAULT_TENANT, "DAYS", "broken"), "marker", {"tenant": 5}))
    assert behind() == 2 * MINUTE
    order = Marker(ids.new(), DEFAULT_TENANT, order_ids=("WO-1",))
    markers.write(order)
    made_at = ids.made_at(order.id)
    assert made_at is not None
    set_clock.set(made_at + 11 * MINUTE)
    markers.delete([each for each in markers.pending() if each.machine_hours])
    assert behind() == 11 * MINUTE
