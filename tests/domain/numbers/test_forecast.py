"""When what runs will end: by its standard and by the sessions that are open now."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.orders.session_records import SessionKind
from chalicelib.domain.orders.statuses import StageStatus
from chalicelib.domain.orders.work_orders import Stage
from tests.domain.builders import (
    HOUR,
    MINUTE,
    MORNING,
    SECOND,
    a_stage,
    an_order,
    at_work,
    decimals,
    finished,
    in_progress,
    paused,
)
from tests.domain.measuring import order_measured, stage_measured, values


def running(*people: str, **fields: Any) -> Stage:
    """A stage at which people work, with a standard of ten minutes a piece."""
    return in_progress(*map(at_work, people), standard_seconds_per_unit=Decimal(600), **fields)


@pytest.mark.parametrize(("people", "left"), [(("veli",), 60), (("veli", "oya"), 30), (("veli", "oya", "can"), 20)])
def test_a_stage_ends_when_those_who_work_made_what_is_missing_at_the_standard(people: Any, left: int) -> None:
    measured = stage_measured(an_order(running(*people, good=Decimal(4))), now=MORNING + HOUR)
    end = measured.metrics["projected_end"]
    assert (end.value, end.unit) == (MORNING + HOUR + left * MINUTE, "instant")
    assert (end.numerator, end.denominator) == decimals(60, len(people))
    assert values(measured, "expected_delay") == [left - 60]


def test_a_stage_that_has_all_its_pieces_ends_now() -> None:
    measured = stage_measured(an_order(running("veli", good=Decimal(11))), now=MORNING + 3 * HOUR)
    assert values(measured, "projected_end", "expected_delay") == [MORNING + 3 * HOUR, 60]


@pytest.mark.parametrize("kind", [SessionKind.SETUP, SessionKind.BREAKDOWN, SessionKind.REWORK])
def test_a_session_that_makes_no_new_pieces_is_not_counted(kind: SessionKind) -> None:
    standard = {"standard_seconds_per_unit": Decimal(600)}
    alone = in_progress(at_work(kind=kind), **standard)
    assert stage_measured(an_order(alone)).metrics["projected_end"].reason == "no_open_session"
    beside = in_progress(at_work(kind=kind), at_work("oya"), **standard)
    assert values(stage_measured(an_order(beside)), "expected_delay") == [40]


@pytest.mark.parametrize(
    ("stage", "reason"),
    [
        (in_progress(), "no_standard"),
        (paused(standard_seconds_per_unit=Decimal(1)), "no_open_session"),
        (a_stage(standard_seconds_per_unit=Decimal(1)), "no_open_session"),
        (finished(standard_seconds_per_unit=Decimal(1)), "done"),
        (finished(status=StageStatus.SKIPPED), "skipped"),
        (in_progress(standard_seconds_per_unit=Decimal(10**12)), "too_far"),
    ],
)
def test_an_end_that_is_not_known_has_a_reason(stage: Stage, reason: str) -> None:
    metrics = stage_measured(an_order(stage)).metrics
    assert [metrics[name].reason for name in ("projected_end", "expected_delay")] == [reason, reason]


def test_an_order_ends_with_the_last_of_its_stages() -> None:
    second = running("oya", position=2, id=SECOND, good=Decimal(1))
    both = order_measured(an_order(running("veli"), second))
    assert values(both, "projected_end", "expected_delay") == [MORNING + HOUR + 100 * MINUTE, 40]
    rest = order_measured(an_order(finished(), second))
    assert values(rest, "projected_end", "expected_delay") == [MORNING + HOUR + 90 * MINUTE, 30]
    waiting = order_measured(an_order(running("veli"), a_stage(2, standard_seconds_per_unit=Decimal(1))))
    assert waiting.metrics["projected_end"].reason == "no_open_session"
    assert order_measured(an_order(finished())).metrics["expected_delay"].reason == "done"


@given(good=st.integers(0, 12), later=st.integers(0, 600))
def test_a_stage_never_ends_before_now_and_every_piece_brings_the_end_nearer(good: int, later: int) -> None:
    now = MORNING + later * MINUTE

    def end(made: int) -> datetime:
        value = stage_measured(an_order(running("veli", good=Decimal(made))), now=now).metrics["projected_end"].value
        assert isinstance(value, datetime)
        return value

    assert end(good + 1) <= end(good)
    assert end(good) >= now
