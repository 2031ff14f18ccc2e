"""Aggregation: from markers to facts and days, writing what differs; crashes and other runs change nothing."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.markers import Marker
from chalicelib.domain.records import Session, SessionKind
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.domain.work_orders import OrderNotFound
from chalicelib.services import aggregation, projections
from chalicelib.storage import aggregates, keys, markers, stages, table, work_orders
from chalicelib.storage.items import Item
from chalicelib.storage.table import ConditionFailed
from tests.conftest import SetClock, Told
from tests.disturbances import Crash, after, cancelled, crash, raising, times
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import standing, watched
from tests.services.aggregating import assert_settled, listed, run, settle, snapshot, standing_facts

MONDAY = date(2026, 1, 5)


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """A stage on which the worker worked from Monday morning to Tuesday, paused."""
    stage = str(plant.order(id="WO-1", planned_end=(MORNING + 48 * HOUR).isoformat())["stages"][0]["id"])
    plant.worker.post(f"/stages/{stage}/start")
    set_clock.forward(24 * HOUR)
    plant.worker.post(f"/stages/{stage}/report", {"good": 2})
    plant.worker.post(f"/stages/{stage}/pause")
    return stage


def book(plant: Plant, stage: str, hours: int, **fields: Any) -> None:
    """Book a session of so many hours that ends now."""
    now = MORNING + 24 * HOUR
    body = {"started_at": (now - hours * HOUR).isoformat(), "ended_at": now.isoformat()} | fields
    assert plant.planner.post(f"/stages/{stage}/sessions", body).status == 201


def revisions() -> dict[str, int]:
    """The revisions of projections and days."""
    made = [*standing("projection"), *standing("daily")]
    return {f"{each.PK} {each.SK}": int(each.revision or 0) for each in made}


def test_a_session_over_midnight_touches_both_days(plant: Plant, stage: str) -> None:
    assert plant.worker.get(f"/stages/{stage}").data["status"] == "paused"

    settle()

    assert_settled()
    assert sorted(day for day, _ in standing_facts()) == ["T#default#DAY#2026-01-05", "T#default#DAY#2026-01-06"]
    monday, tuesday = aggregates.dailies(DEFAULT_TENANT, MONDAY, date(2026, 1, 6))
    assert [monday.sums.time.pieces, tuesday.sums.time.pieces] == [Decimal(0), Decimal(2)]


def test_a_stage_that_ended_leaves_its_workers_lists(plant: Plant, stage: str) -> None:
    plant.worker.post(f"/stages/{stage}/done")
    assert listed() != set()

    settle()

    assert listed() == set()
    assert stages.of_worker(DEFAULT_TENANT, plant.worker.id, limit=10, cursor=None, filters=None).items == []
    assert_settled()


def test_a_list_that_lost_a_stage_gets_it_back(plant: Plant, stage: str) -> None:
    key = keys.assignment(DEFAULT_TENANT, "WO-1", 1, plant.worker.id)
    table.transact([], updates=[(key, [Item.GSI2PK.remove(), Item.GSI2SK.remove()])])
    assert listed() == set()

    settle()

    assert listed() == {(f"T#default#WORKER#{plant.worker.id}", stage)}


def test_a_day_that_lost_a_fact_forgets_it(plant: Plant, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settle()
    book(plant, stage, hours=40)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(projections, "facts_of", lambda *_: {})
        settle()
    assert standing_facts() == {}

    markers.write(Marker("m", DEFAULT_TENANT, order_ids=("WO-1",)))
    settle()

    assert_settled()


def test_what_comes_out_the_same_still_raises_the_revision_and_touches_no_day(stage: str) -> None:
    settle()
    before = revisions()
    markers.write(Marker("m", DEFAULT_TENANT, order_ids=("WO-1",)))

    outcome = run()

    assert (outcome.made, outcome.markers) == (1, 1)
    assert revisions() == before | {"T#default#ORDER#WO-1 PROJECTION": 2}
    markers.write(Marker("m", DEFAULT_TENANT, days=(MONDAY,)))
    run()
    assert revisions()[f"T#default#DAILY#none {MONDAY}"] == 2
    assert_settled()


@pytest.mark.parametrize("sessions", [96, 97])
def test_more_than_98_actions_take_several_steps(stage: str, sessions: int) -> None:
    order = work_orders.load(DEFAULT_TENANT, "WO-1")
    known = [Session(f"s{n}", stage, "w", SessionKind.RUN, MORNING, MORNING, MORNING, "w") for n in range(sessions)]
    table.batch_put([work_orders.session_item(DEFAULT_TENANT, order, session) for session in known])
    facts = 2 + sessions

    with watched() as called:
        settle()

    assert_settled()
    assert len(standing_facts()) == facts
    steps = -(-facts // 98)
    assert called.count("TransactWriteItems") == steps
    assert revisions()["T#default#ORDER#WO-1 PROJECTION"] == steps


def test_a_crash_between_any_two_requests_changes_nothing_in_the_end(
    plant: Plant, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projections, "STEP", 2)
    book(plant, stage, hours=40)
    restore, requests = snapshot(), 0
    with watched() as called:
        settle()

    for requests in range(len(called)):
        restore()
        with watched(after(requests, crash)), pytest.raises(Crash):
            settle()
        settle()
        assert_settled()

    assert requests > 20


@pytest.mark.parametrize("wanted", ["GetItem", "Query", "TransactWriteItems", "PutItem", "BatchWriteItem"])
def test_a_run_that_overtakes_another_is_not_undone(plant: Plant, stage: str, wanted: str) -> None:
    def overtake() -> None:
        book(plant, stage, hours=40)
        settle()

    with watched(times(1, overtake, wanted)):
        outcome = run()

    settle()
    assert_settled()
    assert outcome.failed == 0


def test_a_slower_run_cannot_put_older_sums_back(plant: Plant, stage: str) -> None:
    settle()
    markers.write(Marker("m", DEFAULT_TENANT, days=(MONDAY,)))

    def overtake() -> None:
        book(plant, stage, hours=40)
        settle()

    with watched(times(1, overtake, "PutItem")), pytest.raises(ConditionFailed):
        aggregation.remake_day(DEFAULT_TENANT, MONDAY)

    assert_settled()


def test_a_slower_projection_cannot_put_older_facts_back(plant: Plant, stage: str) -> None:
    def overtake() -> None:
        book(plant, stage, hours=40)
        settle()

    with watched(times(1, overtake)), pytest.raises(ConditionFailed):
        projections.project(DEFAULT_TENANT, "WO-1")

    assert_settled()


def test_an_assignment_that_is_taken_away_meanwhile_is_not_brought_back(plant: Plant, stage: str) -> None:
    key = keys.assignment(DEFAULT_TENANT, "WO-1", 1, plant.worker.id)
    table.transact([], updates=[(key, [Item.GSI2PK.remove(), Item.GSI2SK.remove()])])

    def taken_away() -> None:
        assert plant.planner.put(f"/stages/{stage}/assignees", {"user_ids": []}).status == 200

    with watched(times(1, taken_away)):
        outcome = run()

    assert outcome.outrun == 1
    assert standing("assignment") == []
    settle()
    assert_settled()


@pytest.mark.parametrize("error", [RuntimeError("broken"), OrderNotFound("gone")])
def test_a_bucket_that_fails_stops_no_other_and_keeps_its_marker(
    plant: Plant, stage: str, monkeypatch: pytest.MonkeyPatch, told: Told, error: Exception
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

    assert (outcome.made, outcome.failed, outcome.markers) == (2, 3, 2)
    assert [marker.order_ids for marker in markers.pending()] == [("WO-1",)]
    failure = next(line for line in told() if line["level"] == "ERROR")
    assert failure["bucket"] == ["order", "default", "WO-1"]
    assert type(error).__name__ in failure["exception"]
    settle()
    assert_settled()
    assert plant.worker.get(f"/stages/{stage}").status == 200


def test_a_collision_keeps_the_marker_and_is_no_failure(stage: str) -> None:
    with watched(times(1, raising(cancelled("TransactionConflict")))):
        outcome = run()

    assert (outcome.outrun, outcome.failed, outcome.markers) == (1, 0, 0)
    settle()
    assert_settled()
    assert stage == "WO-1-01"


@pytest.mark.usefixtures("stage")
def test_a_run_deletes_exactly_the_markers_it_read(plant: Plant) -> None:
    late = Marker("late", DEFAULT_TENANT, days=(MONDAY,))

    with watched(times(1, lambda: markers.write(late), "BatchWriteItem")):
        outcome = aggregation._round(markers.pending(), lambda: timedelta(minutes=1))

    assert outcome.markers == 1
    assert late in markers.pending()


@pytest.mark.usefixtures("stage")
def test_a_run_ends_in_time_and_leaves_the_rest(plant: Plant) -> None:
    book(plant, plant.order(id="WO-2")["stages"][0]["id"], hours=1)
    left = [timedelta(minutes=1), timedelta(seconds=9)]

    outcome = aggregation.aggregate(lambda: left.pop(0) if left else timedelta(0))

    assert outcome.made == 1
    settle()
    assert_settled()


def test_a_run_does_not_go_on_for_ever(stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    marker = Marker("m", DEFAULT_TENANT, order_ids=("WO-1",))
    monkeypatch.setattr(markers, "delete", lambda _: None)
    markers.write(marker)

    assert run().markers >= aggregation.MOST_ROUNDS
    assert marker in markers.pending()
    assert stage == "WO-1-01"


def test_the_cost_of_an_order_does_not_grow_with_history(plant: Plant, stage: str, set_clock: SetClock) -> None:
    def cost() -> list[str]:
        book(plant, stage, hours=1)
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
    plant: Plant, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[[], list[Marker]] = markers.pending
    monkeypatch.setattr(markers, "pending", lambda: list(reversed(real())))
    plant.worker.post(f"/stages/{stage}/done")
    for n in range(3):
        markers.write(Marker(f"m{n}", DEFAULT_TENANT, order_ids=("WO-1",), days=(MONDAY,)))

    settle()

    assert_settled()
