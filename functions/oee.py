"""The doors of OEE: of a machine, and of many by machine, line, shift or day."""

from chalicelib.schemas.explained import explanation_out
from chalicelib.schemas.oee import (
    ListOee,
    MachineMetricsOut,
    OeeRowOut,
    ReadMachineMetrics,
    machine_metrics_out,
    oee_row_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import oee
from chalicelib.services.numbers.oee import OeeFilters
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "GET",
    "/machines/{machine_id}/metrics",
    action="metrics.read",
    query=ReadMachineMetrics,
    answers=MachineMetricsOut,
)
def read_machine_metrics(call: Call, machine_id: str) -> Answer:
    """Read the OEE of a machine in up to 31 days [from, to); by default 24 hours; with `explain=1` all inputs too."""
    query = call.query
    window = query.since, query.until
    if query.explain:
        page = {"limit": query.limit, "cursor": query.cursor}
        measured, inputs = oee.explained_machine(call.actor, machine_id, *window, **page)
        told = explanation_out(inputs.items, inputs.next_cursor)
        return Answer(machine_metrics_out(measured).model_copy(update={"explanation": told}).plain())
    measured = oee.of_machine(call.actor, machine_id, *window)
    return Answer(machine_metrics_out(measured).plain())


@doors.route("GET", "/metrics/oee", action="metrics.daily", query=ListOee, answers=ListOf(OeeRowOut))
def list_oee(call: Call) -> Answer:
    """List the OEE of machines, lines, shifts or days in up to 31 days [from, to); by default 24 hours."""
    query = call.query
    filters = OeeFilters(query.by, query.machine_id, query.line, query.since, query.until)
    page = oee.page(call.actor, filters, limit=query.limit, cursor=query.cursor)
    return page_of((oee_row_out(query.by, each) for each in page.items), page.next_cursor)
