"""Whose work a command changed."""

from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Subject
from chalicelib.domain.orders.work_orders import Order, Stage


def concerned(before: Order, change: Change) -> tuple[str, ...]:
    """The ids of the people whose work a change is about, each once.

    They are those of each stage that is different, or of all stages that have not ended if the order itself was
    changed; who reported an issue that is different, and who takes care of it.
    """
    of_order = change.happened[0].subject is Subject.ORDER
    pairs = zip(before.stages, change.order.stages, strict=True)
    changed = [pair for pair in pairs if pair[0] != pair[1] or (of_order and pair[1].ended_at is None)]
    people = [person for pair in changed for stage in pair for person in _people_of(stage)]
    people += [person for issue in change.issues for person in (issue.created_by, issue.assignee_id) if person]
    return tuple(dict.fromkeys(people))


def _people_of(stage: Stage) -> tuple[str, ...]:
    return (*stage.assignee_ids, *(session.worker_id for session in stage.open_sessions))
