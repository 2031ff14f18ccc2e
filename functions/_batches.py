"""Batches: many requests in one. Each is done on its own and has a result of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from chalicelib.domain.errors import Conflict, FieldError, InvalidFields, LostRace, Stale, TakipError, Unavailable
from chalicelib.domain.sentences import say
from chalicelib.schemas.problems import Reader
from chalicelib.services.idempotency import Answer
from functions._response import BadJson, problem_of


def outcome(act: Callable[[], Answer], done: str, reader: Reader) -> dict[str, Any]:
    """Do one request of a batch, and return its result: `done`, duplicate, conflict or rejected.

    The data of a duplicate is as it was stored, also if an earlier release stored another shape.

    Raises Unavailable and LostRace for the whole batch. The client sends the batch again, and what was done is then a
    duplicate.
    """
    try:
        answer = act()
    except (Unavailable, LostRace):
        raise
    except TakipError as refusal:
        result = "conflict" if isinstance(refusal, Conflict | Stale) else "rejected"
        return {"result": result, "error": problem_of(refusal, reader).plain()}
    return {"result": "duplicate" if answer.replayed else done, "data": answer.data}


@contextmanager
def within(place: str) -> Iterator[None]:
    """Prefix the fields of errors with their place in the batch. Raises InvalidFields."""
    try:
        yield
    except BadJson:
        raise InvalidFields([FieldError(place, say("must be an object"), "model_type")]) from None
    except InvalidFields as wrong:
        raise InvalidFields([replace(error, field=f"{place}.{error.field}") for error in wrong.errors]) from None
