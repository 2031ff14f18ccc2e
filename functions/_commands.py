"""The commands on a stage in HTTP: the body of each, and its answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast

from chalicelib import ids
from chalicelib.domain.errors import TakipError
from chalicelib.domain.instants import wire
from chalicelib.domain.orders.changes import Change
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Stage
from chalicelib.domain.people.users import Actor
from chalicelib.schemas.base import CommandBody, Timed, TimedReason
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
    barred: TakipError | None = None,
) -> Answer:
    """Give a command on a stage. Raises the errors of the command, and `barred` unless it was done before."""
    at = body.at if isinstance(body, Timed) else None
    command = Command(ids.new(), name, stage_id, body.payload(), received_at, at)
    return stage_commands.run(actor, command, request, _presented, barred)


def change_issue(
    actor: Actor,
    issue_id: str,
    body: ChangeIssue | WriteNote,
    received_at: datetime,
    request: Request,
    *,
    stage_id: str | None = None,
    barred: TakipError | None = None,
) -> Answer:
    """Change an issue, or add a note to it. Raises the errors of the command, and `barred` unless it was done before.

    With `stage_id` it must be an issue of that stage.
    """
    at = body.at if isinstance(body, Timed) else None
    command = Command(ids.new(), "change_issue", issue_id, body.payload(), received_at, at, Subject.ISSUE)
    return issues.change(actor, command, request, lambda issue: issue_out(issue).plain(), stage_id, barred)


def correct(
    actor: Actor, stage_id: str, session_id: str, body: CorrectSession, received_at: datetime, request: Request
) -> Answer:
    """Correct a session of a stage. Raises the errors of the command.

    A phone cannot collect corrections offline, because the caller must have seen the session.
    """
    command = Command(ids.new(), "correct", stage_id, body.payload(session_id), received_at)
    return stage_commands.run(actor, command, request, _presented)


def _presented(change: Change, actor: Actor) -> dict[str, Any]:
    """Show the result of a command, and its times that were moved."""
    adjusted = {field: wire(at) for field, at in change.adjusted.items()}
    return _result(change, actor) | ({"adjusted": adjusted} if adjusted else {})


def _result(change: Change, actor: Actor) -> dict[str, Any]:
    """Show the session that a command booked, the issue that it reported or was added to, or the stage."""
    if isinstance(change.result, Issue):
        return issue_out(change.result, duplicate=not change.created).plain()
    if isinstance(change.result, Session):
        return session_out(change.result).plain()
    return stage_out(change.order, cast("Stage", change.result), actor).plain()
