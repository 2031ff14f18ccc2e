"""Every filter of a list keeps what it asks for and leaves out everything else."""

import dataclasses
import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import services
from chalicelib.domain.errors import FieldError
from chalicelib.domain.machines.machines import Machine
from chalicelib.domain.machines.quarantine import Chosen, set_aside
from chalicelib.domain.machines.rollups import HourRollup, Rollup
from chalicelib.domain.orders.issues import IssueStatus, IssueType
from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.people.users import Role, User
from chalicelib.domain.priorities import Priority
from chalicelib.services.andon.lists import IssueFilters
from chalicelib.services.floor.stages import StageFilters
from chalicelib.services.machines.machines import MachineFilters
from chalicelib.services.machines.rollups import RollupFilters
from chalicelib.services.orders.work_orders import OrderFilters
from chalicelib.services.people.security import EventFilters
from chalicelib.services.people.users import UserFilters
from tests.domain.builders import MORNING, a_stage, an_issue, an_order

MOMENT = timedelta(milliseconds=1)
ORDER, STAGE, USER = an_order(customer="Arçelik"), a_stage(), User("u1", "veli", Role.WORKER, MORNING)
DUE = ORDER.planned_end
ISSUE = an_issue(priority=Priority.HIGH, machine_id="M1", assignee_id="u1")
ROLLUP = HourRollup("press-1", MORNING, Rollup("main", "power", 1, 0, "", 0, 0), as_of=MORNING, revision=1)
PRESS = Machine("press-1", "Press", MORNING, line="line 1")
SET_ASIDE = set_aside("{}", MORNING, "M1", [FieldError("tenant", "is not a tenant here", "unknown_tenant")])
EVENT = SecurityEvent("e1", EventKind.SIGNED_IN, MORNING, user_id="u1")

# For each filter a value that keeps the record, and one that does not.
ASKED: list[tuple[type[Any], Any, dict[str, tuple[Any, Any]]]] = [
    (
        OrderFilters,
        ORDER,
        {
            "status": ((OrderStatus.PLANNED,), (OrderStatus.DONE,)),
            "number": (ORDER.number, "other"),
            "lot_no": (ORDER.lot_no, "other"),
            "product_code": (ORDER.product_code, "other"),
            "customer": (ORDER.customer, "other"),
            "due_before": (DUE + MOMENT, DUE),
            "due_after": (DUE, DUE + MOMENT),
        },
    ),
    (
        StageFilters,
        STAGE,
        {
            "status": ((StageStatus.PLANNED,), (StageStatus.DONE,)),
            "due_before": (STAGE.planned_end + MOMENT, STAGE.planned_end),
            "due_after": (STAGE.planned_end, STAGE.planned_end + MOMENT),
        },
    ),
    (
        IssueFilters,
        ISSUE,
        {
            "status": ((IssueStatus.OPEN,), (IssueStatus.ACK,)),
            "type": ((IssueType.TOOLING,), (IssueType.SAFETY,)),
            "priority": ((Priority.HIGH, Priority.LOW), (Priority.LOW,)),
            "work_order_id": (ISSUE.work_order_id, "other"),
            "stage_id": (ISSUE.stage_id, "other"),
            "machine_id": ("M1", "other"),
            "assignee_id": ("u1", "other"),
            "since": (MORNING, MORNING + MOMENT),
        },
    ),
    (UserFilters, USER, {"role": (Role.WORKER, Role.ADMIN), "active": (True, False)}),
    (
        RollupFilters,
        ROLLUP,
        {
            "sensors": (frozenset({"main", "other"}), frozenset({"other"})),
            "types": (frozenset({"power", "speed"}), frozenset({"speed"})),
        },
    ),
    (
        EventFilters,
        EVENT,
        {
            "kinds": ((EventKind.SIGNED_IN, EventKind.KEY_ROTATED), (EventKind.KEY_ROTATED,)),
            "user_id": ("u1", "other"),
        },
    ),
    (MachineFilters, PRESS, {"line": ("LINE 1", "line 2")}),
    (Chosen, SET_ASIDE, {"code": ("unknown_tenant", "unreadable")}),
]
# Fields that choose the query or a single record. `keeps` does not read them.
CHOOSES_THE_QUERY = {
    OrderFilters: {"newest"},
    IssueFilters: {"newest"},
    StageFilters: {"mine", "newest"},
    UserFilters: {"username"},
    RollupFilters: {"machine_id", "since", "until"},
    EventFilters: {"since", "before"},
    Chosen: {"machine_id", "since", "until"},
}
REQUIRED = {RollupFilters: {"machine_id": "press-1"}}


def filters_of_services() -> set[type[Any]]:
    """Every dataclass with a `keeps` method in a module of services."""
    names = [module.name for module in pkgutil.walk_packages(services.__path__, f"{services.__name__}.")]
    classes = [each for name in names for _, each in inspect.getmembers(importlib.import_module(name), inspect.isclass)]
    return {each for each in classes if dataclasses.is_dataclass(each) and hasattr(each, "keeps")}


def every_filter() -> Iterator[tuple[type[Any], Any, str, Any, Any]]:
    for filters, record, values in ASKED:
        yield from ((filters, record, name, kept, other) for name, (kept, other) in values.items())


def test_every_class_of_filters_is_tested_here() -> None:
    assert filters_of_services() == {filters for filters, _, _ in ASKED}


@pytest.mark.parametrize(("filters", "values"), [(filters, values) for filters, _, values in ASKED])
def test_every_filter_is_tested_here(filters: type[Any], values: dict[str, Any]) -> None:
    named = {field.name for field in dataclasses.fields(filters)}
    assert named == set(values) | CHOOSES_THE_QUERY.get(filters, set())


@pytest.mark.parametrize(("filters", "record", "name", "kept", "other"), [*every_filter()])
def test_a_filter_keeps_what_it_asks_for_and_nothing_else(
    filters: type[Any], record: Any, name: str, kept: Any, other: Any
) -> None:
    required = REQUIRED.get(filters, {})
    assert filters(**required, **{name: kept}).keeps(record)
    assert not filters(**required, **{name: other}).keeps(record)
