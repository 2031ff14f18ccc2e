"""The data of people in tests of access, made through the API."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from chalice.test import Client

from chalicelib import passwords, settings
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.quarantine import set_aside
from chalicelib.domain.people.terminal_access import ChangeTerminalAccess
from chalicelib.domain.people.users import Role
from chalicelib.domain.telling.webhooks import NewWebhook
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.idempotency import Request
from chalicelib.services.people import terminal_access
from chalicelib.services.telling import on_demand
from chalicelib.services.telling.webhooks import create
from chalicelib.storage.machines import quarantine
from chalicelib.storage.telling import deliveries, webhooks
from tests.attachments import attach
from tests.floor import MORNING, Person, hire, new_order, on_device
from tests.functions.bodies import sign_in
from tests.functions.things import PASSWORD, PIN, Things
from tests.machines import part

WORKED = {"started_at": MORNING.isoformat(), "ended_at": MORNING.isoformat()}
BECAUSE = {"reason": "no drawing"}
ISSUE = {"type": "tooling", "description": "The drill is blunt"}
# The operations that change something, in the table or on the queue.
CHANGING = {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems", "SendMessage"}
# What is kept of an attempt that is refused, so that guessing is seen and slowed down.
AUDIT = {"security_event", "throttle"}


def employ(client: Client, name: str, role: Role, tenant: str = DEFAULT_TENANT, **fields: Any) -> Person:
    """Hire somebody who can sign in, and is."""
    hashed = passwords.hashed(PASSWORD, settings.current().bcrypt_cost)
    return on_device(hire(client, name, role, tenant=tenant, hashed=hashed, **fields))


def furnish(planner: Person, owner: Person, neighbour: Person, machine_id: str) -> tuple[Things, Things]:
    """Give somebody two stages of an order of which their neighbour has the others: what is theirs, what is not."""
    hands = (owner, owner, neighbour, neighbour)
    wanted = [{"name": f"S{n}", "assignee_ids": [hand.id]} for n, hand in enumerate(hands)]
    order = planner.post("/workorders", new_order(stages=wanted)).data
    stages = [stage["id"] for stage in order["stages"]]
    own, next_to_it = (
        _things(planner, hand, stages[n : n + 2], machine_id) for n, hand in ((0, owner), (2, neighbour))
    )
    return own, next_to_it


def take_over(planner: Person, left: Person, neighbour: Person, machine_id: str) -> Things:
    """Give a neighbour the two stages that somebody was at work on until the server closed their sessions."""
    wanted = [{"name": f"L{n}", "assignee_ids": [left.id]} for n in range(2)]
    stages = [stage["id"] for stage in planner.post("/workorders", new_order(stages=wanted)).data["stages"]]
    for stage in stages:
        planner.post(f"/stages/{stage}/start", {"worker_id": left.id})
    planner.post("/stages/close-sessions", {"stage_ids": stages, "pause_reason": "shift_end"})
    for stage in stages:
        assert planner.put(f"/stages/{stage}/assignees", {"user_ids": [neighbour.id]}).status == 200
    return _things(planner, neighbour, stages, machine_id)


def hooked(person: Person) -> tuple[str, str]:
    """The ids of a webhook of somebody's plant, and of what was sent to it; both are made if they are not there."""
    actor, hooks = person.actor, webhooks.find_all(person.tenant)
    if not hooks:
        made = create(actor, NewWebhook("https://hooks.example.com/"), Request(), lambda webhook: webhook)
        hooks = [made.data]
        on_demand.ping(actor, hooks[0].id, Request(), lambda delivery: delivery)
    (delivery,) = deliveries.newest(person.tenant, hooks[0].id, limit=1)
    return hooks[0].id, delivery.id


def tablet(planner: Person, owner: Person) -> dict[str, str]:
    """A shared terminal, and a PIN for somebody, as an admin would give it."""
    admin = replace(planner.actor, user_id="", role=Role.ADMIN)
    terminal_access.change(admin, owner.id, ChangeTerminalAccess(PIN), Request(), lambda access: access)
    made = planner.post("/terminals", {"name": "Hall A"}).data
    return {"terminal_id": made["id"], "terminal_key": made["key"]}


def in_quarantine(tenant: str, machine_id: str) -> str:
    """The id of a message in quarantine of a plant that can be taken in; it is put there if it is not."""
    body = json.dumps({"tenant": tenant, "machine_id": machine_id, "readings": [part()]})
    message = set_aside(body, MORNING, "", [FieldError("machine_id", "is not registered", "unknown_machine")])
    quarantine.write(tenant, [message])
    return message.id


def _things(planner: Person, owner: Person, stages: Sequence[str], machine_id: str) -> Things:
    resting, busy = stages
    reporter = planner if owner.actor.must_change_password else owner
    planner.post(f"/stages/{busy}/start", {"worker_id": owner.id})
    session = planner.post(f"/stages/{resting}/sessions", {**WORKED, "worker_id": owner.id}).data
    refresh_token = Person(owner.client, None).post("/auth/login", sign_in(owner)).data["refresh_token"]
    stopped = planner.post("/workorders", new_order()).data
    over = stopped["stages"][0]["id"]
    webhook_id, delivery_id = hooked(planner)
    planner.post(f"/stages/{over}/skip", BECAUSE)
    planner.post(f"/workorders/{stopped['id']}/hold", BECAUSE)
    planner.put("/routes/default", {"stages": [{"name": "Enjeksiyon"}, {"name": "Montaj"}]})
    planner.put(f"/calendars/{machine_id}", {"valid_from": "2026-01-05", "shifts": []}, If_Match="*")
    product_code = f"cap-of-{planner.tenant}"
    planner.post("/products", {"product_code": product_code, "name": "Cap"})
    issue_id = reporter.post(f"/stages/{resting}/issue", ISSUE).data["id"]
    return Things(
        owner=owner,
        order_id=resting.rpartition("-")[0],
        resting=resting,
        busy=busy,
        session_id=session["id"],
        stopped=stopped["id"],
        over=over,
        issue_id=issue_id,
        attachment_id=attach(reporter, issue_id)["id"],
        machine_id=machine_id,
        key_id=planner.post(f"/machines/{machine_id}/keys", {"name": "Gateway"}).data["id"],
        product_code=product_code,
        device_id=refresh_token.split(".")[3],
        user_id=owner.id,
        refresh_token=refresh_token,
        webhook_id=webhook_id,
        delivery_id=delivery_id,
        message_id=in_quarantine(planner.tenant, machine_id),
        **tablet(planner, owner),
        screen_id=planner.post("/screens", {"name": "Hall A"}).data["id"],
    )
