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
    """Read the reasons of stops, pauses or scrap by size, in local days, `from` to `to`; by default the last seven."""
    query = call.query
    return Answer(pareto_out(pareto.read(call.actor, query.of, query.machine_id, query.first, query.last)).plain())
