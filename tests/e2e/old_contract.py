"""What the app of the old system relies on, as its contract says: the shape of each answer, ids as numbers."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, Strict, TypeAdapter

Number = Annotated[int, Strict(), Field(ge=1, le=2**53 - 1)]
Text = Annotated[str, Strict()]
Amount = Annotated[int | float, Field()]
# ISO 8601 without a zone, as that app reads it.
Time = Annotated[str, Strict(), Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?$")]
Status = Literal["planned", "in_progress", "paused", "done"]


class Shape(BaseModel):
    """What is read of an answer. It may hold more."""

    model_config = ConfigDict(extra="ignore")


class User(Shape):
    """A person."""

    id: Number
    username: Text
    role: Literal["admin", "planner", "worker"]
    email: Text | None
    phone: Text | None


class SignedIn(Shape):
    """The answer to a sign-in."""

    access_token: Text
    token_type: Text
    user: User


class Registered(Shape):
    """The answer to a registration."""

    ok: Literal[True]
    user: User


class Order(Shape):
    """A work order."""

    id: Number
    product_code: Text
    lot_no: Text | None
    qty: Amount
    produced_qty: Amount
    planned_start: Time
    planned_end: Time
    created_by: Number | None
    machine_id: Number | None


class Orders(Shape):
    """The list of work orders: the only one that is no bare array."""

    total: Annotated[int, Strict()]
    data: list[Order]
    requested_by: Any


class OpenedStage(Shape):
    """A stage of an order that was just opened."""

    id: Number
    name: Text
    planned_start: Time
    planned_end: Time


class Opened(Shape):
    """The answer to a new order."""

    ok: Literal[True]
    work_order_id: Number
    stages_created: Annotated[int, Strict()]
    stages: list[OpenedStage]


class Stage(Shape):
    """A stage of an order."""

    id: Number
    work_order_id: Number
    stage_name: Text
    planned_start: Time | None
    planned_end: Time | None
    actual_start: Time | None
    actual_end: Time | None
    status: Status
    paused_at: Time | None
    resumed_at: Time | None


class Moved(Shape):
    """The answer to a command on a stage."""

    ok: Literal[True]
    work_order_stage_id: Number
    status: Status
    actual_start: Time | None
    actual_end: Time | None


class Reported(Shape):
    """The answer to a report of an issue."""

    ok: Literal[True]
    issue_id: Number


class Issue(Shape):
    """An issue."""

    id: Number
    work_order_stage_id: Number
    type: Text
    description: Text | None
    status: Literal["open", "acknowledged", "resolved"]
    created_by: Number | None
    created_at: Time
    acknowledged_at: Time | None
    resolved_at: Time | None


class Notification(Shape):
    """A notification."""

    id: Number
    issue_id: Number
    message: Text
    read: Literal["true", "false"]
    created_at: Time


class Machine(Shape):
    """A machine."""

    id: Number
    name: Text
    machine_type: Text | None
    location: Text | None
    status: Literal["active", "maintenance", "inactive"]


class Reading(Shape):
    """A reading of a machine: its value is a text."""

    id: Number
    machine_id: Number
    reading_type: Text
    value: Text
    timestamp: Time


class Metrics(Shape):
    """The metrics of an order or a stage."""

    planned_duration: Amount | None
    actual_duration: Amount | None
    delay_minutes: Amount | None
    efficiency_percent: Amount | None
    on_time_percent: Amount | None
    stages: list[Any]


class Product(Shape):
    """A product."""

    id: Number
    code: Text
    name: Text
    description: Text | None
    cavity_count: Annotated[int, Strict()] | None
    cycle_time_sec: Amount | None
    material: Text | None
    part_weight_g: Amount | None


class Mould(Shape):
    """A mould."""

    id: Number
    code: Text
    name: Text
    product_id: Number
    status: Text


class Refused(Shape):
    """An error, which the app shows to people."""

    model_config = ConfigDict(extra="forbid")

    detail: Annotated[str, Strict(), Field(min_length=5)]


ANSWERS: dict[str, Any] = {
    "POST /auth/login": SignedIn,
    "POST /auth/register": Registered,
    "GET /auth/me": User,
    "PUT /auth/me": User,
    "POST /auth/change-password": Any,
    "GET /auth/users": list[User],
    "PATCH /auth/users/{}/role": Any,
    "DELETE /auth/users/{}": Any,
    "GET /workorders": Orders,
    "GET /workorders/": Orders,
    "POST /workorders": Opened,
    "GET /workorders/{}": Order,
    "GET /workorders/{}/stages": list[Stage],
    **{f"POST /stages/{{}}/{command}": Moved for command in ("start", "done", "pause", "resume")},
    "POST /stages/{}/issue": Reported,
    "GET /issues": list[Issue],
    "PATCH /issues/{}/status": Any,
    "GET /issues/notifications": list[Notification],
    "PATCH /issues/notifications/{}/read": Any,
    "GET /machines": list[Machine],
    "POST /machines": Any,
    "GET /machines/{}/readings": list[Reading],
    "POST /machines/{}/readings": Any,
    "GET /metrics/workorders/{}": Metrics,
    "GET /metrics/stages/{}": Metrics,
    "GET /products": list[Product],
    "GET /molds": list[Mould],
    **{f"POST /{things}": Any for things in ("products", "molds")},
    **{f"PATCH /{things}/{{}}": Any for things in ("products", "molds")},
    **{f"DELETE /{things}/{{}}": Any for things in ("products", "molds")},
    **{f"POST /{things}/{{}}/restore": Any for things in ("products", "molds")},
}
"""Every call of the app, and what it reads of the answer. A list is a bare array."""


def checked(call: str, answer: Any) -> None:
    """Hold an answer against the contract. Raises ValidationError."""
    TypeAdapter(ANSWERS[call]).validate_python(answer)
