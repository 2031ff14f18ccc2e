"""The rows of a file of work orders: each is read for itself, and all that is wrong with it is told at once."""

import re
from collections.abc import Mapping
from typing import Any

from chalicelib.domain.errors import FieldError, InvalidFields
from chalicelib.schemas.work_orders import NewOrder
from chalicelib.services.idempotency import Answer
from chalicelib.services.planning.imports import Import
from functions import _request

STEP = re.compile(r"\w+")
# What stands in for a required field that is wrong, so that the others can be judged: it is never wrong itself.
STAND_INS: Mapping[str, Any] = {
    "product_code": "-",
    "quantity": 1,
    "planned_start": "1970-01-01T00:00:00Z",
    "planned_end": "2199-12-31T23:59:59Z",
    "stages": [{"name": "-"}],
}


def opened(under_way: Import, number: int, row: Any) -> Answer:
    """Open the order of a row. Raises BadJson, InvalidFields naming all that is wrong, and what opening refuses."""
    try:
        new = _request.read(row, NewOrder)
    except InvalidFields as wrong:
        raise InvalidFields([*wrong.errors, *_others(under_way, row, wrong.errors)]) from None
    return under_way.open(number, new.payload())


def _others(under_way: Import, row: dict[str, Any], wrong: tuple[FieldError, ...]) -> list[FieldError]:
    """What else is wrong with a row of which some fields cannot be read: times, and people and machines it names."""
    fields = [each.field for each in wrong]
    try:
        readable = _request.read(_without(row, fields), NewOrder)
    except InvalidFields:  # a name in it is given twice, under the new name and the old
        return []
    told = tuple(f"{field}{more}" for field in fields for more in ".[")
    found = under_way.problems(readable.payload())
    return [each for each in found if each.field not in fields and not each.field.startswith(told)]


def _without(row: dict[str, Any], fields: list[str]) -> dict[str, Any]:
    """A row without these fields; those that are required are there with a value that is never wrong."""
    left: dict[str, Any] = _pruned(row, [STEP.findall(field) for field in fields])
    if isinstance(left.get("stages"), list):
        left["stages"] = [_named(stage) for stage in left["stages"]]
    old = {"quantity"} if "qty" in left else set()
    return {name: value for name, value in STAND_INS.items() if name not in old} | left


def _named(stage: Any) -> Any:
    """A stage with a name."""
    return {"name": "-"} | stage if isinstance(stage, dict) and "stage_name" not in stage else stage


def _pruned(part: Any, paths: list[list[str]]) -> Any:
    """A part of a row without what stands at the ends of these paths; a place in a list becomes an empty object."""
    here = {path[0] for path in paths if len(path) == 1}
    below = {step: [path[1:] for path in paths if path[0] == step and len(path) > 1] for step in {p[0] for p in paths}}
    if isinstance(part, dict):
        return {name: _pruned(each, below.get(name, [])) for name, each in part.items() if name not in here}
    if isinstance(part, list):
        kept = ({} if str(n) in here else _pruned(each, below.get(str(n), [])) for n, each in enumerate(part))
        return list(kept)
    return part
