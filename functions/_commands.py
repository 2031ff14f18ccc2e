"""The commands on a stage in HTTP: the body of each, and its answer."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, cast

from chalicelib import ids
from chalicelib.domain.errors import TakipError
from chalicelib.domain.floor.clocks import is_wrong
from chalicelib.domain.floor.grace import corrected_times
from chalicelib.domain.instants import wire
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.people.users import Actor
from chalicelib.schemas.base import Body, CommandBody, Timed, TimedReason
from chalicelib.schemas.issues import ChangeIssue, ReportIssue, WriteNote, issue_out
from chalicelib.schemas.sessions import BookSession, CorrectSession, PauseStage, ReportStage, StartStage, session_out
from chalicelib.schemas.stages import Assign, ReplanStage, stage_out
from chalicelib.services.andon import issues
from chalicelib.services.floor import stage_commands
from chalicelib.services.idempotency import Answer, Request

# The commands that need only a stage and a body. A phone may collect them offline.
BODIES: Mapping[str, type[CommandBody]] = {
    "start": StartStage,
    "pause": PauseStage,
    "report": ReportStage,
    "done": ReportStage,
    "book": BookSession,
    "assign": Assign,
    "replan": ReplanStage,
    "skip": TimedReason,
    "reopen": TimedReason,
    "issue": ReportIssue,
}


def give(
    actor: Actor,
    name: str,
    stage_id: str,
    body: CommandBody,
    received_at: datetime,
    request: Request,
    *,
    ahead: timedelta = timedelta(0),
    barred: TakipError | None = None,
) -> Answer:
    """Give a command on a stage. Raises the errors of the command, and `barred` unless it was done before.

    The clock of the device is `ahead` of the server's, so its times are corrected.
    """
    command = _by_the_server(Command(ids.new(), name, stage_id, body.payload(), received_at, _at(body)), body, ahead)
    return stage_commands.run(actor, command, request, partial(_presented, command), barred)


def change_issue(
    actor: Actor,
    issue_id: str,
    body: ChangeIssue | WriteNote,
    received_at: datetime,
    request: Request,
    *,
    stage_id: str | None = None,
    ahead: timedelta = timedelta(0),
    barred: TakipError | None = None,
) -> Answer:
    """Change an issue, or add a note to it. Raises the errors of the command, and `barred` unless it was done before.

    With `stage_id` it must be an issue of that stage.
    """
    sent = Command(ids.new(), "change_issue", issue_id, body.payload(), received_at, _at(body), Subject.ISSUE)
    command = _by_the_server(sent, body, ahead)
    return issues.change(actor, command, request, lambda issue: issue_out(issue).plain(), stage_id, barred)


def correct(
    actor: Actor, stage_id: str, session_id: str, body: CorrectSession, received_at: datetime, request: Request
) -> Answer:
    """Correct a session of a stage. Raises the errors of the command.

    A phone cannot collect corrections offline, because the caller must have seen the session.
    """
    command = Command(ids.new(), "correct", stage_id, body.payload(session_id), received_at)
    return stage_commands.run(actor, command, request, partial(_presented, command))


def _at(body: Body) -> datetime | None:
    return body.at if isinstance(body, Timed) else None


def _by_the_server(sent: Command[Any], body: CommandBody | ChangeIssue | WriteNote, ahead: timedelta) -> Command[Any]:
    """A command with the times of a wrong clock corrected. It keeps what was sent."""
    if not is_wrong(ahead):
        return sent
    corrected = body.by_the_server(ahead)
    return replace(sent, payload=corrected.payload(), at=_at(corrected), sent=sent)


def _presented(command: Command[Any], change: Change, actor: Actor) -> dict[str, Any]:
    """Show the result of a command, and its times that were moved."""
    moved = {**corrected_times(command), **change.adjusted}
    adjusted = {field: wire(at) for field, at in moved.items()}
    return _result(change, actor) | ({"adjusted": adjusted} if adjusted else {})


def _result(change: Change, actor: Actor) -> dict[str, Any]:
    """Show the session that a command booked, the issue that it reported or was added to, or the stage."""
    if isinstance(change.result, Issue):
        return issue_out(change.result, duplicate=not change.created).plain()
    if isinstance(change.result, Session):
        return session_out(change.result).plain()
    return stage_out(change.order, cast("Stage", change.result), actor).plain()
