"""Disturbed aggregation: crashes, and runs that overtake each other, do not change the result."""

from datetime import date

import pytest

from chalicelib.domain.markers import Marker
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.numbers import daily_sums, projections
from chalicelib.storage import markers, table
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.items import Item
from chalicelib.storage.keys import orders as keys
from tests.disturbances import Crash, after, crash, times
from tests.floor import Plant
from tests.machines import standing, watched
from tests.services.aggregating import assert_settled, book, run, settle
from tests.standing import Standing

MONDAY = date(2026, 1, 5)


def test_a_crash_between_any_two_requests_changes_nothing_in_the_end(
    plant: Plant, worked_stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(projections, "STEP", 2)
    book(plant, worked_stage, hours=40)
    before, requests = Standing(), 0
    with watched() as called:
        settle()

    for requests in range(len(called)):
        before.put_back()
        with watched(after(requests, crash)), pytest.raises(Crash):
            settle()
        settle()
        assert_settled()

    assert requests > 20


@pytest.mark.parametrize("wanted", ["GetItem", "Query", "TransactWriteItems", "PutItem", "BatchWriteItem"])
def test_a_run_that_overtakes_another_is_not_undone(plant: Plant, worked_stage: str, wanted: str) -> None:
    def overtake() -> None:
        book(plant, worked_stage, hours=40)
        settle()

    with watched(times(1, overtake, wanted)):
        outcome = run()

    settle()
    assert_settled()
    assert outcome.failed == 0


def test_a_slower_run_cannot_put_older_sums_back(plant: Plant, worked_stage: str) -> None:
    settle()
    markers.write(Marker("m", DEFAULT_TENANT, days=(MONDAY,)))

    def overtake() -> None:
        book(plant, worked_stage, hours=40)
        settle()

    with watched(times(1, overtake, "PutItem")), pytest.raises(ConditionFailed):
        daily_sums.remake(DEFAULT_TENANT, MONDAY)

    assert_settled()


def test_a_slower_projection_cannot_put_older_facts_back(plant: Plant, worked_stage: str) -> None:
    def overtake() -> None:
        book(plant, worked_stage, hours=40)
        settle()

    with watched(times(1, overtake)), pytest.raises(ConditionFailed):
        projections.project(DEFAULT_TENANT, "WO-1")

    assert_settled()


def test_an_assignment_that_is_taken_away_meanwhile_is_not_brought_back(plant: Plant, worked_stage: str) -> None:
    key = keys.assignment(DEFAULT_TENANT, "WO-1", 1, plant.worker.id)
    table.transact([], updates=[(key, [Item.GSI2PK.remove(), Item.GSI2SK.remove()])])

    def taken_away() -> None:
        assert plant.planner.put(f"/stages/{worked_stage}/assignees", {"user_ids": []}).status == 200

    with watched(times(1, taken_away)):
        outcome = run()

    assert outcome.outrun == 1
    assert standing("assignment") == []
    settle()
    assert_settled()
