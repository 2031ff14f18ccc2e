"""The table: get, query, page and transact, with DynamoDB's errors told in the floor's words."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from botocore.exceptions import ConnectionError as NotConnected
from botocore.exceptions import HTTPClientError
from pynamodb.connection import Connection
from pynamodb.exceptions import PynamoDBException, QueryError, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib import settings
from chalicelib.domain.digests import digest
from chalicelib.domain.errors import BadCursor, StorageUnavailable
from chalicelib.storage import cursors
from chalicelib.storage.conflicts import Collision, ConditionFailed
from chalicelib.storage.items import Item
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.pages import Page

THROTTLED = frozenset({"ThrottlingError", "ProvisionedThroughputExceeded"})
AWAY = frozenset(
    {
        "InternalServerError",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "ResourceNotFoundException",
        "ServiceUnavailable",
        "ThrottlingException",
        "TransactionInProgressException",
    }
)
# Errors without an answer; PynamoDB gives none at all where a batch is left over again and again.
UNANSWERED = (HTTPClientError, NotConnected)
RETRY_AFTER_SECONDS = 2


@dataclass(frozen=True)
class Put:
    """Write a whole item, where the condition holds."""

    item: Item
    condition: Condition | None = None


@dataclass(frozen=True)
class Check:
    """Write nothing here, but nothing elsewhere either unless the condition holds."""

    key: Key
    condition: Condition


def model() -> type[Item]:
    """The item model, bound to the table of the settings."""
    Item.Meta.table_name = settings.current().table
    return Item


def absent() -> Condition:
    """The condition that the item is not there yet."""
    return Item.PK.does_not_exist()


def absent_or_expired(now: datetime) -> Condition:
    """The condition that the item is not there, or that only the table's lateness in expiring keeps it."""
    expired: Condition = Item.expires_at < int(now.timestamp())
    gone: Condition = absent() | expired
    return gone


def at_revision(revision: int | None) -> Condition:
    """The condition that nobody wrote the item since it was read at this revision (None or 0: it was not there)."""
    unchanged: Condition = Item.revision == revision
    return unchanged if revision else absent()


def at_version(version: int) -> Condition:
    """The condition that the item exists and is at this version; an item without a revision is at version 1."""
    counted: Condition = Item.revision == version
    uncounted: Condition = Item.PK.exists() & Item.revision.does_not_exist()
    return counted | uncounted if version == 1 else counted


def get(key: Key) -> Item | None:
    """Read one item, consistently."""
    with _in_our_words():
        return next(iter(_get(key)), None)


def _get(key: Key) -> list[Item]:
    try:
        return [model().get(key.pk, key.sk, consistent_read=True)]
    except Item.DoesNotExist:
        return []


def batch_get(keys: Iterable[Key]) -> dict[Key, Item]:
    """Read up to 100 items in one request, consistently; those that are not there are left out."""
    with _in_our_words():
        found = model().batch_get([tuple(key) for key in keys], consistent_read=True)
        return {item.key: item for item in found}


def query(pk: str, begins_with: str = "", *, between: tuple[str, str] | None = None) -> Iterator[Item]:
    """Read all items of a partition whose sort key has a prefix, or lies between two (both included), consistently."""
    with _in_our_words():
        yield from model().query(pk, _sort_keys(Item.SK, begins_with, between), consistent_read=True)


def page(
    index: str | None,
    pk: str,
    *,
    limit: int | None = None,
    cursor: str | None = None,
    filters: object = None,
    forward: bool = True,
    begins_with: str = "",
    between: tuple[str, str] | None = None,
) -> Page:
    """Read a page of an index (`by_state`, `by_owner`) or, with None, of the table itself, in order of the sort key.

    Without a limit: all of it. A cursor belongs to its partition and filters. Raises BadCursor for any other.
    """
    source: Any = getattr(model(), index) if index else model()
    sort_key = {"by_state": Item.GSI1SK, "by_owner": Item.GSI2SK}.get(index or "", Item.SK)
    bound = digest(json.dumps([pk, begins_with, between, filters], default=str).encode(), bits=64)
    start = cursors.opened(cursor, bound) if cursor else None
    try:
        with _in_our_words():
            found = source.query(
                pk,
                _sort_keys(sort_key, begins_with, between),
                limit=limit,
                page_size=limit,
                scan_index_forward=forward,
                last_evaluated_key=start,
            )
            items = list(found)
    except QueryError as error:
        raise (BadCursor(cursors.BEGIN_ANEW) if cursor else error) from None
    return Page(items, cursors.sealed(found.last_evaluated_key, bound) if found.last_evaluated_key else None)


