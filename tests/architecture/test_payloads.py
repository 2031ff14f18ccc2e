"""A shape and the payload it makes have the same fields with the same defaults."""

import dataclasses
from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest

from chalicelib.schemas import (
    auth,
    issues,
    live,
    machines,
    notifications,
    readings,
    routes,
    sessions,
    shifts,
    sync,
    terminals,
    users,
    work_orders,
)
from chalicelib.schemas.base import Body
from functions._rules import RULES, Nothing, Rule
from infra.documents.derived import load_everything

load_everything()

# What a payload has from the path, what a command that only writes a note does not change, and that an issue of a
# machine blocks no stage.
NOT_SENT = {
    issues.ReportMachineIssue: {"blocking"},
    sessions.CorrectSession: {"session_id"},
    issues.WriteNote: set(issues.ChangeIssue.model_fields) - {"note"},
}
# A default that differs: who registers names a password, one who is enrolled may have none; of a shift's end one of two
# fields is left out; a change needs no note, the command that writes one does.
OTHER_DEFAULTS = {users.NewUser: {"password"}, shifts.CloseSessions: {"stage_ids"}, issues.WriteNote: {"note"}}
# The bodies that make no payload of their own: what is in them is read where it is used.
WITHOUT_PAYLOAD = {
    Nothing,
    auth.SignIn,
    terminals.SignInAtTerminal,
    auth.Refresh,
    auth.ChangePassword,
    users.ChangeRole,
    work_orders.ImportOrders,
    sync.Synchronise,
    readings.NewReadings,
    routes.PutRoute,
    routes.PutRouteOf,
    notifications.MarkRead,
    live.HearLive,
}


def _bodies(shape: type[Body] = Body) -> Iterator[Any]:
    """Every shape of a request body."""
    for each in shape.__subclasses__():
        yield each
        yield from _bodies(each)


def _payload_class(shape: Any) -> Any:
    """The dataclass that a shape makes; None if it makes none."""
    made = get_type_hints(shape.payload)["return"] if hasattr(shape, "payload") else None
    return made if dataclasses.is_dataclass(made) else None


MAKERS = [shape for shape in dict.fromkeys(_bodies()) if _payload_class(shape)]


def test_every_body_of_a_door_makes_a_payload_or_is_read_where_it_is_used() -> None:
    assert {rule.body for rule in RULES if rule.body not in MAKERS} == WITHOUT_PAYLOAD
    assert {work_orders.NewStage, machines.NewSensor, machines.NewTag, routes.RouteStage} <= set(MAKERS)


@pytest.mark.parametrize("shape", MAKERS)
def test_a_shape_and_its_payload_have_the_same_fields(shape: Any) -> None:
    own = set(shape.model_fields) - shape.beside
    assert own | NOT_SENT.get(shape, set()) == {field.name for field in dataclasses.fields(_payload_class(shape))}


@pytest.mark.parametrize("shape", MAKERS)
def test_a_shape_and_its_payload_have_the_same_defaults(shape: Any) -> None:
    of_payload = {field.name: field.default for field in dataclasses.fields(_payload_class(shape))}
    of_shape = {
        name: dataclasses.MISSING if field.is_required() else field.get_default(call_default_factory=True)
        for name, field in shape.model_fields.items()
        if name not in shape.beside
    }
    unlike = {name for name, default in of_shape.items() if default != of_payload[name]}
    assert unlike == OTHER_DEFAULTS.get(shape, set())


# A password is never shown, nor is the tenant, which is the caller's own; the time of a report is its `reported_at`.
NOT_SHOWN = {"register_user": {"password", "tenant"}, "report_issue": {"at"}, "report_machine_issue": {"at"}}
CREATING = [rule for rule in RULES if rule.location]


@pytest.mark.parametrize("rule", CREATING, ids=lambda rule: rule.name)
def test_what_is_written_down_of_a_new_thing_is_shown(rule: Rule) -> None:
    assert set(rule.body.model_fields) - set(rule.shape.model_fields) == NOT_SHOWN.get(rule.name, set())
