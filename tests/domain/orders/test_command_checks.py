"""Which times of a device are accepted."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.orders.command_checks import LONGEST_SESSION, endless, misplaced
from chalicelib.domain.people.users import Actor
from tests.domain.builders import (
    DAY,
    HOUR,
    MINUTE,
    MORNING,
    PELIN,
    VELI,
    a_stage,
    an_order,
    at_work,
    clock,
    finished,
    give,
    in_progress,
)


def fields(refusal: pytest.ExceptionInfo[InvalidFields]) -> list[tuple[str, str]]:
    return [(error.field, error.code) for error in refusal.value.errors]


@pytest.mark.parametrize("name", ["start", "pause", "report", "done"])
@pytest.mark.parametrize("actor", [VELI, PELIN])
def test_nobody_names_the_future_beyond_five_minutes_of_grace(name: str, actor: Actor) -> None:
    order = an_order(a_stage() if name == "start" else in_progress(at_work(actor.user_id)))
    give(order, actor, name, at=clock(9, 5), received_at=clock(9))
    with pytest.raises(InvalidFields) as refusal:
        give(order, actor, name, at=clock(9, 5) + timedelta(milliseconds=1), received_at=clock(9))
    assert fields(refusal) == [("at", "in_future")]


def test_a_worker_reaches_back_seven_days_and_planners_any_time() -> None:
    order = an_order(created_at=MORNING - 30 * DAY)
    give(order, VELI, "start", at=MORNING, received_at=MORNING + 7 * DAY)
    with pytest.raises(InvalidFields) as refusal:
        give(order, VELI, "start", at=MORNING, received_at=MORNING + 7 * DAY + MINUTE)
    assert fields(refusal) == [("at", "too_old")]
    give(order, PELIN, "start", at=MORNING, received_at=MORNING + 300 * DAY)


def test_a_worker_cannot_work_on_an_order_before_it_was_created_and_planners_can() -> None:
    order = an_order(created_at=MORNING)
    give(order, VELI, "start", at=MORNING)
    with pytest.raises(InvalidFields) as refusal:
        give(order, VELI, "start", at=MORNING - MINUTE, received_at=MORNING)
    assert fields(refusal) == [("at", "before_order")]
    give(order, PELIN, "start", at=MORNING - DAY, received_at=MORNING)


@pytest.mark.parametrize("name", ["pause", "report", "done"])
def test_no_command_speaks_of_a_session_before_it_started(name: str) -> None:
    order = an_order(in_progress(at_work(since=clock(9))))
    with pytest.raises(InvalidFields) as refusal:
        give(order, VELI, name, at=clock(8, 59))
    assert fields(refusal) == [("at", "before_start")]
    give(order, VELI, name, at=clock(9))


@pytest.mark.parametrize(
    ("ended_at", "codes"),
    [
        (MORNING - MINUTE, ["before_start"]),
        (MORNING, []),
        (MORNING + LONGEST_SESSION, []),
        (MORNING + LONGEST_SESSION + MINUTE, ["too_long"]),
    ],
)
def test_a_booked_session_may_have_no_length_and_at_most_366_days(ended_at: datetime, codes: list[str]) -> None:
    assert [error.code for error in misplaced(a_stage(), MORNING, ended_at)] == codes


def test_an_open_session_may_be_closed_at_exactly_366_days() -> None:
    assert endless(MORNING + LONGEST_SESSION, [at_work()]) == []
    errors = endless(MORNING + LONGEST_SESSION + MINUTE, [at_work(), at_work("oya", since=MORNING + DAY)])
    assert [error.code for error in errors] == ["too_long"]


def test_a_booked_session_may_end_exactly_with_its_stage() -> None:
    stage = finished()
    assert misplaced(stage, MORNING, MORNING + HOUR) == []
    assert [error.code for error in misplaced(stage, MORNING, MORNING + HOUR + MINUTE)] == ["after_end"]
