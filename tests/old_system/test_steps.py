"""The commands that are missing on a stage, whatever Takip knows of it already."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.orders.session_records import OpenSession, Session
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.planning.opening import NewOrder, NewStage, open_order
from infra.old_system.plant import OldStage, Span
from infra.old_system.steps import Crew, steps_of
from tests.old_system.stepping import CREW, PLANNER, brought

BEGAN = datetime(2025, 11, 3, 8, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return BEGAN + timedelta(minutes=minutes)


def opened() -> Order:
    new = NewOrder("P", Decimal(10), at(0), at(600), stages=(NewStage("s"),))
    return open_order(new, PLANNER, "old-1", BEGAN)


def moments(most: int) -> st.SearchStrategy[list[int]]:
    return st.lists(st.integers(0, 500), min_size=most, max_size=most).map(sorted)


@st.composite
def histories(draw: st.DrawFn) -> list[OldStage]:
    """A stage as several runs find it: it begins, pauses, goes on and is done, and more is made of it."""
    a, b, c, d = draw(moments(4))
    spans: list[tuple[tuple[Span, ...], datetime | None]] = [
        ((), None),
        (((at(a), None),), None),
        (((at(a), at(b)),), None),
        (((at(a), at(b)), (at(c), None)), None),
        (((at(a), at(b)), (at(c), at(d))), at(d)),
    ]
    seen = sorted(draw(st.sets(st.integers(0, 4), min_size=1)))
    goods = sorted(draw(st.lists(st.integers(0, 20), min_size=len(seen), max_size=len(seen))))
    return [
        OldStage(7, "s", spans=spans[which][0], done_at=spans[which][1], good=Decimal(good if which else 0))
        for which, good in zip(seen, goods, strict=True)
    ]


@given(histories())
def test_each_run_brings_what_is_missing_and_the_next_one_nothing(history: list[OldStage]) -> None:
    order, recorded = opened(), list[Session]()
    for old in history:
        order, recorded, _ = brought(old, order, recorded)
        assert brought(old, order, recorded)[2] == []
        stage = order.stages[0]
        goes_on = any(end is None for _, end in old.spans)
        wanted = "done" if old.done_at else "in_progress" if goes_on else "paused" if old.spans else "planned"
        assert (stage.status, stage.good, stage.ended_at) == (wanted, old.good, old.done_at)
        assert [each.started_at for each in stage.open_sessions] == [start for start, end in old.spans if end is None]
    run = sum((end - start for start, end in history[-1].spans if end is not None), timedelta(0))
    assert sum((each.ended_at - each.started_at for each in recorded), timedelta(0)) == run


def test_a_pause_that_nobody_dated_grows_when_the_stage_is_done() -> None:
    order, recorded, names = brought(OldStage(7, "s", spans=((at(0), at(0)),)), opened(), [])
    assert (order.stages[0].status, names) == (StageStatus.PAUSED, ["book"])
    order, recorded, names = brought(OldStage(7, "s", spans=((at(0), at(30)),), done_at=at(30)), order, recorded)
    assert (order.stages[0].status, names) == (StageStatus.DONE, ["book", "done"])
    assert [each.ended_at - each.started_at for each in recorded] == [timedelta(0), timedelta(minutes=30)]


@pytest.mark.parametrize("status", [StageStatus.DONE, StageStatus.SKIPPED, StageStatus.CANCELLED])
def test_what_ended_in_takip_stays_so(status: StageStatus) -> None:
    stage = replace(opened().stages[0], status=status)
    assert steps_of(OldStage(7, "s", spans=((at(0), at(30)),), done_at=at(30)), stage, [], CREW) == []


def test_who_is_not_active_books_but_does_not_start() -> None:
    crew = Crew("gone", "pelin")
    stage = opened().stages[0]
    (started,) = steps_of(OldStage(7, "s", spans=((at(0), None),)), stage, [], crew)
    (booked,) = steps_of(OldStage(7, "s", spans=((at(0), at(5)),)), stage, [], crew)
    assert (started.payload.worker_id, booked.payload.worker_id) == ("pelin", "gone")


def test_who_is_at_work_in_takip_stays_at_work() -> None:
    own = OpenSession("o", "veli", at(60))
    stage = replace(opened().stages[0], status=StageStatus.IN_PROGRESS, open_sessions=(own,), started_at=at(60))
    assert [step.name for step in steps_of(OldStage(7, "s", spans=((at(0), at(30)),)), stage, [], CREW)] == ["book"]
    assert steps_of(OldStage(7, "s", spans=((at(90), None),)), stage, [], CREW) == []
