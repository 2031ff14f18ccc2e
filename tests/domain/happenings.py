"""The law of happenings: they name exactly what changed in the order, its records and its numbers, each once."""

from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Subject
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.priorities import Priority


def told(before: Order, change: Change, subject: Subject, target: str) -> Change:
    """Check that the happenings of a change agree with the change itself."""
    about = [(each.subject, each.id) for each in change.happened if each.subject is not Subject.SESSION]
    assert len(set(about)) == len(about)
    if not change.happened:
        assert (change.order, change.sessions, change.reports, change.issues) == (before, (), (), ())
        return change
    assert (change.happened[0].subject, change.happened[0].id) == (subject, target)
    pairs = [(Subject.ORDER, before.id, before.status, change.order.status)]
    pairs += [
        (Subject.STAGE, now.id, was.status, now.status)  # type: ignore[misc]  # statuses of their own
        for was, now in zip(before.stages, change.order.stages, strict=True)
    ]
    said = {(each.subject, each.id, each.source, each.to) for each in change.happened}
    assert {each for each in pairs if each[2] is not each[3]} == {
        each for each in said if each[0] in (Subject.ORDER, Subject.STAGE) and each[2] != each[3]
    }
    assert [each.id for each in change.happened if each.subject is Subject.SESSION] == [s.id for s in change.sessions]
    assert {i.id for i in change.issues} == {each.id for each in change.happened if each.subject is Subject.ISSUE}
    listed, now_listed = (
        [(stage.ended, stage.planned_start, stage.planned_end, stage.name) for stage in order.stages]
        for order in (before, change.order)
    )
    counted, now_counted = (
        (order.status.closed, order.held is None, order.planned_end, order.customer) for order in (before, change.order)
    )
    touching = {each.subject for each in change.happened if each.touches_numbers}
    beside_issues = bool(change.sessions) or listed != now_listed or counted != now_counted
    assert bool(touching - {Subject.ISSUE}) == beside_issues
    assert Subject.ISSUE in touching or _issues(before) == _issues(change.order)
    return change


def _issues(order: Order) -> set[object]:
    """What is counted of the issues that an order lists."""
    return {
        (issue.issue_id, issue.priority or Priority.NORMAL, issue.blocks_since is not None)
        for stage in order.stages
        for issue in stage.open_issues
    }
