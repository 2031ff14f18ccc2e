"""What a stage needs from the stage before it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.orders.flows import Flow, Progress, last_position, overdrawn, upstream, waits_for
from chalicelib.domain.orders.statuses import StageStatus

PLANNED, IN_PROGRESS, PAUSED, DONE, SKIPPED, CANCELLED = StageStatus


def at(status: StageStatus, good: int = 0, taken: int | None = None) -> Progress:
    return Progress(status, Decimal(good), Decimal(good if taken is None else taken))


@pytest.mark.parametrize("flow", Flow)
def test_the_first_stage_waits_for_nothing(flow: Flow) -> None:
    assert waits_for(flow, [at(PLANNED), at(PLANNED)], 1) is None


@pytest.mark.parametrize("before", StageStatus)
def test_in_a_free_flow_no_stage_waits(before: StageStatus) -> None:
    assert waits_for(Flow.FREE, [at(before), at(PLANNED)], 2) is None
    assert waits_for(Flow.FREE, [], 2) is None  # an order from before its head told of its stages


@pytest.mark.parametrize("before", [PLANNED, IN_PROGRESS, PAUSED, CANCELLED])
def test_in_a_sequential_flow_the_stage_before_must_be_done(before: StageStatus) -> None:
    assert waits_for(Flow.SEQUENTIAL, [at(before, good=9), at(PLANNED)], 2) == 1
    assert waits_for(Flow.SEQUENTIAL, [at(DONE), at(PLANNED)], 2) is None


@pytest.mark.parametrize("before", [PLANNED, IN_PROGRESS, PAUSED, DONE])
def test_in_a_streaming_flow_the_stage_before_must_have_good_pieces(before: StageStatus) -> None:
    assert waits_for(Flow.STREAMING, [at(before), at(PLANNED)], 2) == 1
    assert waits_for(Flow.STREAMING, [at(before, good=1), at(PLANNED)], 2) is None


def test_before_is_the_nearest_stage_that_is_not_skipped() -> None:
    stages = [at(DONE), at(SKIPPED), at(SKIPPED), at(PLANNED)]
    assert upstream(stages, 4) == 1
    assert waits_for(Flow.SEQUENTIAL, stages, 4) is None
    assert upstream([at(SKIPPED), at(PLANNED)], 2) is None


def test_the_last_stage_is_the_last_one_that_is_not_skipped() -> None:
    assert last_position([at(PLANNED), at(PLANNED), at(SKIPPED)]) == 2
    assert last_position([at(SKIPPED)]) is None
    assert last_position([]) is None


def test_a_stage_that_used_up_more_than_was_given_is_found() -> None:
    stages = [at(DONE, good=5), at(SKIPPED, good=9, taken=9), at(IN_PROGRESS, good=2, taken=6)]
    assert overdrawn(Flow.STREAMING, stages) == 3
    assert overdrawn(Flow.FREE, stages) is None
    assert overdrawn(Flow.SEQUENTIAL, stages) is None
    assert overdrawn(Flow.STREAMING, [at(DONE, good=6), *stages[1:]]) is None


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6).map(lambda made: sorted(made, reverse=True)))
def test_what_never_grows_along_the_way_is_never_overdrawn(made: list[int]) -> None:
    assert overdrawn(Flow.STREAMING, [at(IN_PROGRESS, good=each) for each in made]) is None
