"""Every filter of a list keeps what it asks for and leaves out everything else."""

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.orders.statuses import OrderStatus, StageStatus
from chalicelib.domain.people.users import Role, User
from chalicelib.services.floor.stages import StageFilters
from chalicelib.services.orders.work_orders import OrderFilters
from chalicelib.services.people.users import UserFilters
from tests.domain.builders import MORNING, a_stage, an_order

MOMENT = timedelta(milliseconds=1)
ORDER, STAGE, USER = an_order(customer="Arçelik"), a_stage(), User("u1", "veli", Role.WORKER, MORNING)
DUE = ORDER.planned_end

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
        },
    ),
    (UserFilters, USER, {"role": (Role.WORKER, Role.ADMIN), "active": (True, False)}),
]
# What is no filter within a page: which index is asked and in which direction, or which single record.
CHOOSES_THE_QUERY = {OrderFilters: {"newest"}, StageFilters: {"mine", "newest"}, UserFilters: {"username"}}


def every_filter() -> Iterator[tuple[type[Any], Any, str, Any, Any]]:
    for filters, record, values in ASKED:
        yield from ((filters, record, name, kept, other) for name, (kept, other) in values.items())


@pytest.mark.parametrize(("filters", "values"), [(filters, values) for filters, _, values in ASKED])
def test_every_filter_is_tested_here(filters: type[Any], values: dict[str, Any]) -> None:
    named = {field.name for field in dataclasses.fields(filters)}
    assert named == set(values) | CHOOSES_THE_QUERY.get(filters, set())


@pytest.mark.parametrize(("filters", "record", "name", "kept", "other"), [*every_filter()])
def test_a_filter_keeps_what_it_asks_for_and_nothing_else(
    filters: type[Any], record: Any, name: str, kept: Any, other: Any
) -> None:
    assert filters(**{name: kept}).keeps(record)
    assert not filters(**{name: other}).keeps(record)
