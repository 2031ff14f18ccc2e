"""The doors of what machines did: their production."""

from chalicelib.schemas.production import ProductionOut, ReadProduction, production_out
from chalicelib.services.idempotency import Answer
from chalicelib.services.machines import production
from functions._endpoint import Call, Doors

doors = Doors(__name__)


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
