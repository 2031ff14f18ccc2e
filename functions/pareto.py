"""The door of Pareto: the reasons of losses, the largest first."""

from chalicelib.domain.errors import NotFound
from chalicelib.schemas.pareto import ParetoOut, ReadPareto, pareto_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.numbers import pareto
from functions._endpoint import Call, Doors

doors = Doors(__name__)


@doors.route(
    "GET", "/metrics/pareto", action="metrics.pareto", query=ReadPareto, answers=ParetoOut, refuses=(NotFound,)
)
def read_pareto(call: Call) -> Answer:
    """Read the reasons of stops in local days, `from` and `to` included, the largest first; by default of a week."""
    query = call.query
    found = pareto.of_stops_in(call.actor, query.machine_id, query.first, query.last)
    return Answer(pareto_out(found).plain())
