"""What needs action on a board: unresolved issues, forgotten sessions, and stops of which nobody said why."""

from chalicelib.domain.boards.rows import CODE_BYTES
from chalicelib.domain.boards.seen import Part, Seen
from chalicelib.domain.boards.state import Need, NeedKind
from chalicelib.domain.machines.stops import StopPart
from chalicelib.domain.numbers.summary import Forgotten, forgotten
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.work_orders import order_id_of
from chalicelib.domain.text import within_bytes

MOST_NEEDS = 6
TEXT_BYTES = 48


def needs_of(part: Part) -> tuple[tuple[Need, ...], int]:
    """What needs action, and how much more does. Issues come first, then sessions, then stops; the oldest first."""
    seen = part.seen
    at_work = forgotten(part.stages(seen.at_work), seen.now, seen.settings.forgotten_after)
    stops = sorted((stop for stop in part.stops() if stop.explanation is None), key=lambda stop: stop.place)
    needs = [
        *(_of_issue(seen, issue) for issue in part.issues()),
        *(_of_session(seen, each) for each in at_work),
        *map(_of_stop, stops),
    ]
    return tuple(needs[:MOST_NEEDS]), max(len(needs) - MOST_NEEDS, 0)


def _of_issue(seen: Seen, issue: Issue) -> Need:
    order = seen.orders.get(issue.work_order_id or "")
    return Need(
        NeedKind.ISSUE,
        issue.created_at,
        number=within_bytes(order.number, CODE_BYTES) if order else None,
        machine=_short(issue.machine_id),
        what=issue.type.value,
        priority=issue.priority,
        text=within_bytes(issue.description, TEXT_BYTES),
        escalates_at=issue.next_escalation_at,
    )


def _of_session(seen: Seen, found: Forgotten) -> Need:
    session, order = found.session, seen.orders.get(order_id_of(found.stage_id))
    return Need(
        NeedKind.FORGOTTEN,
        session.started_at,
        number=within_bytes(order.number, CODE_BYTES) if order else None,
        machine=_short(session.machine_id),
        person=_short(seen.names.get(session.worker_id, session.worker_id)),
    )


def _of_stop(stop: StopPart) -> Need:
    return Need(NeedKind.STOP, stop.started_at, machine=_short(stop.machine_id))


def _short(text: str | None) -> str | None:
    return None if text is None else within_bytes(text, CODE_BYTES)
