"""The doors of the policy of escalation: who is told of an issue that waits too long."""

from typing import Any

from chalicelib.domain.errors import Conflict, Stale
from chalicelib.domain.escalation import Policy
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.schemas.escalation import EscalationOut, PutEscalation
from chalicelib.services.andon import policy
from chalicelib.services.idempotency import Answer
from functions._endpoint import Call, Doors

doors = Doors(__name__)


@doors.route("GET", "/escalation", action="escalation.read", answers=EscalationOut)
def read_escalation(call: Call) -> Answer:
    """Read the policy of escalation. A new tenant has no steps: nobody is told."""
    return policy.read(call.actor, _shown)


@doors.route(
    "PUT",
    "/escalation",
    action="escalation.change",
    body=PutEscalation,
    answers=EscalationOut,
    refuses=(Conflict, Stale),
    versioned=True,
)
def put_escalation(call: Call) -> Answer:
    """Replace the policy of escalation. Open issues follow it."""
    return policy.put(call.actor, call.body.payload(), call.request, _shown)


def _shown(shown: Policy, settings: TenantSettings) -> dict[str, Any]:
    shape = {"steps": shown.steps, "quiet_hours": shown.quiet_hours, "timezone": settings.timezone}
    return EscalationOut.model_validate(shape).plain()
