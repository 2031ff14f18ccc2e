"""What can be changed by PATCH: the shape of each change, and another value for every field."""

from dataclasses import dataclass
from typing import Any

from chalicelib.domain.kept import KEPT
from chalicelib.domain.machines.tags import Tag
from chalicelib.schemas.issues import ChangeIssue
from chalicelib.schemas.machines import ChangeMachine
from chalicelib.schemas.products import ChangeProduct
from chalicelib.schemas.sessions import CorrectSession
from chalicelib.schemas.stages import ReplanStage
from chalicelib.schemas.users import ChangeUser
from chalicelib.schemas.webhooks import ChangeWebhook
from chalicelib.schemas.work_orders import ReplanOrder

WHY = {"reason": "it was wrong"}


@dataclass(frozen=True)
class Patched:
    """Something that can be changed: its shape, the fields of it that may be empty, and the body that each needs.

    `values` has another value than before for every field that can be changed.
    """

    shape: Any
    may_be_empty: frozenset[str]
    always: dict[str, str]
    values: dict[str, Any]

    @property
    def may_not(self) -> set[str]:
        """The fields that are to change, and are never empty."""
        assert self.may_be_empty <= changing(self.shape)
        return changing(self.shape) - self.may_be_empty


def changing(shape: Any) -> set[str]:
    """The fields of a shape that stay as they are if they are left out."""
    fields = shape.model_fields.items()
    return {name for name, field in fields if field.get_default(call_default_factory=True) is KEPT}


PATCHED = {
    "order": Patched(
        ReplanOrder,
        frozenset({"customer", "note"}),
        WHY,
        {
            "planned_start": "2026-01-05T06:00:00.000Z",
            "planned_end": "2026-01-05T20:00:00.000Z",
            "quantity": 11,
            "priority": 9,
            "customer": "Vestel",
            "note": "two pallets",
        },
    ),
    "stage": Patched(
        ReplanStage,
        frozenset({"machine_id", "standard_seconds_per_unit"}),
        WHY,
        {
            "name": "Montaj",
            "planned_start": "2026-01-05T07:30:00.000Z",
            "planned_end": "2026-01-05T08:30:00.000Z",
            "machine_id": "M2",
            "standard_seconds_per_unit": 40.5,
        },
    ),
    "issue": Patched(
        ChangeIssue,
        frozenset({"assignee_id", "cause_code", "cause", "action"}),
        {},
        {
            "status": "resolved",
            "priority": "critical",
            "blocking": True,
            "assignee_id": "the planner",
            "cause_code": "wear",
            "cause": "chips",
            "action": "cleaned it",
        },
    ),
    "session": Patched(
        CorrectSession,
        frozenset({"machine_id", "note"}),
        WHY,
        {
            "started_at": "2026-01-05T08:10:00.000Z",
            "ended_at": "2026-01-05T08:50:00.000Z",
            "machine_id": "M2",
            "kind": "setup",
            "good": 2,
            "scrap": 1,
            "rework": 3,
            "note": "two breaks",
        },
    ),
    "machine": Patched(
        ChangeMachine,
        frozenset({"machine_type", "location", "line"}),
        {},
        {
            "name": "Saw",
            "machine_type": "saw",
            "location": "Hall B",
            "line": "Line 2",
            "status": "maintenance",
            "silent_minutes": 60,
            "sensors": [
                {"sensor": "t1", "type": "temperature", "unit": "°C", "min": 1.0, "max": None}
                | {"alarm_min": None, "alarm_max": 80.5, "alarm_minutes": 5}
            ],
            "tags": [Tag("Mode", "state", states={"3": "idle"}).__dict__],
        },
    ),
    "product": Patched(
        ChangeProduct,
        frozenset({"unit", "note", "material", "part_weight_g", "injection_temperature_c", "mould_temperature_c"}),
        {},
        {
            "name": "Lid",
            "unit": "kg",
            "note": "two colours",
            "material": "ABS",
            "part_weight_g": 6.5,
            "injection_temperature_c": 230,
            "mould_temperature_c": -5.5,
            "moulds": [{"code": "K-8", "name": "Twin", "note": "new", "status": "maintenance"}],
            "status": "retired",
        },
    ),
    "webhook": Patched(
        ChangeWebhook,
        frozenset({"events", "description"}),
        {},
        {
            "url": "https://hooks.example.com/other",
            "events": ["order.done", "order.held"],
            "description": "SAP",
            "status": "off",
        },
    ),
    "user": Patched(
        ChangeUser,
        frozenset({"full_name", "email", "phone"}),
        {},
        {"full_name": "Veli B.", "email": "v@b.com", "phone": "117", "active": False},
    ),
}
