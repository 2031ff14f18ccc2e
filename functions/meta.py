"""The doors of metadata: lists of values, limits, and the state machines as data."""

from chalicelib import __version__
from chalicelib.domain import meta
from chalicelib.schemas.meta import MetaOut, StateMachinesOut
from chalicelib.services import tenants
from chalicelib.services.idempotency import Answer
from functions._endpoint import Call, Doors

doors = Doors(__name__)


@doors.route("GET", "/meta", action="meta.read", answers=MetaOut)
def read_meta(call: Call) -> Answer:
    """Read the version, the limits and the allowed values of fields."""
    settings = tenants.settings_of(call.actor.tenant)
    limits, values, labels = dict(meta.LIMITS), meta.values(settings), meta.labels(settings)
    return Answer(MetaOut(version=__version__, limits=limits, values=values, labels=labels).plain())


@doors.route("GET", "/meta/transitions", action="meta.read", answers=StateMachinesOut)
def read_transitions(_: Call) -> Answer:
    """Read the state machines: status, command, next status, roles, and what follows for order and stage."""
    return Answer(StateMachinesOut.model_validate(meta.state_machines()).plain())
