"""Changes: the result of a command on an order, and what happened by it. A change is data; storage writes it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from chalicelib.domain.errors import Conflict
from chalicelib.domain.intervals import Interval
from chalicelib.domain.orders import touched_days
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.flows import overdrawn
from chalicelib.domain.orders.issues import Issue, IssueStatus, Note, moved_moments
from chalicelib.domain.orders.session_records import Session, SessionReport
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.domain.timers import Timer

Payload = TypeVar("Payload")


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


# What happened to a stage or an order whose status was changed by a command on something else.
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
    """What happened to one thing. `source` and `to` are its status before and after.

    A session has no status. A new issue has no status before. If `touches_numbers` is true, the numbers of days, the
    counts of what remains and the lists of workers must be recomputed. `touched` is from the first to the last instant
    whose day may change; None if no day does. `joined` are the people who are assigned to a stage and were not before.
    `moments` are the instants of an issue that came or went, whose days must be recomputed.
    """

    what: What
    subject: Subject
    id: str
    source: str | None = None
    to: str | None = None
    touches_numbers: bool = False
    touched: Interval | None = None
    joined: tuple[str, ...] = ()
    moments: tuple[datetime, ...] = ()


@dataclass(frozen=True)
class Change:
    """The result of a command: the order after it, the new records, and the `result` that the caller gets.

    The first of `happened` is about what the command was given for; the others followed from it. Where nothing
    happened there is nothing to write. `timers` are those of its issues. `adjusted` holds the times of the command that
    were moved, as they are kept, by their field.
    """

    order: Order
    result: Order | Stage | Session | Issue
    sessions: tuple[Session, ...] = ()
    reports: tuple[SessionReport, ...] = ()
    issues: tuple[Issue, ...] = ()
    notes: tuple[Note, ...] = ()
    timers: tuple[Timer, ...] = ()
    happened: tuple[Happening, ...] = ()
    created: bool = False
    adjusted: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def touches_numbers(self) -> bool:
        """Whether the numbers of days, the counts of what remains and the lists of workers must be recomputed."""
        return any(happening.touches_numbers for happening in self.happened)

    @property
    def touched(self) -> Interval | None:
        """From the first to the last instant whose day may change; None if no day does."""
        return touched_days.of_all(happening.touched for happening in self.happened)


# The rule of a command: the change of the order that it makes. Raises the error of a command that is not allowed.
Decide = Callable[[Order, Actor, Command[Payload], TenantSettings], Change]


class UpstreamShort(Conflict):
    """In a streaming flow a stage cannot use more pieces than the stage before made good."""

    code = "ERR_STAGE_UPSTREAM_SHORT"
    title = "The stage before has not made enough good pieces"


def shortage(order: Order) -> UpstreamShort | None:
    """The error of an order in which a stage used more pieces than the stage before made good, or None."""
    position = overdrawn(order.flow, order.progress)
    if position is None:
        return None
    taken = order.progress[position - 1].taken.normalize()
    form = "Stage {position} would use {taken} pieces; first report what the stage before made."
    return UpstreamShort(say(form, position=position, taken=taken, unit="piece"))


def changed_stage(order: Order, stage: Stage, what: What, sessions: Sequence[Session] = ()) -> Change:
    """The change that replaces a stage and adds these session records. Raises UpstreamShort."""
    after = order.with_stage(stage)
    obstacle = shortage(after)
    if obstacle is not None:
        raise obstacle
    own = happened_to_stage(what, order, after, stage.id)
    return Change(after, result=stage, sessions=tuple(sessions), happened=happenings(order, after, sessions, own))


def changed_order(order: Order, after: Order, what: What, sessions: Sequence[Session] = ()) -> Change:
    """The change of the order itself that adds these session records."""
    own = _happened_to_order(what, order, after)
    return Change(after, result=after, sessions=tuple(sessions), happened=happenings(order, after, sessions, own))


def happenings(before: Order, after: Order, sessions: Sequence[Session], *own: Happening) -> tuple[Happening, ...]:
    """The given happenings, then those that follow: recorded sessions, and new statuses of other stages and the order.

    Stages whose planned window moved are included.
    """
    known = {(happening.subject, happening.id) for happening in own}
    followed = [_happened_to_session(before, after, session) for session in sessions]
    for was, now in zip(before.stages, after.stages, strict=True):
        if (Subject.STAGE, now.id) not in known and (was.status, was.window) != (now.status, now.window):
            followed.append(happened_to_stage(_followed(was.status, now.status), before, after, now.id))
    if (Subject.ORDER, after.id) not in known and before.status is not after.status:
        followed.append(_happened_to_order(_followed(before.status, after.status), before, after))
    return (*own, *followed)


def happened_to_stage(what: What, before: Order, after: Order, stage_id: str) -> Happening:
    """What happened to a stage.

    It touches numbers if the stage ended, its window moved or its name changed: days count ended stages, lists of
    workers are sorted by planned start, and days are summed by the names of stages.
    """
    was, now = before.stage(stage_id), after.stage(stage_id)
    touches = (was.ended, was.window, was.name) != (now.ended, now.window, now.name)
    touched = touched_days.of_stage(before, after, stage_id)
    joined = tuple(each for each in now.assignee_ids if each not in was.assignee_ids)
    return Happening(what, Subject.STAGE, stage_id, was.status, now.status, touches, touched, joined)


def happened_to_issue(what: What, before: Issue | None, after: Issue) -> Happening:
    """What happened to an issue. `before` is None if the issue is new.

    It touches numbers if it is counted in another way: resolved or not, by priority, and as blocking its stage.
    """
    was, now = (
        issue and (issue.status is IssueStatus.RESOLVED, issue.priority, issue.blocking) for issue in (before, after)
    )
    source = before.status if before else None
    moments = moved_moments(before, after)
    return Happening(what, Subject.ISSUE, after.id, source, after.status, touches_numbers=was != now, moments=moments)


def _happened_to_order(what: What, before: Order, after: Order) -> Happening:
    """What happened to the order itself.

    It touches numbers if it ended, is held or not, its planned end moved, or it has another customer.
    """
    was, now = (
        (order.status.closed, order.held is None, order.planned_end, order.customer) for order in (before, after)
    )
    touched = touched_days.of_order(before, after)
    return Happening(
        what, Subject.ORDER, after.id, before.status, after.status, touches_numbers=was != now, touched=touched
    )


def _happened_to_session(before: Order, after: Order, session: Session) -> Happening:
    """What happened to a recorded session: closed, corrected or voided."""
    what = What.VOIDED if session.voided else What.CORRECTED if session.corrects else What.CLOSED
    touched = touched_days.of_session(before, after, session)
    return Happening(what, Subject.SESSION, session.id, touches_numbers=True, touched=touched)


def _followed(source: str, to: str) -> What:
    """The name of a change of status that followed. If the status is the same, the planned window moved."""
    return What.REPLANNED if source == to else FOLLOWED[source, to]
