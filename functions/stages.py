"""The doors of stages: lists, the commands on a stage, its sessions and its metrics."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from chalicelib import ids
from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.schemas.batches import ClosedOut
from chalicelib.schemas.explained import ReadMetrics, explained_out
from chalicelib.schemas.metrics import StageMetricsOut, stage_metrics_out
from chalicelib.schemas.problems import Reader
from chalicelib.schemas.sessions import CorrectSession, ListSessions, ListSessionsOfWorker, SessionOut, session_out
from chalicelib.schemas.shifts import CloseSessions
from chalicelib.schemas.stages import ListStages, StageOut, stage_out
from chalicelib.schemas.values import ME
from chalicelib.services.floor import shifts, stages
from chalicelib.services.floor.shifts import Closed
from chalicelib.services.floor.stages import StageFilters
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import metrics
from chalicelib.services.orders import work_orders
from functions._commands import BODIES, correct, give
from functions._endpoint import Call, Doors, page_of
from functions._response import problem_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route("GET", "/stages", action="stage.list", query=ListStages, answers=ListOf(StageOut))
def list_stages(call: Call) -> Answer:
    """List stages that have not ended, or with `status` those that have; a worker sees only their own."""
    query = call.query
    filters = StageFilters(query.assignee == ME, query.status, query.due_before, query.due_after, query.newest)
    page = stages.page(call.actor, filters, limit=query.limit, cursor=query.cursor)
    return page_of((stage_out(order, stage, call.actor) for order, stage in page.items), page.next_cursor)


@doors.route("GET", "/stages/{stage_id}", action="stage.read", answers=StageOut)
def read_stage(call: Call, stage_id: str) -> Answer:
    """Read a stage."""
    order, stage = work_orders.read_stage(call.actor, stage_id)
    return Answer(stage_out(order, stage, call.actor).plain(), version=order.version)


@doors.route("GET", "/stages/{stage_id}/metrics", action="metrics.read", query=ReadMetrics, answers=StageMetricsOut)
def read_stage_metrics(call: Call, stage_id: str) -> Answer:
    """Read the metrics of a stage as of now; with `explain=1` every input that was used or left out too."""
    if call.query.explain:
        page = {"limit": call.query.limit, "cursor": call.query.cursor}
        measured, inputs = metrics.explained_stage(call.actor, stage_id, **page)
        return Answer(explained_out(stage_metrics_out(measured), inputs.items, inputs.next_cursor))
    return Answer(stage_metrics_out(metrics.of_stage(call.actor, stage_id)).plain())


@doors.route("GET", "/stages/{stage_id}/sessions", action="stage.read", query=ListSessions, answers=ListOf(SessionOut))
def list_sessions(call: Call, stage_id: str) -> Answer:
    """List the closed sessions that count, by start; with `every` also corrected and voided ones."""
    query = call.query
    found = stages.sessions(call.actor, stage_id, every=query.every, limit=query.limit, cursor=query.cursor)
    return page_of(map(session_out, found.items), found.next_cursor)


@doors.route(
    "GET",
    "/sessions",
    action="session.list",
    query=ListSessionsOfWorker,
    answers=ListOf(SessionOut),
)
def list_sessions_of_worker(call: Call) -> Answer:
    """List the closed sessions of a worker that count, by start, newest first; a worker sees only their own."""
    query = call.query
    worker_id = None if query.worker == ME else query.worker
    found = stages.sessions_of(call.actor, worker_id, query.since, limit=query.limit, cursor=query.cursor)
    return page_of(map(session_out, found.items), found.next_cursor)


@doors.route(
    "PATCH",
    "/stages/{stage_id}",
    action="stage.replan",
    body=BODIES["replan"],
    answers=StageOut,
    refuses=(Conflict, Stale),
    versioned=True,
    brief=True,
)
def replan_stage(call: Call, stage_id: str) -> Answer:
    """Change the planned times, name, machine or standard time of a stage."""
    return _given(call, "replan", stage_id)


@doors.route(
    "PUT",
    "/stages/{stage_id}/assignees",
    action="stage.assign",
    body=BODIES["assign"],
    answers=StageOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def assign_stage(call: Call, stage_id: str) -> Answer:
    """Set who may work on a stage; replaces the whole list."""
    return _given(call, "assign", stage_id)


@doors.route(
    "POST",
    "/stages/{stage_id}/start",
    action="stage.start",
    body=BODIES["start"],
    answers=StageOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def start_stage(call: Call, stage_id: str) -> Answer:
    """Start or resume work on a stage; opens a session."""
    return _given(call, "start", stage_id)


@doors.route(
    "POST",
    "/stages/{stage_id}/pause",
    action="stage.pause",
    body=BODIES["pause"],
    answers=StageOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def pause_stage(call: Call, stage_id: str) -> Answer:
    """Pause work on a stage; closes the session."""
    return _given(call, "pause", stage_id)


@doors.route(
    "POST",
    "/stages/{stage_id}/report",
    action="stage.report",
    body=BODIES["report"],
    answers=StageOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def report_stage(call: Call, stage_id: str) -> Answer:
    """Report the pieces made in an open session, as increments."""
    return _given(call, "report", stage_id)


@doors.route(
    "POST",
    "/stages/{stage_id}/done",
    action="stage.done",
    body=BODIES["done"],
    answers=StageOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def finish_stage(call: Call, stage_id: str) -> Answer:
    """Finish a stage; may report the last pieces made."""
    return _given(call, "done", stage_id)


@doors.route(
    "POST",
    "/stages/{stage_id}/sessions",
    action="stage.book",
    body=BODIES["book"],
    answers=SessionOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict, Stale),
)
def book_session(call: Call, stage_id: str) -> Answer:
    """Book a session that has already ended."""
    return _given(call, "book", stage_id)


@doors.route(
    "POST",
    "/stages/{stage_id}/sessions/{session_id}/correct",
    action="stage.correct",
    body=CorrectSession,
    answers=SessionOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def correct_session(call: Call, stage_id: str, session_id: str) -> Answer:
    """Correct or void a closed session; the earlier record is kept."""
    return correct(call.actor, stage_id, session_id, call.body, call.received_at, call.request)


@doors.route(
    "POST",
    "/stages/close-sessions",
    action="stage.close_sessions",
    body=CloseSessions,
    answers=ListOf(ClosedOut),
    refuses=(Conflict,),
)
def close_sessions(call: Call) -> Answer:
    """End a shift: close the open sessions on stages or on a machine; each stage has its own result."""
    wanted = call.body.payload()
    command = Command(ids.new(), "close_sessions", "", wanted, call.received_at, call.body.at, Subject.ORDER)

    def presented(closed: Sequence[Closed]) -> dict[str, Any]:
        return {"items": [_closed_out(result, call.reader).plain() for result in closed]}

    return shifts.close_sessions(call.actor, command, call.request, presented)


@doors.route(
    "POST",
    "/stages/{stage_id}/skip",
    action="stage.skip",
    body=BODIES["skip"],
    answers=StageOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def skip_stage(call: Call, stage_id: str) -> Answer:
    """Skip a stage; what was booked there stays."""
    return _given(call, "skip", stage_id)


@doors.route(
    "POST",
    "/stages/{stage_id}/reopen",
    action="stage.reopen",
    body=BODIES["reopen"],
    answers=StageOut,
    refuses=(Conflict, Stale),
    brief=True,
)
def reopen_stage(call: Call, stage_id: str) -> Answer:
    """Reopen a stage that is done or skipped."""
    return _given(call, "reopen", stage_id)


def _given(call: Call, name: str, stage_id: str) -> Answer:
    return give(call.actor, name, stage_id, call.body, call.received_at, call.request)


def _closed_out(closed: Closed, reader: Reader) -> ClosedOut:
    """Show the result of a shift's end on one stage."""
    error = problem_of(closed.error, reader) if closed.error else None
    return ClosedOut(stage_id=closed.stage_id, result=closed.outcome, error=error)
