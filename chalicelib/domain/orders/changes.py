"""Changes: what a command makes of an order, and what happened by it. A change is data; storage writes it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from chalicelib.domain.errors import Conflict
from chalicelib.domain.orders.commands import Subject
from chalicelib.domain.orders.flows import overdrawn
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.session_records import Session, SessionReport
from chalicelib.domain.orders.work_orders import Order, Stage


class What(StrEnum):
    """What can happen to an order, a stage, a session or an issue."""

    STARTED = "started"
    PAUSED = "paused"
    REPORTED = "reported"
    DONE = "done"
    BOOKED = "booked"
    CLOSED = "closed"
    CORRECTED = "corrected"
    VOIDED = "voided"
    ASSIGNED = "assigned"
    REPLANNED = "replanned"
    SKIPPED = "skipped"
    REOPENED = "reopened"
    HELD = "held"
    RELEASED = "released"
    CANCELLED = "cancelled"
    SHIFT_ENDED = "shift_ended"
    ISSUE_REPORTED = "issue_reported"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    EDITED = "edited"


# What happened to a stage or an order whose status followed from a command on something else.
FOLLOWED: Mapping[tuple[str, str], What] = {
    ("planned", "in_progress"): What.STARTED,
    ("in_progress", "paused"): What.PAUSED,
    ("planned", "done"): What.DONE,
    ("in_progress", "done"): What.DONE,
    ("done", "in_progress"): What.REOPENED,
    ("planned", "cancelled"): What.CANCELLED,
    ("in_progress", "cancelled"): What.CANCELLED,
    ("paused", "cancelled"): What.CANCELLED,
}


@dataclass(frozen=True)
class Happening:
    """What happened to one thing, and from which status to which; a session has none, and a new issue none before.

    With `touches_numbers` the numbers of days and the lists of workers must be made again.
    """

    what: What
    subject: Subject
    id: str
    source: str | None = None
    to: str | None = None
    touches_numbers: bool = False


@dataclass(frozen=True)
class Change:
    """What a command makes of an order: the order after it, the records it adds, and what the caller is shown.

    The first of `happened` is about what the command was given for; the others followed from it. Where nothing
    happened there is nothing to write. `adjusted` holds the times of the command that were moved, as they are kept, by
    their field.
    """

    order: Order
    result: Order | Stage | Session | Issue
    sessions: tuple[Session, ...] = ()
    reports: tuple[SessionReport, ...] = ()
    issues: tuple[Issue, ...] = ()
    happened: tuple[Happening, ...] = ()
    created: bool = False
    adjusted: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def touches_numbers(self) -> bool:
        """Whether the numbers of days and the lists of workers must be made again."""
        return any(happening.touches_numbers for happening in self.happened)


class UpstreamShort(Conflict):
    """In a streaming flow a stage cannot use more pieces than the stage before made good."""

    code = "ERR_STAGE_UPSTREAM_SHORT"
    title = "The stage before has not made enough good pieces"


def shortage(order: Order) -> UpstreamShort | None:
    """What stands against an order being as it is told: that a stage has used up more than the stage before gave."""
    position = overdrawn(order.flow, order.progress)
    if position is None:
        return None
    taken = order.progress[position - 1].taken.normalize()
    return UpstreamShort(f"Stage {position} would use {taken:f} pieces; first report what the stage before made.")


def changed_stage(order: Order, stage: Stage, what: What, sessions: Sequence[Session] = ()) -> Change:
    """The change that puts a stage in its place and records these sessions. Raises UpstreamShort."""
    after = order.with_stage(stage)
    obstacle = shortage(after)
    if obstacle is not None:
        raise obstacle
    told = of_stage(what, order.stage(stage.id), stage)
    return Change(after, result=stage, sessions=tuple(sessions), happened=happenings(order, after, sessions, told))


def changed_order(order: Order, after: Order, what: What, sessions: Sequence[Session] = ()) -> Change:
    """The change of an order as a whole, which records these sessions."""
    told = _of_order(what, order, after)
    return Change(after, result=after, sessions=tuple(sessions), happened=happenings(order, after, sessions, told))


def happenings(before: Order, after: Order, sessions: Sequence[Session], *told: Happening) -> tuple[Happening, ...]:
    """What is told, then what followed: sessions were recorded, other stages and the order changed their status.

    A stage that got another planned window is told of too.
    """
    known = {(happening.subject, happening.id) for happening in told}
    followed = [_of_session(session) for session in sessions]
    for was, now in zip(before.stages, after.stages, strict=True):
        if (Subject.STAGE, now.id) not in known and (was.status, was.window) != (now.status, now.window):
            followed.append(of_stage(_followed(was.status, now.status), was, now))
    if (Subject.ORDER, after.id) not in known and before.status is not after.status:
        followed.append(_of_order(_followed(before.status, after.status), before, after))
    return (*told, *followed)


def of_stage(what: What, before: Stage, after: Stage) -> Happening:
    """What happened to a stage. A day counts what has ended; lists of workers are sorted by the planned start."""
    touches = (before.ended, before.window) != (after.ended, after.window)
    return Happening(what, Subject.STAGE, after.id, before.status, after.status, touches)


def of_issue(what: What, before: Issue | None, after: Issue) -> Happening:
    """What happened to an issue, which is new where there is none before."""
    return Happening(what, Subject.ISSUE, after.id, before.status if before else None, after.status)


def _of_order(what: What, before: Order, after: Order) -> Happening:
    """What happened to an order itself; what touches numbers happened to its stages and sessions."""
    return Happening(what, Subject.ORDER, after.id, before.status, after.status)


def _of_session(session: Session) -> Happening:
    """What happened to a session that was recorded: closed, or in the place of another one."""
    what = What.VOIDED if session.voided else What.CORRECTED if session.corrects else What.CLOSED
    return Happening(what, Subject.SESSION, session.id, touches_numbers=True)


def _followed(source: str, to: str) -> What:
    """What a status that followed comes to; where it stayed the same, the planned window changed."""
    return What.REPLANNED if source == to else FOLLOWED[source, to]
