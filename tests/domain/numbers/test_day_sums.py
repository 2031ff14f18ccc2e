"""Every sum of a day is made of the day's facts, and every sum is shown."""

import dataclasses
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from chalicelib.domain.numbers.day_facts import Fact, GivenUpFact, OrderFact, SessionFact, StageFact
from chalicelib.domain.numbers.day_sums import DaySums, summed
from chalicelib.domain.numbers.days import of_day
from chalicelib.domain.numbers.issue_metrics import IssueSums
from chalicelib.domain.orders.session_records import SessionKind
from chalicelib.schemas.days import day_out
from tests.domain.builders import DAY, HOUR, MORNING

ONE = Decimal(1)
# One fact of each kind, without a zero in it.
FACTS: list[Fact] = [
    StageFact(
        planned=1,
        run=1,
        labour=1,
        delay=1,
        late=True,
        good=ONE,
        scrap=ONE,
        rework=ONE,
        groups=(),
        baseline_late=True,
        good_from_rework=ONE,
        standard=ONE,
    ),
    OrderFact(lead=1, late=True, groups=(), baseline_late=True, good=ONE),
    *(
        GivenUpFact(is_order=is_order, skipped=skipped, groups=(), ended_at=MORNING)
        for is_order, skipped in ((False, True), (False, False), (True, False))
    ),
    *(SessionFact(MORNING, MORNING + HOUR, kind, good=ONE, groups=()) for kind in SessionKind),
    SessionFact(
        MORNING,
        MORNING,
        SessionKind.RUN,
        good=ONE,
        groups=(),
        is_last=True,
        scrap={"a": ONE},
        pause_reason="b",
        paused=1,
    ),
    SessionFact(MORNING, MORNING, SessionKind.RUN, groups=(), paused=1),
]
# How many facts there were is shown as what every number has: `inputs_count`. Sums of which not all facts name their
# groups are shown with a reason.
SHOWN_AS = {"facts": "inputs_count", "recorded": "reason"}


def leaves(sums: Any, place: str = "") -> Iterator[tuple[str, Any]]:
    """The sums themselves, each with its place."""
    for field in dataclasses.fields(sums):
        value = getattr(sums, field.name)
        if dataclasses.is_dataclass(value):
            yield from leaves(value, f"{place}{field.name}.")
        else:
            yield place + field.name, value


def shown(answer: Any, place: str = "") -> Iterator[str]:
    """The places of numbers in an answer, without their units."""
    for name, value in answer.items():
        if isinstance(value, dict):
            yield from shown(value, f"{place}{name}.")
        yield re.sub(r"(_time)?_minutes(?=$|_by_|_without_)", "", f"{place}{name}").removeprefix("finished.")


def test_no_sum_is_forgotten_when_facts_are_summed() -> None:
    assert {place: value for place, value in leaves(summed(FACTS)) if not value} == {}
    assert all(not value for _, value in leaves(DaySums()))


def test_no_sum_is_forgotten_when_a_day_is_shown() -> None:
    sums, day = summed(FACTS), MORNING.date()
    measured = of_day(
        day, sums, revision=1, as_of=MORNING, watermark=None, late_window=DAY, timezone="UTC", now=MORNING
    )
    places = {SHOWN_AS.get(place, place) for place, _ in leaves(sums)}
    assert places <= set(shown(day_out(day, None, sums, measured, IssueSums()).plain()))
