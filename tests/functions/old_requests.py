"""For every door of the old app a body that is right, and a path that names what there is, or nothing."""

from collections.abc import Mapping
from typing import Any

from functions._rules import ID, WRITES, Rule
from tests.floor import Person, Reply
from tests.phones import PASSWORD

NO_NUMBER = "404"
ORDER = {"product_code": "P-1", "lot_no": "L-1", "qty": 5, "stage_count": 1}
BODIES: Mapping[str, dict[str, Any]] = {
    "old_log_in": {"username": "nobody", "password": PASSWORD},
    "old_register_user": {"username": "murat", "password": PASSWORD},
    "old_change_me": {"phone": "+90 532 000 00 00"},
    "old_change_password": {"current_password": PASSWORD, "new_password": "staple battery horse"},
    "old_change_role": {"role": "worker"},
    "old_create_work_order": ORDER | {"planned_start": "2026-01-05T11:00:00", "planned_end": "2026-01-05T15:00:00"},
    "old_report_issue": {"type": "quality", "description": "Scratches"},
    "old_register_machine": {"name": "Lathe", "machine_type": "cnc"},
    "old_send_reading": {"reading_type": "temperature", "value": "20,5"},
    "old_register_product": {"code": "NEW", "name": "Lid"},
    "old_change_product": {"name": "Other lid"},
    "old_add_mould": {"code": "M-1", "name": "Mould", "product_id": 404},
    "old_change_mould": {"name": "Other mould"},
}
QUERIES = {"old_change_issue": "?new_status=acknowledged"}


def body_of(rule: Rule) -> dict[str, Any] | None:
    """A body that is right, where the door takes one."""
    return BODIES.get(rule.name) if rule.method in WRITES else None


def kind_of(rule: Rule) -> str | None:
    """What the path of a door names; None where it names nothing."""
    place = ID.search(rule.path)
    return place[0][1:-1] if place else None


def knock(person: Person, rule: Rule, number: object = NO_NUMBER, tail: str = "", **headers: str) -> Reply:
    """Send a door a request that is right, about what has this number."""
    path = ID.sub(str(number), rule.path) + tail + QUERIES.get(rule.name, "")
    return person.call(rule.method, path, body_of(rule), **headers)
