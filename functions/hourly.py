"""The door of hours: good pieces against expected ones, of a machine or of a stage."""

from chalicelib.domain.errors import BadParameter, NotFound
from chalicelib.domain.sentences import say
from chalicelib.schemas.hourly import HourlyOut, ReadHours, hourly_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import hourly
from functions._endpoint import Call, Doors

doors = Doors(__name__)


@doors.route("GET", "/metrics/hourly", action="metrics.hourly", query=ReadHours, answers=HourlyOut, refuses=(NotFound,))
def read_hours(call: Call) -> Answer:
    """Read good pieces against expected ones by the hour, of a machine or of a stage, in up to 48 hours [from, to)."""
    query = call.query
    window = query.since, query.until
    if query.machine_id is not None and query.stage_id is None:
        found = hourly.of_machine(call.actor, query.machine_id, *window)
    elif query.stage_id is not None and query.machine_id is None:
        found = hourly.of_stage(call.actor, query.stage_id, *window)
    else:
        raise BadParameter(say("Give machine_id or stage_id, one of them."))
    return Answer(hourly_out(found).plain())
