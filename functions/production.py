"""The doors of what machines did: their production, their stops, and what they counted for a stage."""

from http import HTTPStatus

from chalicelib.domain.errors import Conflict
from chalicelib.schemas.production import (
    CountedOut,
    ExplainStop,
    ListStops,
    ProductionOut,
    ReadProduction,
    StopExplanationOut,
    StopOut,
    counted_out,
    production_out,
    stop_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.machines import production, stops
from chalicelib.services.machines.stops import StopFilters
from chalicelib.services.numbers import attribution
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)
WITH_REASON = {"any": True, "none": False}


@doors.route(
    "GET",
    "/machines/{machine_id}/production",
    action="reading.read",
    query=ReadProduction,
    answers=ProductionOut,
)
def read_production(call: Call, machine_id: str) -> Answer:
    """Read what a machine produced, and its seconds in each state, in up to 31 days [from, to); by default 24 hours."""
    query = call.query
    made = production.read(call.actor, machine_id, query.sensor, query.since, query.until)
    return Answer(production_out(made).plain())


@doors.route("GET", "/machines/stops", action="reading.read", query=ListStops, answers=ListOf(StopOut))
def list_stops(call: Call) -> Answer:
    """List the stops of machines that touch [from, to), by their start; by default 24 hours, up to 31 days of one."""
    query = call.query
    filters = StopFilters(query.machine_id, WITH_REASON.get(query.reason), query.since, query.until)
    page = stops.page(call.actor, filters, limit=query.limit, cursor=query.cursor)
    return page_of(map(stop_out, page.items), page.next_cursor)


@doors.route(
    "POST",
    "/machines/{machine_id}/stops/explain",
    action="stop.explain",
    body=ExplainStop,
    answers=StopExplanationOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict,),
)
def explain_stop(call: Call, machine_id: str) -> Answer:
    """Say why a machine was stopped in a time; what was said before about this time holds no more."""
    return stops.explain(
        call.actor,
        machine_id,
        call.body.payload(),
        call.request,
        lambda made: StopExplanationOut.model_validate(made).plain(),
    )


@doors.route("GET", "/stages/{stage_id}/counted", action="metrics.read", answers=CountedOut)
def read_counted(call: Call, stage_id: str) -> Answer:
    """Read what machines counted for a stage while its sessions named them, beside what people reported."""
    return Answer(counted_out(attribution.counted(call.actor, stage_id)).plain())
