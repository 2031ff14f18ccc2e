"""The policy of escalation: reading and replacing it. It is part of the tenant's settings, under their version."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib.domain.errors import refuse
from chalicelib.domain.escalation import Policy, Step, ordered, wrong_hours, wrong_steps
from chalicelib.domain.people.security_events import EventKind
from chalicelib.domain.people.users import Actor
from chalicelib.domain.tenant_settings import TenantSettings
from chalicelib.domain.tenants import Tenant
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.orders.references import References
from chalicelib.services.tenants import require
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage import tenants
from chalicelib.storage.writes import Write

# The fields of a policy that name people.
NAMED = References(people=("steps.user_ids",))

Present = Callable[[Policy, TenantSettings], Any]


def read(actor: Actor, present: Present) -> Answer:
    """Read the policy of the tenant, as of now. Costs one read."""
    tenant = require(actor.tenant)
    return _answer(tenant, present)


def put(actor: Actor, policy: Policy, request: Request, present: Present) -> Answer:
    """Replace the policy of the tenant, with a security event as its history. It takes effect within a minute.

    If it stays as it is, nothing is written but the idempotency key. Raises InvalidFields, StaleVersion. Costs a read
    and a transaction, and one read if it names people who were not read in the last minute.
    """

    def prepare() -> Prepared:
        before = require(actor.tenant)
        request.refuse_stale(_version(before))
        refuse([*wrong_steps("steps", policy.steps), *wrong_hours("quiet_hours", policy.quiet_hours)])
        NAMED.check(actor.tenant, policy)
        decided = Policy(ordered(policy.steps), policy.quiet_hours)
        if decided == _of(before):
            return Prepared(_answer(before, present), Write())
        settings = replace(before.settings, escalation=decided.steps, quiet_hours=decided.quiet_hours)
        after = replace(before, settings=settings, revision=before.revision + 1)
        detail = {"setting": "escalation", "from": str(_of(before)), "to": str(decided)}
        changed = events.event(EventKind.TENANT_CHANGED, actor_id=actor.user_id, detail=detail)
        return Prepared(_answer(after, present), tenants.put(after), changed)

    return carry_out(actor, "put_escalation", policy, request, prepare)


def refuse_unknown(tenant: str, steps: tuple[Step, ...]) -> None:
    """Refuse steps that name people whom the tenant does not know. Raises InvalidFields."""
    NAMED.check(tenant, Policy(steps))


def _of(tenant: Tenant) -> Policy:
    return Policy(ordered(tenant.settings.escalation), tenant.settings.quiet_hours)


def _answer(tenant: Tenant, present: Present) -> Answer:
    return Answer(present(_of(tenant), tenant.settings), version=_version(tenant))


def _version(tenant: Tenant) -> int:
    """The version of the settings, from 1. The default tenant has none written yet, so its revision is 0."""
    return tenant.revision + 1
