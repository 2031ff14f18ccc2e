"""Projections: from an order to its facts and its workers' lists. Only differences are written, in steps."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.markers import Marker
from chalicelib.domain.numbers.days import facts_of
from chalicelib.domain.numbers.projections import ProjectedFact, Projection
from chalicelib.domain.orders.session_records import Session, SessionKind
from chalicelib.domain.orders.work_orders import Order, order_id_of
from chalicelib.domain.tenants import DEFAULT_SETTINGS, DEFAULT_TENANT
from chalicelib.services.numbers import projections
from chalicelib.services.tenants import settings_of
from chalicelib.storage import markers, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.numbers import aggregates
from chalicelib.storage.numbers.aggregates import Projected
from chalicelib.storage.orders import order_items, stages, work_orders
from chalicelib.storage.orders.work_orders import Worked
from tests.conftest import Told
from tests.disturbances import Crash, after, crash
from tests.floor import MINUTE, MORNING, Plant
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


def test_a_stage_that_ended_leaves_the_list_of_what_its_worker_has_to_do(plant: Plant, worked_stage: str) -> None:
    ended = {(f"T#default#WORKER#{plant.worker.id}#ENDED", worked_stage)}
    assert listed() not in (set(), ended)
    plant.worker.post(f"/stages/{worked_stage}/done")
    assert listed() == ended

    settle()

    assert listed() == ended
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


def test_more_than_98_writes_take_several_steps(worked_stage: str) -> None:
    order = work_orders.load(DEFAULT_TENANT, "WO-1")
    span = (MORNING, MORNING, MORNING)
    known = [Session(f"s{n}", worked_stage, "w", SessionKind.RUN, *span, "w") for n in range(48)]
    table.batch_put([order_items.session_item(DEFAULT_TENANT, order, session) for session in known])

    with watched() as called:
        settle()

    assert_settled()
    assert len(standing_facts()) == 50
    assert called.count("TransactWriteItems") == 2
    assert revisions()["T#default#ORDER#WO-1 PROJECTION"] == 2


def entries() -> set[str]:
    """Where the entries of a projection stand, without their partition."""
    return {each.SK for each in standing("projected")}


def test_every_fact_has_an_entry_and_loses_it_with_the_fact(
    plant: Plant, worked_stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(plant, worked_stage, hours=40)
    settle()

    assert entries() == {f"PROJECTION#{pk.rpartition('#')[2]}#{sk}" for pk, sk in standing_facts()}

    book(plant, worked_stage, hours=1)
    monkeypatch.setattr(projections, "facts_of", lambda *_: {})
    settle()

    assert (entries(), standing_facts()) == (set(), {})


def noted_on_the_head() -> None:
    """Make a projection what it was before facts had entries: all of them noted on its head."""
    facts = tuple(each.read(ProjectedFact) for each in standing("projected"))
    table.batch_delete(standing("projected"))
    (head,) = standing("projection")
    table.put(item(head.key, "projection", Projection(facts), revision=int(head.revision or 0)))


@pytest.mark.parametrize("step", [2, 98])
def test_facts_that_are_noted_on_the_head_get_entries_with_the_next_change(
    plant: Plant, worked_stage: str, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    monkeypatch.setattr(projections, "STEP", step)
    settle()
    noted_on_the_head()
    table.batch_delete([each for each in standing("session") if "2026-01-05" in each.SK])  # as if it were corrected
    book(plant, worked_stage, hours=1)

    settle()

    assert_settled()
    assert len(entries()) == len(standing_facts()) == 1
    (head,) = standing("projection")
    assert head.read(Projection).facts == ()


def test_a_crash_while_facts_get_entries_loses_none(
    plant: Plant, worked_stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projections, "STEP", 2)
    settle()
    noted_on_the_head()
    book(plant, worked_stage, hours=1)
    with watched(after(11, crash)), pytest.raises(Crash):
        settle()
    assert 0 < len(entries()) < 3
    monkeypatch.setattr(projections, "facts_of", lambda *_: {})
    settle()

    assert standing_facts() == {}


def written_for_one_more(order: Order, times: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is sent to the table when an order of so many sessions gets one more; its past is told, not stored."""
    sessions = [
        Session(f"s{n:05d}", order.stages[0].id, "w", SessionKind.RUN, at, at + MINUTE, at, "w")
        for n in range(times + 1)
        for at in [MORNING + (n % 600) * MINUTE]
    ]
    facts = facts_of(order, sessions[:-1], DEFAULT_SETTINGS).items()
    entries = {key: ProjectedFact(key, aggregates.digest_of(fact)) for key, fact in facts}
    sent: list[str] = []

    def note(operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
        assert operation == "TransactWriteItems"
        sent.append(json.dumps(parameters["TransactItems"], default=str))
        return {}

    with monkeypatch.context() as told:
        told.setattr(aggregates, "projection", lambda *_: Projected(Projection(revision=7), entries))
        told.setattr(work_orders, "load_worked", lambda *_: Worked(order, sessions, {}))
        with watched(note):
            projections.project(DEFAULT_TENANT, "WO-1")
    return sent


def test_one_more_session_writes_as_much_with_ten_sessions_as_with_ten_thousand(
    worked_stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = work_orders.load(DEFAULT_TENANT, order_id_of(worked_stage))
    settings_of(DEFAULT_TENANT)

    (few,), (many,) = (written_for_one_more(order, times, monkeypatch) for times in (10, 10_000))

    assert few.count('"Put"') == many.count('"Put"') == 4  # the head, the fact, its entry, and the marker
    assert len(few) == len(many)


@pytest.mark.usefixtures("plant")
def test_a_marker_of_an_order_that_does_not_exist_is_let_go_of(told: Told) -> None:
    markers.write(Marker("m", DEFAULT_TENANT, order_ids=("NEVER",)))

    outcome = run()

    assert (outcome.failed, outcome.markers, markers.pending()) == (0, 1, [])
    (line,) = [line for line in told() if line["level"] == "WARNING"]
    assert (line["order_id"], line["tenant"]) == ("NEVER", DEFAULT_TENANT)
    assert (standing("projection"), standing("daily")) == ([], [])
