"""The doors of stages: my work, the commands on a stage, its sessions and numbers."""

from collections.abc import Callable, Iterable
from typing import Any

from chalicelib import ids
from chalicelib.domain import replanning, supervision
from chalicelib.domain import stages as rules
from chalicelib.domain.commands import Change, Command
from chalicelib.domain.records import Session
from chalicelib.domain.tenants import TenantSettings
from chalicelib.domain.users import Actor
from chalicelib.schemas.metrics import metrics_out
from chalicelib.schemas.stages import (
    Assign,
    BookSession,
    ListStages,
    PauseStage,
    Reason,
    ReplanStage,
    ReportStage,
    StartStage,
    session_out,
    stage_out,
)
from chalicelib.services import commands, metrics, references, stages, work_orders
from chalicelib.services.idempotency import Answer
from chalicelib.services.stages import StageFilters
from functions._endpoint import Call, Doors, listing

doors = Doors(__name__)


@doors.route("GET", "/stages", action="stage.list", query=ListStages)
def list_stages(call: Call) -> Answer:
    """List stages: a worker's own, or all that go on; `status` narrows or widens."""
    query = call.query
    filters = StageFilters(query.assignee == "me", query.status, query.due_before)
    found = stages.page(call.actor, filters, limit=query.limit, cursor=query.cursor)
    return listing([stage_out(order, stage, call.actor).plain() for order, stage in found.items], found.next_cursor)


@doors.route("GET", "/stages/{stage_id}", action="stage.read")
def read_stage(call: Call, stage_id: str) -> Answer:
    """Read a stage."""
    order, stage = work_orders.read_stage(call.actor, stage_id)
    return Answer(stage_out(order, stage, call.actor).plain(), version=order.version)


@doors.route("GET", "/stages/{stage_id}/metrics", action="metrics.read")
def read_stage_metrics(call: Call, stage_id: str) -> Answer:
    """Measure a stage as of now."""
    return Answer(metrics_out(metrics.of_stage(call.actor, stage_id)))


@doors.route("GET", "/stages/{stage_id}/sessions", action="stage.read")
def list_sessions(call: Call, stage_id: str) -> Answer:
    """List the closed sessions of a stage, by start."""
    found = stages.sessions(call.actor, stage_id)
    return listing([session_out(session, made).plain() for session, made in found], None)


@doors.route("PATCH", "/stages/{stage_id}", action="stage.replan", body=ReplanStage, versioned=True)
def replan_stage(call: Call, stage_id: str) -> Answer:
    """Give a stage other times, another name, machine or standard."""
    return _run(call, stage_id, "replan", replanning.replan_stage, replanning.ReplanStage)


@doors.route("PUT", "/stages/{stage_id}/assignees", action="stage.assign", body=Assign)
def assign_stage(call: Call, stage_id: str) -> Answer:
    """Say who may work on a stage."""
    people = [(f"user_ids[{n}]", user_id) for n, user_id in enumerate(call.body.user_ids)]
    return _run(call, stage_id, "assign", supervision.assign, supervision.Assign, people=people)


@doors.route("POST", "/stages/{stage_id}/start", action="stage.start", body=StartStage)
def start_stage(call: Call, stage_id: str) -> Answer:
    """Open a session; also resumes."""
    return _run(call, stage_id, "start", rules.start, rules.Start)


@doors.route("POST", "/stages/{stage_id}/pause", action="stage.pause", body=PauseStage)
def pause_stage(call: Call, stage_id: str) -> Answer:
    """Close a session."""
    return _run(call, stage_id, "pause", rules.pause, rules.Pause)


@doors.route("POST", "/stages/{stage_id}/report", action="stage.report", body=ReportStage)
def report_stage(call: Call, stage_id: str) -> Answer:
    """Say what was made in an open session."""
    return _run(call, stage_id, "report", rules.report, rules.Report)


@doors.route("POST", "/stages/{stage_id}/done", action="stage.done", body=ReportStage)
def finish_stage(call: Call, stage_id: str) -> Answer:
    """Finish a stage, with what was made last."""
    return _run(call, stage_id, "done", rules.done, rules.Report)


@doors.route("POST", "/stages/{stage_id}/sessions", action="stage.book", body=BookSession)
def book_session(call: Call, stage_id: str) -> Answer:
    """Book a session that is over."""
    return _run(call, stage_id, "book", rules.book, rules.Book)


@doors.route("POST", "/stages/{stage_id}/skip", action="stage.skip", body=Reason)
def skip_stage(call: Call, stage_id: str) -> Answer:
    """Leave a stage out; what was made there stays booked."""
    return _run(call, stage_id, "skip", supervision.skip, supervision.Because)


@doors.route("POST", "/stages/{stage_id}/reopen", action="stage.reopen", body=Reason)
def reopen_stage(call: Call, stage_id: str) -> Answer:
    """Let a stage go on that was done or skipped."""
    return _run(call, stage_id, "reopen", supervision.reopen, supervision.Because)


def _run(
    call: Call,
    stage_id: str,
    name: str,
    decide: Callable[[Any, Actor, Command[Any], TenantSettings], Change],
    payload: Callable[..., Any],
    people: Iterable[tuple[str, str | None]] = (),
) -> Answer:
    """Give a command on a stage; the people and machines it names must be there."""
    given = dict(vars(call.body))
    command = Command(ids.new(), name, stage_id, payload(**_without_at(given)), call.received_at, given.get("at"))
    named = [*people, ("worker_id", given.get("worker_id"))]
    machinery = [("machine_id", given.get("machine_id"))]

    def check() -> None:
        others = [(field, each) for field, each in named if each != call.actor.user_id]
        references.check(call.actor.tenant, people=others, machinery=machinery)

    return commands.run(call.actor, decide, command, call.request, _presented, check)


def _without_at(given: dict[str, Any]) -> dict[str, Any]:
    """The fields of a body that are the command's payload; its time stands beside it."""
    return {name: value for name, value in given.items() if name != "at"}


def _presented(change: Change, actor: Actor) -> dict[str, Any]:
    """Show what a command came to: the session it booked, or the stage."""
    if isinstance(change.result, Session):
        return session_out(change.result, change.result.made).plain()
    return stage_out(change.order, change.order.stage(change.result.id), actor).plain()
