"""Helpers for tests of access: for every endpoint the ids of its path and a valid body."""

import json
from dataclasses import dataclass
from typing import Any

from functions._pages import asset_named
from functions._rules import WRITES, Rule
from tests.floor import Person, Reply, new_order
from tests.functions.bodies import (
    Body,
    always,
    answered,
    at_terminal,
    because,
    empty,
    for_owner,
    made,
    newest_notification,
    offline,
    sign_in,
    stopped,
    worked,
)
from tests.functions.things import (
    NEW_PASSWORD,
    NOTHING,
    ORDERS,
    OWN,
    PASSWORD,
    PEOPLE,
    PIN,
    PLANTS,
    STAGES,
    Reach,
    Things,
)
from tests.machines import part


@dataclass(frozen=True)
class Entry:
    """What the path of a door names, and a body or parameters with which it opens to whoever may come in.

    `tells` are the ids of colleagues' things that it tells to a worker on purpose, `tells_of_left` those of a stage
    that the worker had to leave: their own sessions there stay theirs.
    """

    reach: Reach = NOTHING
    body: Body = empty
    stage: str = "resting"
    order: str = "order_id"
    tells: frozenset[str] = frozenset()
    tells_of_left: frozenset[str] = frozenset()
    query: str = ""


# Every door of the API. One that is not named here fails the tests: nobody would know whose things it shows.
ENTRIES: dict[str, Entry] = {
    "POST /auth/login": Entry(body=lambda _, things: sign_in(things.owner)),
    "POST /auth/refresh": Entry(body=lambda _, things: {"refresh_token": things.refresh_token}),
    "POST /auth/logout": Entry(),
    "POST /auth/password": Entry(body=always(current=PASSWORD, new=NEW_PASSWORD)),
    "GET /auth/me": Entry(),
    "GET /auth/devices": Entry(),
    "GET /me/home": Entry(),
    "GET /scan/{code}": Entry(STAGES),
    "DELETE /auth/devices/{device_id}": Entry(OWN),
    "GET /auth/events": Entry(),
    "POST /auth/register": Entry(body=always(username="new", password=PASSWORD)),
    "GET /auth/users": Entry(),
    "GET /auth/users/{user_id}": Entry(PLANTS),
    "PATCH /auth/users/{user_id}": Entry(PLANTS, always(full_name="Somebody")),
    "PATCH /auth/users/{user_id}/role": Entry(PLANTS, always(role="planner")),
    "POST /auth/users/{user_id}/password": Entry(PLANTS),
    "POST /workorders": Entry(body=lambda _, __: new_order()),
    "POST /workorders/import": Entry(body=lambda _, __: {"rows": [new_order()]}),
    "GET /workorders": Entry(),
    "GET /workorders/{order_id}": Entry(ORDERS),
    "PATCH /workorders/{order_id}": Entry(ORDERS, always(reason="late", priority=7)),
    "GET /workorders/{order_id}/stages": Entry(ORDERS),
    "GET /workorders/{order_id}/history": Entry(ORDERS),
    "POST /workorders/{order_id}/hold": Entry(ORDERS, because),
    "POST /workorders/{order_id}/release": Entry(ORDERS, because, order="stopped"),
    "POST /workorders/{order_id}/cancel": Entry(ORDERS, because),
    "GET /workorders/{order_id}/people": Entry(ORDERS, tells=frozenset({"user_id"})),
    "GET /workorders/{order_id}/metrics": Entry(ORDERS),
    "GET /routes": Entry(),
    "GET /routes/{product_code}": Entry(),
    "PUT /routes": Entry(body=always(product_code="P-1", stages=[{"name": "Montaj"}])),
    "PUT /routes/{product_code}": Entry(body=always(stages=[{"name": "Montaj"}])),
    "POST /products": Entry(body=always(product_code="NEW", name="Cap")),
    "GET /products": Entry(),
    "GET /products/{product_code}": Entry(PLANTS),
    "PATCH /products/{product_code}": Entry(PLANTS, always(name="Other")),
    "GET /products/{product_code}/history": Entry(PLANTS),
    "GET /products/{product_code}/standards": Entry(PLANTS),
    "GET /stages": Entry(),
    "GET /stages/{stage_id}": Entry(STAGES),
    "GET /stages/{stage_id}/metrics": Entry(STAGES),
    "GET /stages/{stage_id}/sessions": Entry(STAGES),
    "GET /stages/{stage_id}/counted": Entry(STAGES),
    "GET /sessions": Entry(tells_of_left=frozenset({"resting", "busy"})),
    "PATCH /stages/{stage_id}": Entry(STAGES, always(reason="late", name="Other")),
    "PUT /stages/{stage_id}/assignees": Entry(STAGES, always(user_ids=[])),
    "POST /stages/{stage_id}/start": Entry(STAGES, for_owner),
    "POST /stages/{stage_id}/pause": Entry(STAGES, for_owner, "busy"),
    "POST /stages/{stage_id}/report": Entry(STAGES, made, "busy"),
    "POST /stages/{stage_id}/done": Entry(STAGES, made, "busy"),
    "POST /stages/{stage_id}/sessions": Entry(STAGES, worked),
    "POST /stages/{stage_id}/sessions/{session_id}/correct": Entry(STAGES, always(good=1, reason="miscounted")),
    "POST /stages/close-sessions": Entry(body=lambda _, its: {"stage_ids": [its.busy], "pause_reason": "shift_end"}),
    "POST /stages/{stage_id}/skip": Entry(STAGES, because),
    "POST /stages/{stage_id}/reopen": Entry(STAGES, because, "over"),
    "POST /sync/commands": Entry(body=offline),
    "POST /stages/{stage_id}/issue": Entry(STAGES, always(type="quality", description="Scratches")),
    "GET /stages/{stage_id}/issues": Entry(STAGES),
    "PATCH /stages/{stage_id}/issues/{issue_id}": Entry(STAGES, answered),
    "POST /machines/{machine_id}/issue": Entry(PLANTS, always(type="quality", description="Noise")),
    "GET /machines/{machine_id}/issues": Entry(PLANTS),
    "GET /issues": Entry(),
    "GET /issues/counts": Entry(),
    "GET /issues/{issue_id}": Entry(STAGES),
    "GET /issues/{issue_id}/notes": Entry(STAGES),
    "PATCH /issues/{issue_id}": Entry(STAGES, answered),
    "PUT /issues/{issue_id}/presence": Entry(STAGES),
    "DELETE /issues/{issue_id}/presence": Entry(STAGES),
    "POST /issues/{issue_id}/attachments": Entry(STAGES, always(content_type="image/png", size_bytes=9, name="a.png")),
    "POST /issues/{issue_id}/attachments/{attachment_id}/confirm": Entry(STAGES),
    "GET /issues/{issue_id}/attachments": Entry(STAGES),
    "GET /escalation": Entry(),
    "PUT /escalation": Entry(body=always(steps=[], quiet_hours={"start": "22:00", "end": "06:00"})),
    "GET /calendars/{calendar_id}": Entry(PLANTS),
    "PUT /calendars/{calendar_id}": Entry(PLANTS, always(valid_from="2026-01-05", shifts=[])),
    "GET /calendars/{calendar_id}/shifts": Entry(PLANTS),
    "POST /machines": Entry(body=always(id="NEW", name="Press")),
    "GET /machines": Entry(),
    "GET /machines/{machine_id}": Entry(PLANTS),
    "PATCH /machines/{machine_id}": Entry(PLANTS, always(name="Other")),
    "GET /machines/{machine_id}/history": Entry(PLANTS),
    "POST /machines/{machine_id}/keys": Entry(PLANTS, always(name="Gateway")),
    "GET /machines/{machine_id}/keys": Entry(PLANTS),
    "DELETE /machines/{machine_id}/keys/{key_id}": Entry(PLANTS),
    "POST /machines/{machine_id}/readings": Entry(PLANTS, always(**part())),
    "GET /machines/{machine_id}/readings": Entry(PLANTS),
    "GET /machines/{machine_id}/rollups": Entry(PLANTS),
    "GET /machines/{machine_id}/production": Entry(PLANTS),
    "GET /machines/{machine_id}/metrics": Entry(PLANTS),
    "GET /machines/stops": Entry(),
    "POST /machines/{machine_id}/stops/explain": Entry(PLANTS, stopped),
    "GET /machines/quarantine": Entry(),
    "GET /machines/quarantine/counts": Entry(),
    "GET /machines/quarantine/{message_id}": Entry(PLANTS),
    "POST /machines/quarantine/replay": Entry(body=always(code="unknown_machine")),
    "POST /machines/quarantine/{message_id}/replay": Entry(PLANTS),
    "DELETE /machines/quarantine": Entry(),
    "DELETE /machines/quarantine/{message_id}": Entry(PLANTS),
    "POST /webhooks": Entry(body=always(url="https://hooks.example.com/takip")),
    "GET /webhooks": Entry(),
    "GET /webhooks/{webhook_id}": Entry(PLANTS),
    "PATCH /webhooks/{webhook_id}": Entry(PLANTS, always(description="ERP")),
    "DELETE /webhooks/{webhook_id}": Entry(PLANTS),
    "POST /webhooks/{webhook_id}/rotate-secret": Entry(PLANTS),
    "POST /webhooks/{webhook_id}/ping": Entry(PLANTS),
    "GET /webhooks/{webhook_id}/deliveries": Entry(PLANTS),
    "POST /webhooks/{webhook_id}/deliveries/{delivery_id}/redeliver": Entry(PLANTS),
    "POST /terminals": Entry(body=always(name="Hall A")),
    "GET /terminals": Entry(),
    "DELETE /terminals/{terminal_id}": Entry(PLANTS),
    "POST /terminals/sign-in": Entry(body=at_terminal),
    "GET /auth/users/{user_id}/terminal": Entry(PEOPLE),
    "PATCH /auth/users/{user_id}/terminal": Entry(PEOPLE, always(pin=PIN)),
    "GET /board": Entry(query="?line=Kesim"),
    "POST /live": Entry(),
    "POST /screens": Entry(body=always(name="Hall A")),
    "GET /screens": Entry(),
    "DELETE /screens/{screen_id}": Entry(PLANTS),
    "GET /metrics/catalogue": Entry(),
    "GET /metrics/daily": Entry(),
    "GET /exports/daily": Entry(),
    "GET /exports/orders": Entry(),
    "GET /exports/stages": Entry(),
    "GET /exports/sessions": Entry(),
    "GET /exports/issues": Entry(),
    "GET /metrics/issues": Entry(),
    "GET /metrics/oee": Entry(),
    "GET /metrics/summary": Entry(),
    "GET /metrics/pareto": Entry(query="?of=stops&machine_id={machine_id}"),
    "GET /metrics/hourly": Entry(query="?machine_id={machine_id}"),
    "GET /notifications": Entry(),
    "GET /notifications/counts": Entry(),
    "PUT /notifications/read": Entry(body=newest_notification),
    "GET /meta": Entry(),
    "GET /meta/transitions": Entry(),
    "GET /health": Entry(),
    **{f"GET {path}": Entry() for path in ("/", "/docs", "/api-docs", "/plan", "/assets/{asset}", "/openapi.json")},
    "GET /orders/{order_id}/card": Entry(),
    "GET /ready": Entry(),
}


