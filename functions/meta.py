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
    values = meta.values(tenants.settings_of(call.actor.tenant))
    return Answer(MetaOut(version=__version__, limits=dict(meta.LIMITS), values=values).plain())


@doors.route("GET", "/meta/transitions", action="meta.read", answers=StateMachinesOut)
def read_transitions(_: Call) -> Answer:
    """Read the state machines: status, command, next status, roles, and what follows for order and stage."""
    return Answer(StateMachinesOut.model_validate(meta.state_machines()).plain())
