"""Pages of exports: what fits into an answer, and where two lists are read as one."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from chalicelib.domain.orders.issues import IssueStatus
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.numbers import exports
from chalicelib.storage import writes
from chalicelib.storage.orders import issues
from tests.domain.builders import MORNING, an_issue
from tests.floor import Plant

DAY = date(2026, 1, 5)
RESOLVED = IssueStatus.RESOLVED


def report(*statuses: IssueStatus, description: str = "x") -> None:
    """Write issues, a minute after one another."""
    for n, status in enumerate(statuses):
        at = MORNING + timedelta(minutes=n)
        issue = an_issue(id=f"WO-1-i{n}", description=description, created_at=at, status=status)
        writes.commit(issues.change(DEFAULT_TENANT, issue))


def exported(limit: int) -> Iterator[list[str]]:
    """The last characters of the ids of the issues of a day, page by page."""
    cursor = None
    while True:
        page = exports.issues_reported(DEFAULT_TENANT, DAY, DAY, limit=limit, cursor=cursor)
        yield [issue.id[-1] for issue in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return


@pytest.mark.parametrize("statuses", [(RESOLVED,) * 5, (IssueStatus.OPEN,) * 5, (RESOLVED, IssueStatus.ACK) * 3])
@pytest.mark.parametrize("limit", [1, 2, 3, 5, 6, 100])
def test_two_lists_are_read_as_one(plant: Plant, statuses: tuple[IssueStatus, ...], limit: int) -> None:
    report(*statuses)
    pages = list(exported(limit))

    assert [each for page in pages for each in page] == [str(n) for n in range(len(statuses))]
    assert all(0 < len(page) <= limit for page in pages)


def test_a_day_without_issues_is_one_empty_page(plant: Plant) -> None:
    assert list(exported(5)) == [[]]


def test_a_page_ends_before_its_texts_are_too_long_for_an_answer(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST_CHARACTERS", 9_000)
    report(*(RESOLVED, IssueStatus.ACK) * 2, description="x" * 4_000)

    assert list(exported(10)) == [["0", "1"], ["2", "3"]]
    monkeypatch.setattr(exports, "MOST_CHARACTERS", 10)
    assert list(exported(10)) == [["0"], ["1"], ["2"], ["3"]]
