"""Links of the contract: what can be done next with what an answer has created, and with its parts."""

import re
from collections.abc import Iterable, Iterator
from typing import get_args

from chalicelib.schemas.base import Out
from chalicelib.schemas.contract import Json
from functions._rules import ID, Rule

ANSWER, VERSION = "$response.body", "$response.header.ETag"


def links(rule: Rule, doors: Iterable[Rule]) -> Json:
    """The links of the answer of a door that creates something, by the names of the operations to which they lead.

    Each tells where the ids are that the operation needs: in the answer, or in the request. Those that need nothing of
    the answer are left out.
    """
    made = dict(_made(rule, doors))
    known = {place: f"$request.path.{place}" for place in _places(rule.path)} | made
    found = {}
    for door in doors:
        needed = _places(door.path)
        if made.keys() & needed and known.keys() >= set(needed):
            version = {"header.If-Match": VERSION} if door.versioned else {}
            found[door.name] = {"operationId": door.name, "parameters": {**{n: known[n] for n in needed}, **version}}
    return found


def _made(rule: Rule, doors: Iterable[Rule]) -> Iterator[tuple[str, str]]:
    """The name of each id that the answer has, as paths name it, and where it is in the answer."""
    yield _id_of(rule.shape), _in_answer("id")
    for name, field in rule.shape.model_fields.items():
        for part in get_args(field.annotation):
            if isinstance(part, type) and issubclass(part, Out) and "id" in part.model_fields:
                yield _id_of(part), _in_answer(f"{name}/0/id")
    if rule.location is not None:
        there = ID.sub("{}", rule.location)
        for door in doors:
            if ID.sub("{}", door.path) == there:
                yield from zip(_places(door.path), map(_in_answer, _places(rule.location)), strict=True)


def _id_of(shape: type[Out]) -> str:
    """The name of the id of a shape in paths: `SessionOut` has a `session_id`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", shape.__name__.removesuffix("Out")).lower() + "_id"


def _in_answer(pointer: str) -> str:
    return f"{ANSWER}#/data/{pointer}"


def _places(path: str) -> list[str]:
    return [place[1:-1] for place in ID.findall(path)]
