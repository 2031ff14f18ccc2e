"""Numbers of issues, against values that were computed by hand."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib.domain.markers import IssueDay, days_of
from chalicelib.domain.numbers import issue_days
from chalicelib.domain.numbers.issue_days import IssueOfDay, IssuesOfDay, by_day, remade
from chalicelib.domain.numbers.issue_metrics import (
    IssueSums,
    OpenAge,
    ages,
    answer_times,
    by_machine,
    by_type,
    of_group,
)
from chalicelib.domain.numbers.metrics import Value
from chalicelib.domain.orders.issues import Issue, IssueStatus, IssueType, moved_moments
from tests.domain.builders import HOUR, MORNING, an_issue

MINUTE = 60_000
MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
ISTANBUL = "Europe/Istanbul"
# 23:50 in Istanbul; half an hour later it is Tuesday there, and still Monday in UTC.
LATE = datetime(2026, 1, 5, 20, 50, tzinfo=UTC)
NEXT = LATE + HOUR / 2


def a_row(
    name: str = "i", kind: IssueType = IssueType.TOOLING, machine: str | None = "M1", **fields: Any
) -> IssueOfDay:
    return IssueOfDay(name, kind, machine, **fields)


def values(*times: int) -> dict[str, Value]:
    """The metrics of issues that were acknowledged after these minutes."""
    metrics = answer_times([a_row(acknowledged=time * MINUTE) for time in times])
    return {name: metrics[name].value for name in ("mtta", "mtta_p90")}


@pytest.mark.parametrize(
    ("times", "median", "p90"),
    [
        ((7,), 7, 7),
        ((10, 20), 15, 20),
        ((1, 2, 30), 2, 30),
        ((30, 1, 2), 2, 30),
        (range(1, 10), 5, 9),
        (range(1, 11), Decimal("5.5"), 9),
        (range(1, 12), 6, 10),
        (range(1, 21), Decimal("10.5"), 18),
    ],
)
def test_median_and_the_ninetieth_percentile_by_nearest_rank(times: Any, median: Any, p90: Any) -> None:
    assert values(*times) == {"mtta": median, "mtta_p90": p90}


def test_times_are_in_minutes_and_rounded_once() -> None:
    metrics = answer_times([a_row(resolved=ms) for ms in (100_000, 100_001)])
    # 100,000.5 ms are 1.666675 minutes, and the larger of the two 1.66668…
    assert (metrics["mttr"].value, metrics["mttr_p90"].value) == (Decimal("1.667"), Decimal("1.667"))
    assert (metrics["mttr"].unit, metrics["mttr"].formula) == ("minutes", "mttr.v1")
    assert metrics["mttr"].numerator == Decimal("1.666675")


def test_without_answers_there_is_no_time() -> None:
    metrics = answer_times([a_row(reported=True)])
    assert {(metric.value, metric.reason) for metric in metrics.values()} == {(None, "no_data")}
    assert set(metrics) == {"mtta", "mtta_p90", "mttr", "mttr_p90"}


def test_an_issue_repeats_if_its_type_was_reported_on_its_machine_before() -> None:
    reported = [
        *[a_row(f"a{n}", IssueType.MACHINE_FAILURE, "M1", reported=True) for n in range(4)],
        a_row("b", IssueType.MACHINE_FAILURE, "M2", reported=True),
        a_row("c", IssueType.QUALITY, "M1", reported=True),
        a_row("d", IssueType.QUALITY, None, reported=True),
        a_row("e", IssueType.QUALITY, None, reported=True),
        a_row("f", IssueType.MACHINE_FAILURE, "M1", resolved=MINUTE),
    ]
    group = of_group(reported, [])
    # 6 on machines, of 3 sorts: 3 repeat.
    assert (group.repeated, group.metrics["repeat_rate"].value) == (3, 50)
    assert group.sums == IssueSums(reported=8, resolved=1)

    types, machines = by_type(reported, []), by_machine(reported, [])
    assert types[IssueType.MACHINE_FAILURE].metrics["repeat_rate"].value == 60
    assert types[IssueType.QUALITY].metrics["repeat_rate"].value == 0
    assert {name: group.metrics["repeat_rate"].value for name, group in machines.items()} == {"M1": 60, "M2": 0}
    assert of_group([], []).metrics["repeat_rate"].reason == "no_data"


def test_open_issues_have_an_age_since_their_creation() -> None:
    now = MORNING + 3 * HOUR
    reopened = an_issue(reopened_at=now - HOUR, reopened_count=1)
    acknowledged = an_issue(status=IssueStatus.ACK, created_at=now - HOUR, acknowledged_at=now, machine_id="M1")
    old = ages([reopened, acknowledged, an_issue(status=IssueStatus.RESOLVED)], now)
    assert old == [OpenAge(IssueType.TOOLING, None, 180 * MINUTE), OpenAge(IssueType.TOOLING, "M1", 60 * MINUTE)]

    group = of_group([], old)
    assert (group.open, group.metrics["open_age"].value, group.metrics["open_age_p90"].value) == (2, 120, 180)
    assert by_machine([], old)["M1"].metrics["open_age"].value == 60


def test_machines_with_the_most_issues_come_first() -> None:
    issues = [a_row(str(n), machine=name, reported=True) for n, name in enumerate(["M1", "M2", "M2", "M3"])]
    assert list(by_machine(issues, [OpenAge(IssueType.OTHER, "M3", 1)])) == ["M2", "M3", "M1"]


def test_what_becomes_of_an_issue_counts_on_the_local_day_on_which_it_does() -> None:
    issue = an_issue(created_at=LATE, acknowledged_at=NEXT, resolved_at=NEXT + HOUR, machine_id="M1")
    row = IssueOfDay(issue.id, IssueType.TOOLING, "M1")
    assert by_day(issue, ISTANBUL) == {
        MONDAY: replace(row, reported=True),
        TUESDAY: replace(row, acknowledged=30 * MINUTE, resolved=90 * MINUTE),
    }
    assert by_day(issue, "UTC") == {MONDAY: replace(row, reported=True, acknowledged=30 * MINUTE, resolved=90 * MINUTE)}
    assert by_day(an_issue(created_at=LATE), ISTANBUL)[MONDAY].acknowledged is None


def moments(before: Issue | None, after: Issue) -> tuple[IssueDay, ...]:
    return days_of("i", moved_moments(before, after), ISTANBUL)


def test_the_days_of_a_change_are_those_that_it_adds_to_and_those_that_it_takes_from() -> None:
    issue = an_issue(created_at=LATE)
    taken = replace(issue, status=IssueStatus.ACK, acknowledged_at=LATE)
    solved = replace(taken, status=IssueStatus.RESOLVED, resolved_at=NEXT)
    monday, tuesday = IssueDay("i", MONDAY), IssueDay("i", TUESDAY)

    assert moments(None, issue) == (monday,)
    assert moments(issue, taken) == (monday,)
    assert moments(taken, solved) == (tuesday,)
    assert moments(solved, replace(issue, reopened_at=NEXT)) == (monday, tuesday)
    assert moments(issue, replace(issue, assignee_id="oya")) == ()


def test_a_day_holds_each_issue_once_and_none_that_is_no_longer_in_it() -> None:
    day = remade(IssuesOfDay(MONDAY), "i", a_row(reported=True), MORNING)
    day = remade(day, "j", a_row("j", reported=True), MORNING)
    day = remade(day, "i", a_row(reported=True, resolved=7), MORNING + HOUR)
    assert day == IssuesOfDay(
        MONDAY, (a_row("j", reported=True), a_row(reported=True, resolved=7)), MORNING + HOUR, revision=3
    )
    assert remade(day, "i", None, MORNING).issues == (a_row("j", reported=True),)


def test_a_day_keeps_a_thousand_issues_and_says_if_there_were_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issue_days, "MOST_A_DAY", 2)
    full = IssuesOfDay(MONDAY, (a_row("a"), a_row("b")))
    over = remade(full, "c", a_row("c"), MORNING)
    assert (over.issues, over.more) == (full.issues, True)
    assert remade(over, "a", a_row("a", resolved=1), MORNING).more
    assert not remade(full, "b", a_row("b", resolved=1), MORNING).more
    assert not remade(full, "c", None, MORNING + timedelta(0)).more
