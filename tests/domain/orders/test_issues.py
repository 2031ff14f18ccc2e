"""An issue without its stage: its id, its priority, and who may see it."""

from dataclasses import replace

import pytest

from chalicelib.domain.orders.issues import IssueNotFound, issue_id, order_id_of
from chalicelib.domain.priorities import Priority
from tests.domain.builders import ADA, HOUR, MORNING, OYA, PELIN, VELI, an_issue

LOW, NORMAL, HIGH, CRITICAL = Priority


def test_an_issue_id_holds_its_orders_id() -> None:
    assert order_id_of(issue_id("a-i-b", "01J")) == "a-i-b"


@pytest.mark.parametrize("text", ["", "x", "-i1", "x-01"])
def test_what_is_no_issue_id_is_no_issue(text: str) -> None:
    with pytest.raises(IssueNotFound):
        order_id_of(text)


def test_the_higher_priority_is_the_one_that_hurts_more() -> None:
    assert [low.or_higher(high) for low, high in [(LOW, NORMAL), (HIGH, NORMAL), (HIGH, CRITICAL), (LOW, LOW)]] == [
        NORMAL,
        HIGH,
        CRITICAL,
        LOW,
    ]


def test_planners_know_of_every_issue_and_workers_of_what_they_reported() -> None:
    issue = an_issue(created_by="veli")
    assert [issue.open_to(actor) for actor in (ADA, PELIN, VELI, OYA)] == [True, True, True, False]


def test_an_issue_stands_as_it_does_since_it_was_answered_last() -> None:
    reported = an_issue(created_at=MORNING)
    reopened = replace(reported, reopened_at=MORNING + HOUR)
    seen = replace(reopened, acknowledged_at=MORNING + 2 * HOUR)
    over = replace(seen, resolved_at=MORNING + 3 * HOUR)
    assert [each.since for each in (reported, reopened, seen, over)] == [MORNING + n * HOUR for n in range(4)]
