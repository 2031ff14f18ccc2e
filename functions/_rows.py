"""The rows of a file of work orders. Each row is read on its own, and all its errors are told at once."""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.errors import FieldError, InvalidFields
from chalicelib.domain.instants import MILLISECOND, wire
from chalicelib.schemas.base import OLD_NAMES
from chalicelib.schemas.values import EARLIEST, LATEST
from chalicelib.schemas.work_orders import NewOrder
from chalicelib.services.idempotency import Answer
from chalicelib.services.planning.imports import Import
from functions import _request

STEP = re.compile(r"\w+")
KNOWN = {*NewOrder.model_fields, *OLD_NAMES.values()}
# Valid values that replace wrong required fields, so that the other fields can be checked.
STAND_INS: Mapping[str, Any] = {
    "product_code": "-",
    "quantity": 1,
    "planned_start": wire(EARLIEST),
    "planned_end": wire(LATEST - MILLISECOND),
    "stages": [{"name": "-"}],
}


def opened(under_way: Import, number: int, row: Any) -> Answer:
    """Open the order of a row. Raises BadJson, InvalidFields with all errors of the row, and the errors of opening."""
    try:
        new = _request.read(row, NewOrder)
    except InvalidFields as wrong:
        raise InvalidFields([*wrong.errors, *_others(under_way, row, wrong.errors)]) from None
    return under_way.open(number, new.payload())


def _others(under_way: Import, row: dict[str, Any], wrong: tuple[FieldError, ...]) -> list[FieldError]:
    """The other errors of a row with unreadable fields: of its times, and of the people and machines in it."""
    fields = [error.field for error in wrong]
    try:
        readable = _request.read(_without(row, fields), NewOrder)
    except InvalidFields:  # a field is given twice, under its new name and its old one
        return []
    told = tuple(f"{field}{more}" for field in fields for more in ".[")
    errors = under_way.problems(readable.payload())
    return [error for error in errors if error.field not in fields and not error.field.startswith(told)]


def _without(row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """A row without these fields. Required fields get a valid value instead."""
    known = {name: value for name, value in row.items() if name in KNOWN}
    left: dict[str, Any] = _pruned(known, [steps for field in fields if (steps := STEP.findall(field))])
    if isinstance(left.get("stages"), list):
        left["stages"] = [_named(stage) for stage in left["stages"]]
    return {name: value for name, value in STAND_INS.items() if OLD_NAMES.get(name) not in left} | left


def _named(stage: Any) -> Any:
    """A stage with a name. If it has none, the name is `-`."""
    return {"name": "-"} | stage if isinstance(stage, dict) and OLD_NAMES["name"] not in stage else stage


def _pruned(part: Any, paths: list[list[str]]) -> Any:
    """A part of a row without the values at these paths. A value in a list becomes an empty object."""
    here = {path[0] for path in paths if len(path) == 1}
    below = {step: [path[1:] for path in paths if path[0] == step and len(path) > 1] for step in {p[0] for p in paths}}
    if isinstance(part, dict):
        return {name: _pruned(value, below.get(name, [])) for name, value in part.items() if name not in here}
    if isinstance(part, list):
        kept = ({} if str(n) in here else _pruned(value, below.get(str(n), [])) for n, value in enumerate(part))
        return list(kept)
    return part
