"""What somebody writes down of a new thing is what the thing is: no field is lost on the way."""

import dataclasses
import typing
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

from chalicelib.domain.machines.machines import NewMachine, registered
from chalicelib.domain.machines.sensors import Sensor
from chalicelib.domain.machines.tags import Tag
from chalicelib.domain.orders.work_orders import Order, Stage
from chalicelib.domain.planning import products
from chalicelib.domain.planning.moulds import Mould
from chalicelib.domain.planning.opening import NewOrder, NewStage, open_order
from chalicelib.domain.planning.products import NewProduct
from chalicelib.domain.telling import webhooks
from chalicelib.domain.telling.events import EventType
from chalicelib.domain.telling.webhooks import NewWebhook
from tests.domain.builders import HOUR, MORNING, PELIN

GIVEN: dict[str, Any] = {
    "planned_start": MORNING,
    "planned_end": MORNING + HOUR,
    "sensors": (Sensor("main", "temperature"),),
    "tags": (Tag("T1", "temperature"),),
    "moulds": (Mould("K-1", "Twin"),),
    "stages": (),
    "duration_minutes": None,
    "events": (EventType.ORDER_DONE,),
}
# The stages of an order are another shape there; a stage may be given its length instead of an end.
NOT_CARRIED = {"stages", "duration_minutes"}


def filled(shape: type[Any]) -> Any:
    """A record with a value in every field that is not its default; texts are the name of their field."""
    hints = typing.get_type_hints(shape)
    return shape(**{name: GIVEN.get(name, _value(name, hint)) for name, hint in hints.items()})


def _value(name: str, hint: Any) -> Any:
    """A value of a field's type."""
    kind = next((option for option in typing.get_args(hint) if option is not type(None)), hint)
    if typing.get_origin(hint) is tuple:
        return (name,)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[-1]
    return {str: name, Decimal: Decimal(7), int: 3, bool: True}.get(kind)


def opened(new: NewOrder) -> Order:
    return open_order(new, PELIN, str(new.id), MORNING)


def first_stage(new: NewStage) -> Stage:
    return opened(dataclasses.replace(filled(NewOrder), stages=(new,))).stages[0]


CARRIED: list[tuple[type[Any], Any]] = [
    (NewOrder, opened),
    (NewStage, first_stage),
    (NewMachine, lambda new: registered(new, MORNING)),
    (NewProduct, lambda new: products.registered(new, MORNING)),
    (NewWebhook, lambda new: webhooks.registered(new, "w1", b"", "ada", MORNING)),
]


def carried(shape: type[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(shape) if field.name not in NOT_CARRIED]


@pytest.mark.parametrize(("shape", "make"), CARRIED)
def test_every_field_that_is_written_down_is_carried_over(shape: type[Any], make: Any) -> None:
    new = filled(shape)
    made = make(new)
    assert {name: getattr(made, name) for name in carried(shape)} == {n: getattr(new, n) for n in carried(shape)}


@pytest.mark.parametrize("shape", [shape for shape, _ in CARRIED])
def test_no_field_of_these_records_is_left_at_its_default(shape: type[Any]) -> None:
    new, defaults = filled(shape), {field.name: field.default for field in dataclasses.fields(shape)}
    assert [name for name in carried(shape) if getattr(new, name) in (None, defaults[name])] == []
