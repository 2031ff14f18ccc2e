"""The commands on a stage, whatever road they come by: each is given alone at its own door, or with others offline."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib import ids
from chalicelib.domain.errors import TakipError
from chalicelib.domain.floor import stages as rules
from chalicelib.domain.floor.grace import dated, graceful
from chalicelib.domain.instants import wire
from chalicelib.domain.orders.commands import Change, Command
from chalicelib.domain.orders.issues import Issue
from chalicelib.domain.orders.session_records import Session
from chalicelib.domain.orders.work_orders import Order
from chalicelib.domain.people.users import Actor
from chalicelib.domain.planning import assigning, replanning
from chalicelib.domain.tenants import TenantSettings
from chalicelib.schemas.base import CommandBody, Timed, TimedReason
from chalicelib.schemas.issues import ReportIssue, issue_out
from chalicelib.schemas.sessions import BookSession, CorrectSession, PauseStage, ReportStage, StartStage, session_out
from chalicelib.schemas.stages import Assign, ReplanStage, stage_out
from chalicelib.services import commands
from chalicelib.services.floor import issues, sessions
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.orders import references


@dataclass(frozen=True)
class StageCommand:
    """What a command on a stage brings, how it is decided, and the action that it is to the table of permissions."""

    action: str
    body: type[CommandBody]
    decide: Callable[[Order, Actor, Command[Any], TenantSettings], Change]


STAGE_COMMANDS: Mapping[str, StageCommand] = {
    "start": StageCommand("stage.start", StartStage, graceful(rules.start)),
    "pause": StageCommand("stage.pause", PauseStage, sessions.pause),
    "report": StageCommand("stage.report", ReportStage, sessions.report),
    "done": StageCommand("stage.done", ReportStage, graceful(rules.done)),
    "book": StageCommand("stage.book", BookSession, graceful(dated(rules.book))),
    "assign": StageCommand("stage.assign", Assign, dated(assigning.assign)),
    "replan": StageCommand("stage.replan", ReplanStage, dated(replanning.replan_stage)),
    "skip": StageCommand("stage.skip", TimedReason, dated(assigning.skip)),
    "reopen": StageCommand("stage.reopen", TimedReason, dated(assigning.reopen)),
    "issue": StageCommand("issue.report", ReportIssue, graceful(issues.report)),
}


# What somebody has worked is told of them also when they have left since.
OF_WORK_DONE = {"pause", "report", "done", "book"}


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
    """Give a command on a stage. Raises what the command refuses, and `barred` unless it was done before."""
    at = body.at if isinstance(body, Timed) else None
    command = Command(ids.new(), name, stage_id, body.payload(), received_at, at)
    return _run(actor, STAGE_COMMANDS[name].decide, command, request, barred)


def correct(
    actor: Actor, stage_id: str, session_id: str, body: CorrectSession, received_at: datetime, request: Request
) -> Answer:
    """Correct a session of a stage; its giver has seen it, so this never waits on a phone. Raises what is refused."""
    command = Command(ids.new(), "correct", stage_id, body.payload(session_id), received_at)
    return _run(actor, sessions.correct, command, request)


def _run(
    actor: Actor,
    decide: commands.Decide[Any],
    command: Command[Any],
    request: Request,
    barred: TakipError | None = None,
) -> Answer:
    """Run a command on a stage, unless it is `barred`; the people and machines it names must be there."""
    named = vars(command.payload)

    def check() -> None:
        if barred is not None:
            raise barred
        others = [(field, each) for field, each in _people(named) if each != actor.user_id]
        machinery = [("machine_id", named.get("machine_id"))]
        references.check(actor.tenant, people=others, machinery=machinery, former=command.name in OF_WORK_DONE)

    return commands.run(actor, decide, command, request, _presented, check)


def _people(named: Mapping[str, Any]) -> Iterable[tuple[str, str | None]]:
    """The people that a command names, each with its field."""
    yield from ((f"user_ids[{n}]", user_id) for n, user_id in enumerate(named.get("user_ids", ())))
    yield "worker_id", named.get("worker_id")


def _presented(change: Change, actor: Actor) -> dict[str, Any]:
    """Show what a command came to, and the times of it that were moved."""
    adjusted = {field: wire(at) for field, at in change.adjusted.items()}
    return _result(change, actor) | ({"adjusted": adjusted} if adjusted else {})


def _result(change: Change, actor: Actor) -> dict[str, Any]:
    """Show the session that a command booked, the issue it reported or joined, or the stage."""
    if isinstance(change.result, Issue):
        return issue_out(change.result, duplicate=not change.created).plain()
    if isinstance(change.result, Session):
        return session_out(change.result).plain()
    return stage_out(change.order, change.order.stage(change.result.id), actor).plain()
