"""The doors of stages: my work, the commands on a stage, its sessions and numbers."""

from collections.abc import Sequence
from typing import Any

from chalicelib import ids
from chalicelib.domain.floor import shifts as rules
from chalicelib.domain.orders.commands import Command, Subject
from chalicelib.schemas.metrics import metrics_out
from chalicelib.schemas.sessions import CorrectSession, ListSessions, session_out
from chalicelib.schemas.shifts import CloseSessions
from chalicelib.schemas.stages import ListStages, stage_out
from chalicelib.services.floor import shifts, stages
from chalicelib.services.floor.shifts import Closed
from chalicelib.services.floor.stages import StageFilters
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import metrics
from chalicelib.services.orders import work_orders
from functions._commands import BODIES, correct, give
from functions._endpoint import Call, Doors, listing
from functions._response import problem_of

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


@doors.route("GET", "/stages/{stage_id}/sessions", action="stage.read", query=ListSessions)
def list_sessions(call: Call, stage_id: str) -> Answer:
    """List the closed sessions of a stage that count, by start; with `every` also those corrected or voided."""
    found = stages.sessions(call.actor, stage_id, every=call.query.every)
    return listing([session_out(session).plain() for session in found], None)


@doors.route("PATCH", "/stages/{stage_id}", action="stage.replan", body=BODIES["replan"], versioned=True)
def replan_stage(call: Call, stage_id: str) -> Answer:
    """Give a stage other times, another name, machine or standard."""
    return _given(call, "replan", stage_id)


@doors.route("PUT", "/stages/{stage_id}/assignees", action="stage.assign", body=BODIES["assign"])
def assign_stage(call: Call, stage_id: str) -> Answer:
    """Say who may work on a stage."""
    return _given(call, "assign", stage_id)


@doors.route("POST", "/stages/{stage_id}/start", action="stage.start", body=BODIES["start"])
def start_stage(call: Call, stage_id: str) -> Answer:
    """Open a session; also resumes."""
    return _given(call, "start", stage_id)


@doors.route("POST", "/stages/{stage_id}/pause", action="stage.pause", body=BODIES["pause"])
def pause_stage(call: Call, stage_id: str) -> Answer:
    """Close a session."""
    return _given(call, "pause", stage_id)


@doors.route("POST", "/stages/{stage_id}/report", action="stage.report", body=BODIES["report"])
def report_stage(call: Call, stage_id: str) -> Answer:
    """Say what was made in an open session."""
    return _given(call, "report", stage_id)


@doors.route("POST", "/stages/{stage_id}/done", action="stage.done", body=BODIES["done"])
def finish_stage(call: Call, stage_id: str) -> Answer:
    """Finish a stage, with what was made last."""
    return _given(call, "done", stage_id)


@doors.route("POST", "/stages/{stage_id}/sessions", action="stage.book", body=BODIES["book"])
def book_session(call: Call, stage_id: str) -> Answer:
    """Book a session that is over."""
    return _given(call, "book", stage_id)


@doors.route("POST", "/stages/{stage_id}/sessions/{session_id}/correct", action="stage.correct", body=CorrectSession)
def correct_session(call: Call, stage_id: str, session_id: str) -> Answer:
    """Give a session that is over other values, or void it; what was booked before stays in its chain."""
    return correct(call.actor, stage_id, session_id, call.body, call.received_at, call.request)


@doors.route("POST", "/stages/close-sessions", action="stage.close_sessions", body=CloseSessions)
def close_sessions(call: Call) -> Answer:
    """End a shift: close what is open on these stages, or on this machine; each stage is answered for itself."""
    body = call.body
    wanted = rules.CloseSessions(body.pause_reason, body.stage_ids or (), body.machine_id)
    command = Command(ids.new(), "close_sessions", "", wanted, call.received_at, body.at, Subject.ORDER)

    def presented(closed: Sequence[Closed]) -> dict[str, Any]:
        return {"items": [_closed_out(each, call.request_id) for each in closed]}

    return shifts.close_sessions(call.actor, command, call.request, presented)


@doors.route("POST", "/stages/{stage_id}/skip", action="stage.skip", body=BODIES["skip"])
def skip_stage(call: Call, stage_id: str) -> Answer:
    """Leave a stage out; what was made there stays booked."""
    return _given(call, "skip", stage_id)


@doors.route("POST", "/stages/{stage_id}/reopen", action="stage.reopen", body=BODIES["reopen"])
def reopen_stage(call: Call, stage_id: str) -> Answer:
    """Let a stage go on that was done or skipped."""
    return _given(call, "reopen", stage_id)


def _given(call: Call, name: str, stage_id: str) -> Answer:
    return give(call.actor, name, stage_id, call.body, call.received_at, call.request)


def _closed_out(closed: Closed, request_id: str) -> dict[str, Any]:
    """Show how a shift's end came out on one stage."""
    shown = {"stage_id": closed.stage_id, "result": closed.outcome}
    return shown | ({"error": problem_of(closed.error, request_id)} if closed.error else {})