def entry_of(rule: Rule) -> Entry:
    return ENTRIES[name_of(rule)]


def name_of(rule: Rule) -> str:
    return rule.endpoint


def conditions(rule: Rule) -> dict[str, str]:
    """The headers without which a door does not open."""
    return {"If_Match": "*"} if rule.versioned else {}


def path_of(rule: Rule, things: Things) -> str:
    """A path through the door, to these things."""
    entry = entry_of(rule)
    ids = {"stage_id": getattr(things, entry.stage), "order_id": getattr(things, entry.order)}
    if rule.path.startswith("/routes"):
        ids["product_code"] = "default"
    ids["asset"] = asset_named("docs.js")
    return (rule.path + entry.query).format(**(vars(things) | ids), calendar_id=things.machine_id, code=ids["stage_id"])


def body_of(rule: Rule, caller: Person, things: Things) -> dict[str, Any] | None:
    return entry_of(rule).body(caller, things) if rule.method in WRITES else None


def told(rule: Rule, things: Things, reply: Reply) -> tuple[int, str, dict[str, str]]:
    """All that an answer says, but for the ids that were asked for."""
    said = json.dumps(reply.body)
    for template, asked in zip(rule.path.split("/"), path_of(rule, things).split("/"), strict=True):
        said = said.replace(asked, "…") if template.startswith("{") else said
    return reply.status, said, reply.headers
