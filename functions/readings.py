"""The doors of readings: sending and reading them over HTTP, and hourly rollups."""

from http import HTTPStatus

from chalicelib.domain.errors import Conflict, Throttled
from chalicelib.domain.machines.windows import refuse_no_time
from chalicelib.schemas.readings import (
    ListReadings,
    ListRollups,
    NewReadings,
    ReadingOut,
    RollupOut,
    SentOut,
    reading_out,
    rollup_out,
    sent_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.machines import readings, rollups
from chalicelib.services.machines.readings import ReadingFilters
from chalicelib.services.machines.rollups import RollupFilters
from functions._endpoint import Call, Doors, MachineCall, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "POST",
    "/machines/{machine_id}/readings",
    action="reading.send",
    body=NewReadings,
    answers=SentOut,
    statuses=(HTTPStatus.ACCEPTED,),
    refuses=(Conflict, Throttled),
    machines=True,
)
def send_readings(call: Call | MachineCall, machine_id: str) -> Answer:
    """Send readings of a machine; good ones are accepted, wrong ones are listed and go to quarantine."""
    message = call.body.model_dump(exclude_unset=True)
    sent = readings.send(call.tenant, machine_id, message, dry_run=call.request.dry_run)
    return Answer(sent_out(sent.accepted, sent.quarantined, sent.errors, call.reader.language).plain(), queued=True)


@doors.route(
    "GET",
    "/machines/{machine_id}/readings",
    action="reading.read",
    query=ListReadings,
    answers=ListOf(ReadingOut),
)
def list_readings(call: Call, machine_id: str) -> Answer:
    """List a machine's readings of up to 24 hours [from, to) by device time, each once; by default the last hour."""
    query = call.query
    filters = ReadingFilters(machine_id, frozenset(query.sensor), frozenset(query.type), query.since, query.until)
    page = readings.page(call.actor, filters, limit=query.limit, cursor=query.cursor)
    return page_of(map(reading_out, page.items), page.next_cursor)


@doors.route(
    "GET",
    "/machines/{machine_id}/rollups",
    action="reading.read",
    query=ListRollups,
    answers=ListOf(RollupOut),
)
def list_rollups(call: Call, machine_id: str) -> Answer:
    """List a machine's hourly rollups, by time; the hours overlap [from, to), by default 31 days."""
    query = call.query
    refuse_no_time(query.since, query.until)
    filters = RollupFilters(machine_id, frozenset(query.sensor), frozenset(query.type), query.since, query.until)
    page = rollups.page(call.actor, filters, limit=query.limit, cursor=query.cursor)
    shown = (rollup_out(made, complete=rollups.is_complete(call.actor, made)) for made in page.items)
    return page_of(shown, page.next_cursor)
