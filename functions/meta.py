"""The doors that tell what Takip knows: value lists, limits, and the state machines as data."""

from typing import Any

from chalicelib import __version__
from chalicelib.domain import meta
from chalicelib.services import tenants
from chalicelib.services.idempotency import Answer
from functions._endpoint import Call, Doors

doors = Doors(__name__)


@doors.route("GET", "/meta", action="meta.read")
def read_meta(call: Call) -> Answer:
    """Read the version, the limits and the allowed values of fields."""
    settings = tenants.settings_of(call.actor.tenant)
    known: dict[str, Any] = {"version": __version__, "limits": meta.LIMITS, "values": meta.values(settings)}
    return Answer(known)


@doors.route("GET", "/meta/transitions", action="meta.read")
def read_transitions(_: Call) -> Answer:
    """Read the state machines: status, command, next status, roles, and what follows for order and stage."""
    return Answer(meta.state_machines())
