"""Projections: from an order to its facts and its workers' lists. Only differences are written, in steps."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.markers import Marker
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.projections import ProjectedFact, Projection
from chalicelib.domain.orders.session_records import Session, SessionKind
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.numbers import projections
from chalicelib.storage import markers, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import orders as keys
from chalicelib.storage.numbers import daily_sums
from chalicelib.storage.orders import order_items, stages, work_orders
from tests.conftest import Told
from tests.disturbances import Crash, after, crash
from tests.floor import MORNING, Plant
from tests.machines import standing, watched
from tests.services.aggregating import (
    assert_settled,
    assert_sums_follow_facts,
    book,
    listed,
    run,
    settle,
    standing_facts,
)

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
    monday, tuesday = daily_sums.between(DEFAULT_TENANT, MONDAY, date(2026, 1, 6))
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


@pytest.mark.parametrize("change", [{"void": True}, {"ended_at": "2026-01-05T08:10:00Z"}])
def test_a_session_that_gets_shorter_leaves_the_time_of_others(
    plant: Plant, worked_stage: str, change: dict[str, Any]
) -> None:
    second = plant.order(id="WO-2")["stages"][0]["id"]
    book(plant, second, hours=1)
    settle()
    (session,) = plant.planner.get(f"/stages/{worked_stage}/sessions").items
    corrected = plant.planner.post(
        f"/stages/{worked_stage}/sessions/{session['id']}/correct", {"reason": "wrong"} | change
    )
    assert corrected.status == 200

    settle()

    assert_settled()
    assert_sums_follow_facts()


def test_sums_of_an_earlier_release_are_made_from_all_facts(plant: Plant, worked_stage: str) -> None:
    settle()
    (monday, tuesday) = daily_sums.between(DEFAULT_TENANT, MONDAY, date(2026, 1, 6))
    for made in (monday, tuesday):
        daily_sums.put(DEFAULT_TENANT, replace(made, sums=DaySums(), covered=None, revision=made.revision + 1))
    book(plant, worked_stage, hours=40)

    settle()

    assert_settled()
    assert_sums_follow_facts()


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
    with watched(after(20, crash)), pytest.raises(Crash):
        settle()
    assert 0 < len(entries()) < 3
    monkeypatch.setattr(projections, "facts_of", lambda *_: {})
    settle()

    assert standing_facts() == {}


@pytest.mark.usefixtures("plant")
def test_a_marker_of_an_order_that_does_not_exist_is_let_go_of(told: Told) -> None:
    markers.write(Marker("m", DEFAULT_TENANT, order_ids=("NEVER",)))

    outcome = run()

    assert (outcome.failed, outcome.markers, markers.pending()) == (0, 1, [])
    (line,) = [line for line in told() if line["level"] == "WARNING"]
    assert (line["order_id"], line["tenant"]) == ("NEVER", DEFAULT_TENANT)
    assert (standing("projection"), standing("daily")) == ([], [])
