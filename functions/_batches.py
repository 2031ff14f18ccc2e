"""Batches: many requests in one, each done and answered for itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from chalicelib.domain.errors import Conflict, FieldError, InvalidFields, LostRace, Stale, TakipError, Unavailable
from chalicelib.services.idempotency import Answer
from functions._response import BadJson, problem_of


def outcome(act: Callable[[], Answer], done: str, request_id: str) -> dict[str, Any]:
    """Do one of many, and tell how it went: `done`, a duplicate, in conflict, or rejected.

    The data of a duplicate is given as it was stored, also where an earlier release stored it in another shape.
    Raises Unavailable and LostRace: all are to be sent again, and what was done is a duplicate then.
    """
    try:
        answer = act()
    except (Unavailable, LostRace):
        raise
    except TakipError as refusal:
        result = "conflict" if isinstance(refusal, Conflict | Stale) else "rejected"
        return {"result": result, "error": problem_of(refusal, request_id).plain()}
    return {"result": "duplicate" if answer.replayed else done, "data": answer.data}


@contextmanager
def within(place: str) -> Iterator[None]:
    """Tell where in the whole the fields stand that are refused, or what cannot be read. Raises InvalidFields."""
    try:
        yield
    except BadJson:
        raise InvalidFields([FieldError(place, "must be an object", "model_type")]) from None
    except InvalidFields as wrong:
        raise InvalidFields([replace(each, field=f"{place}.{each.field}") for each in wrong.errors]) from None
