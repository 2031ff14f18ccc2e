"""Projections: from an order to its facts and its workers' lists. Only differences are written, in steps."""

from datetime import date
from decimal import Decimal

import pytest

from chalicelib.domain.markers import Marker
from chalicelib.domain.orders.session_records import Session, SessionKind
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.numbers import projections
from chalicelib.storage import markers, table
from chalicelib.storage.items import Item
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.orders import order_items, stages, work_orders
from tests.floor import MORNING, Plant
from tests.machines import standing, watched
from tests.services.aggregating import assert_settled, book, listed, run, settle, standing_facts

MONDAY = date(2026, 1, 5)


def revisions() -> dict[str, int]:
    """The revisions of projections and days."""
    made = [*standing("projection"), *standing("daily")]
    return {f"{each.PK} {each.SK}": int(each.revision or 0) for each in made}


def test_a_session_over_midnight_touches_both_days(plant: Plant, worked_stage: str) -> None:
    assert plant.worker.get(f"/stages/{worked_stage}").data["status"] == "paused"

    settle()

    assert_settled()
    assert sorted(day for day, _ in standing_facts()) == ["T#default#DAY#2026-01-05", "T#default#DAY#2026-01-06"]
    monday, tuesday = aggregates.dailies(DEFAULT_TENANT, MONDAY, date(2026, 1, 6))
    assert [monday.sums.time.pieces, tuesday.sums.time.pieces] == [Decimal(0), Decimal(2)]


def test_a_stage_that_ended_leaves_its_workers_lists(plant: Plant, worked_stage: str) -> None:
    plant.worker.post(f"/stages/{worked_stage}/done")
    assert listed() != set()

    settle()

    assert listed() == set()
    assert stages.of_worker(DEFAULT_TENANT, plant.worker.id, limit=10, cursor=None, filters=None).items == []
    assert_settled()


def test_a_list_that_lost_a_stage_gets_it_back(plant: Plant, worked_stage: str) -> None:
    key = keys.assignment(DEFAULT_TENANT, "WO-1", 1, plant.worker.id)
    table.transact([], updates=[(key, [Item.GSI2PK.remove(), Item.GSI2SK.remove()])])
    assert listed() == set()

    settle()

    assert listed() == {(f"T#default#WORKER#{plant.worker.id}", worked_stage)}


def test_a_day_that_lost_a_fact_forgets_it(plant: Plant, worked_stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settle()
    book(plant, worked_stage, hours=40)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(projections, "facts_of", lambda *_: {})
        settle()
    assert standing_facts() == {}

    markers.write(Marker("m", DEFAULT_TENANT, order_ids=("WO-1",)))
    settle()

    assert_settled()


def test_what_comes_out_the_same_still_raises_the_revision_and_touches_no_day(worked_stage: str) -> None:
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


def test_more_than_98_actions_take_several_steps(worked_stage: str) -> None:
    order = work_orders.load(DEFAULT_TENANT, "WO-1")
    span = (MORNING, MORNING, MORNING)
    known = [Session(f"s{n}", worked_stage, "w", SessionKind.RUN, *span, "w") for n in range(97)]
    table.batch_put([order_items.session_item(DEFAULT_TENANT, order, session) for session in known])

    with watched() as called:
        settle()

    assert_settled()
    assert len(standing_facts()) == 99
    assert called.count("TransactWriteItems") == 2
    assert revisions()["T#default#ORDER#WO-1 PROJECTION"] == 2