def put(item: Item, condition: Condition | None = None) -> None:
    """Write one item. Raises ConditionFailed."""
    with _in_our_words([item.key]):
        model()
        item.save(condition)


def transact(
    puts: Sequence[Put],
    deletes: Sequence[Key] = (),
    updates: Sequence[tuple[Key, list[Any]]] = (),
    checks: Sequence[Check] = (),
) -> None:
    """Write all or nothing: at most 100 actions. Updates apply only to items that are there.

    Raises ConditionFailed naming the items whose condition did not hold, Collision where another transaction was there.
    """
    bound = model()
    # PynamoDB sends checks, deletes, puts, updates in this order, whatever the order of calls: so do the reasons come.
    keys = [*(each.key for each in checks), *deletes, *(each.item.key for each in puts), *(key for key, _ in updates)]
    with _in_our_words(keys), TransactWrite(connection=_connection()) as transaction:
        for check in checks:
            transaction.condition_check(bound, check.key.pk, check.key.sk, condition=check.condition)
        for key in deletes:
            transaction.delete(bound(key.pk, key.sk), add_version_condition=False)
        for each in puts:
            transaction.save(each.item, condition=each.condition)
        for key, actions in updates:
            transaction.update(bound(key.pk, key.sk), actions=actions, condition=Item.PK.exists())


def batch_put(items: Sequence[Item]) -> None:
    """Write items, 25 a request, in no order; what a request leaves over is sent again. Raises StorageUnavailable."""
    with _in_our_words(), model().batch_write() as batch:
        for each in items:
            batch.save(each)


def batch_delete(items: Sequence[Item]) -> None:
    """Delete items, 25 a request, in no order. Raises StorageUnavailable."""
    with _in_our_words(), model().batch_write() as batch:
        for each in items:
            batch.delete(each)


def _connection() -> Connection:
    """The connection that PynamoDB made for the model; it has no public name for it."""
    return model()._get_connection().connection  # noqa: SLF001  the client's settings stand in the model


def ping() -> None:
    """Ask the table for an item that is never there. Raises StorageUnavailable."""
    get(Key("PING", "PING"))


@contextmanager
def _in_our_words(keys: Sequence[Key] = ()) -> Iterator[None]:
    """Tell DynamoDB's refusals as ours; what is our own fault passes through."""
    try:
        yield
    except PynamoDBException as error:
        reasons = error.cancellation_reasons if isinstance(error, TransactWriteError) else []
        codes = {reason.code for reason in reasons if reason is not None}
        failed = [key for key, reason in zip(keys, reasons, strict=False) if reason and "Conditional" in reason.code]
        if failed:
            raise ConditionFailed(failed) from None
        code = _code(error)
        if code == "ConditionalCheckFailedException":
            raise ConditionFailed(keys) from None
        if "TransactionConflict" in codes or code == "TransactionConflictException":
            raise Collision from None
        unanswered = error.cause is None or isinstance(error.cause, UNANSWERED)
        if unanswered or code in AWAY or codes & THROTTLED:
            raise StorageUnavailable("Try again in a moment.", retry_after=RETRY_AFTER_SECONDS) from error
        raise


def _code(error: PynamoDBException) -> str | None:
    """DynamoDB's code for what went wrong; there is none where it did not answer."""
    answer = getattr(error.cause, "response", None) or {}
    code: str | None = answer.get("Error", {}).get("Code")
    return code


def _sort_keys(attribute: Any, begins_with: str, between: tuple[str, str] | None) -> Condition | None:
    """The condition on a sort key: between two (both included), with a prefix, or none."""
    condition = attribute.between(*between) if between else (attribute.startswith(begins_with) if begins_with else None)
    return cast("Condition | None", condition)
