"""The doors of metadata: lists of values, limits, and the state machines as data."""

from chalicelib import __version__, settings
from chalicelib.domain import meta
from chalicelib.domain.people.app_versions import newest
from chalicelib.rates import RATES
from chalicelib.schemas.meta import Bounds, MetaOut, RequestRateOut, StateMachinesOut, meta_out
from chalicelib.services import tenants
from chalicelib.services.idempotency import Answer
from functions import _request
from functions._endpoint import Call, Doors

doors = Doors(__name__)

LIMITS = {"bytes_per_body": _request.MAX_BODY_BYTES, "characters_per_query": _request.LONGEST_QUERY}


@doors.route("GET", "/meta", action="meta.read", answers=MetaOut, any_version=True)
def read_meta(call: Call) -> Answer:
    """Read the version, the plant's settings, the limits, and the allowed values of fields with their labels."""
    plant = tenants.settings_of(call.tenant)
    rates = [RequestRateOut(method=r.method, path=r.path, per_second=r.a_second, at_once=r.at_once) for r in RATES]
    bounds = Bounds(LIMITS, rates)
    least = newest(plant.minimum_app_version, settings.current().minimum_app_version)
    return Answer(meta_out(__version__, call.tenant, plant, least, bounds).plain(), polled=True)


@doors.route("GET", "/meta/transitions", action="meta.read", answers=StateMachinesOut, any_version=True)
def read_transitions(_: Call) -> Answer:
    """Read the state machines: status, command, next status, roles, and what follows for order and stage."""
    return Answer(StateMachinesOut.model_validate(meta.state_machines()).plain())
