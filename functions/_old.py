"""The form of the app of the old system: numbers as ids, bare answers, errors as a text, double taps.

That app sends no idempotency keys. Every door of it is a command or a read of today's (decision 81).
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TypeVar, cast

from chalice.app import Response

from chalicelib.domain import old_ids
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import TakipError
from chalicelib.domain.old_ids import Kind
from chalicelib.domain.people.users import Actor
from chalicelib.schemas.base import Out
from chalicelib.schemas.languages import Language
from chalicelib.schemas.old_app import told
from chalicelib.schemas.problems import Reader
from chalicelib.schemas.values import LONGEST_PAGE
from chalicelib.services import old_ids as book
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage
from functions._response import as_json, refusing, status_of
from functions._rules import Rule

Record = TypeVar("Record")

TAPS_SECONDS = 5
"""Two taps within this time are the same request; within twice as long they may be."""
# Nothing derived from a password is kept but its bcrypt hash.
SECRETS = {"password", "current_password", "new_password"}


def reader_of(reader: Reader) -> Reader:
    """Who reads the answer: that app shows its people what comes, and they read Turkish."""
    return replace(reader, language=Language.TR)


def tap(actor: Actor | None, path: str, content: object, received_at: datetime) -> Request:
    """A request that is the same as one of this person a moment ago with this content, plain JSON without secrets.

    Its keys name this stretch of time and the next. So two taps share a key also where a stretch ends between them.
    """
    if actor is None:
        return Request()
    same = json.dumps([actor.user_id, path.rstrip("/"), content], sort_keys=True)
    named = digest(same.encode(), bits=256)
    stretch = int(received_at.timestamp()) // TAPS_SECONDS
    return Request(f"tap {named} {stretch}", also=f"tap {named} {stretch + 1}")


def ids_of(tenant: str, places: Mapping[str, str]) -> dict[str, str]:
    """Takip's ids of what a path names. Each place is called as its kind. Raises OldIdNotFound."""
    return {kind: book.id_of(tenant, cast("Kind", kind), _number(written)) for kind, written in places.items()}


def numbers(tenant: str, kind: Kind, ids: Iterable[str | None]) -> dict[str, int]:
    """The numbers of ids, without those that are None. Those that have none yet are given the next ones."""
    return book.numbers_of(tenant, kind, (each for each in ids if each is not None))


def every(page: Callable[..., ListPage[Record]], most: int) -> list[Record]:
    """The items of all pages of a list, at most so many; `page` takes a `limit` and a `cursor`."""
    found: list[Record] = []
    cursor: str | None = None
    while True:
        one = page(limit=LONGEST_PAGE, cursor=cursor)
        found += one.items
        cursor = one.next_cursor
        if cursor is None or len(found) >= most:
            return found[:most]


def rows(items: Iterable[Out]) -> Answer:
    """Answer with a bare list."""
    return Answer([item.plain() for item in items])


def success(rule: Rule, answer: Answer, headers: Mapping[str, str]) -> Response:
    """Answer with what was asked for, and nothing around it."""
    replayed = {"Idempotent-Replayed": "true"} if answer.replayed else {}
    return as_json(answer.data, rule.statuses[0], {**headers, **replayed})


def failure(error: TakipError, headers: Mapping[str, str], reader: Reader) -> Response:
    """Answer with an error as one text."""
    return as_json({"detail": told(error, reader)}, status_of(type(error)), refusing(error, headers, reader))


def _number(written: str) -> int:
    """A number as a path has it. Raises OldIdNotFound for what is none."""
    if not (written.isascii() and written.isdecimal()):
        raise old_ids.missing(0)
    return int(written)
