"""PATCH: a field that is left out stays; null clears it if it may be empty, and is refused if it may not."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.schemas.terminals import ChangeTerminalAccess
from functions._rules import RULES
from tests.conftest import SetClock
from tests.floor import HOUR, Plant, Reply
from tests.functions.patched import PATCHED, WHY, changing
from tests.machines import install

STAGE = "/stages/WO-1-01"


# A PIN and a badge are shown by no answer: test_terminals.py tests this change.
NEVER_SHOWN = {ChangeTerminalAccess}

# A code that goes with `scrap` and is shown under `scrap_reasons`; a note that is added to the notes of an issue.
ALTERNATIVE = {"session": {"scrap_reason"}, "issue": {"note"}}

Change = Callable[[dict[str, Any]], Reply]


@pytest.fixture
def changes(floor: Plant, set_clock: SetClock) -> dict[str, Change]:
    """How each of these is changed; whatever may be empty in them is filled."""
    mine = {"name": "Enjeksiyon", "assignee_ids": [floor.worker.id], "machine_id": "M1"}
    floor.order(mine | {"standard_seconds_per_unit": 30}, id="WO-1", customer="Arçelik", note="by hand")
    floor.worker.post(f"{STAGE}/start")
    set_clock.forward(HOUR)
    floor.worker.post(f"{STAGE}/pause", {"note": "lunch"})
    (session,) = floor.planner.get(f"{STAGE}/sessions").items
    issue = floor.worker.post(f"{STAGE}/issue", {"type": "quality", "description": "Scratches"}).data["id"]
    filled = {"assignee_id": floor.admin.id, "cause_code": "other", "cause": "a hose", "action": "changed it"}
    assert floor.planner.patch(f"/issues/{issue}", filled).status == 200
    named = {"machine_type": "press", "location": "Hall A", "line": "Line 1"}
    assert floor.planner.patch("/machines/M1", named, If_Match="*").status == 200
    lid: dict[str, Any] = {"product_code": "P-1", "name": "Cap", "unit": "pcs", "note": "one colour", "material": "PP"}
    lid |= {"part_weight_g": 6, "injection_temperature_c": 215, "mould_temperature_c": 40}
    assert floor.planner.post("/products", lid).status == 201
    hook = {"url": "https://hooks.example.com/", "events": ["order.held"], "description": "ERP"}
    webhook = floor.admin.post("/webhooks", hook).data["id"]
    person = f"/auth/users/{floor.worker.id}"
    assert floor.admin.patch(person, {"full_name": "Veli", "email": "veli@example.com", "phone": "112"}).status == 200
    return {
        "order": lambda body: floor.planner.patch("/workorders/WO-1", body, If_Match="*"),
        "stage": lambda body: floor.planner.patch(STAGE, body, If_Match="*"),
        "issue": lambda body: floor.planner.patch(f"/issues/{issue}", body),
        "session": lambda body: floor.planner.post(f"{STAGE}/sessions/{session['id']}/correct?dry_run=1", body),
        "machine": lambda body: floor.planner.patch("/machines/M1", body, If_Match="*"),
        "product": lambda body: floor.planner.patch("/products/P-1", body, If_Match="*"),
        "webhook": lambda body: floor.admin.patch(f"/webhooks/{webhook}", body, If_Match="*"),
        "user": lambda body: floor.admin.patch(person, body),
    }


def test_everything_that_can_be_changed_is_tested_here() -> None:
    tested = {patched.shape for patched in PATCHED.values()} | NEVER_SHOWN
    assert tested == {rule.body for rule in RULES if changing(rule.body)}


@pytest.mark.parametrize("what", PATCHED)
def test_a_field_that_is_given_is_changed(floor: Plant, changes: dict[str, Change], what: str) -> None:
    install("M2")
    values, shape = PATCHED[what].values, PATCHED[what].shape
    assert set(values) | ALTERNATIVE.get(what, set()) == changing(shape)
    for field, value in values.items():
        wanted = floor.planner.id if value == "the planner" else value
        reply = changes[what](PATCHED[what].always | {field: wanted})
        assert (reply.status, reply.data[field]) == (200, wanted), field


@pytest.mark.parametrize("what", [what for what, patched in PATCHED.items() if patched.may_be_empty])
def test_null_clears_a_field_that_may_be_empty_and_what_is_left_out_stays(
    changes: dict[str, Change], what: str
) -> None:
    fields = sorted(PATCHED[what].may_be_empty)
    for position, field in enumerate(fields):
        body = PATCHED[what].always | dict.fromkeys(fields[: position + 1])
        reply = changes[what](body)
        assert reply.status == 200, field
        assert [name for name in fields if reply.data[name] is None] == fields[: position + 1]


@pytest.mark.parametrize("what", PATCHED)
def test_null_is_refused_for_a_field_that_may_not_be_empty(changes: dict[str, Change], what: str) -> None:
    reply = changes[what](PATCHED[what].always | dict.fromkeys(PATCHED[what].may_not))
    told = {each["field"]: each["message"] for each in reply.error["errors"]}
    assert (reply.status, reply.error["code"]) == (422, "ERR_REQUEST_INVALID")
    assert told == dict.fromkeys(PATCHED[what].may_not, "must not be null; leave it out")


def test_a_field_that_must_be_there_is_not_null_either(changes: dict[str, Change]) -> None:
    (told,) = changes["order"]({"reason": None, "priority": 1}).error["errors"]
    assert (told["field"], told["message"]) == ("reason", "must not be null")


def test_the_name_of_the_previous_api_is_refused_null_too(changes: dict[str, Change]) -> None:
    (told,) = changes["order"](WHY | {"qty": None}).error["errors"]
    assert (told["field"], told["message"]) == ("qty", "must not be null; leave it out")


@pytest.mark.usefixtures("changes")
def test_the_history_and_the_key_tell_null_from_what_is_left_out(floor: Plant) -> None:
    cleared = floor.planner.patch(STAGE, WHY | {"machine_id": None}, If_Match="*", key="k")
    other = floor.planner.patch(STAGE, WHY, If_Match="*", key="k")
    last = floor.planner.get("/workorders/WO-1/history").items[-1]

    assert (cleared.status, cleared.data["standard_seconds_per_unit"]) == (200, 30)
    assert (other.status, other.error["code"]) == (422, "ERR_IDEMPOTENCY_KEY_REUSED")
    assert last["changes"] == WHY | {"machine_id": None}


@pytest.mark.usefixtures("changes")
def test_a_phone_clears_a_field_too(floor: Plant) -> None:
    command = {"id": "1", "command": "replan", "target": "WO-1-01", "payload": WHY | {"machine_id": None}}
    (synced,) = floor.planner.post("/sync/commands", {"commands": [command]}).data["items"]
    assert (synced["result"], synced["data"]["machine_id"]) == ("applied", None)
