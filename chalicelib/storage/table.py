"""The table: get, query, page and transact. DynamoDB's errors are translated to the domain's."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from pynamodb.connection import Connection
from pynamodb.exceptions import QueryError
from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from chalicelib import settings
from chalicelib.domain.errors import BadCursor
from chalicelib.storage import batches, cursors
from chalicelib.storage.items import Item
from chalicelib.storage.keys.shape import Key, Range
from chalicelib.storage.pages import Page, one_answer
from chalicelib.storage.translated import away, in_our_words


@dataclass(frozen=True)
class Put:
    """Write a whole item, if the condition is met."""

    item: Item
    condition: Condition | None = None


@dataclass(frozen=True)
class Check:
    """Write nothing here, but fail the whole transaction unless the condition is met."""

    key: Key
    condition: Condition


def model() -> type[Item]:
    """The item model, bound to the table of the settings."""
    Item.Meta.table_name = settings.current().table
    return Item


def absent() -> Condition:
    """The condition that the item does not exist."""
    return Item.PK.does_not_exist()


def absent_or_expired(now: datetime) -> Condition:
    """The condition that the item does not exist or has expired; the table deletes expired items late."""
    expired: Condition = Item.expires_at < int(now.timestamp())
    gone: Condition = absent() | expired
    return gone


def at_revision(revision: int | None) -> Condition:
    """The condition that the item still has this revision. With None or 0: that it does not exist."""
    unchanged: Condition = Item.revision == revision
    return unchanged if revision else absent()


def follows(written: Item) -> Condition:
    """The condition that the stored revision is the one before that of this item."""
    return at_revision(int(written.revision) - 1)


def at_count(revision: int) -> Condition:
    """The condition that the item still has this revision. With 0: that it has none, or does not exist."""
    unchanged: Condition = Item.revision == revision
    uncounted: Condition = Item.revision.does_not_exist()
    return unchanged if revision else uncounted


def at_version(version: int) -> Condition:
    """The condition that the item exists and is at this version; an item without a revision is at version 1."""
    counted: Condition = Item.revision == version
    uncounted: Condition = Item.PK.exists() & Item.revision.does_not_exist()
    return counted | uncounted if version == 1 else counted


def get(key: Key) -> Item | None:
    """Read one item, consistently; None if there is none."""
    with in_our_words(), suppress(Item.DoesNotExist):
        return model().get(key.pk, key.sk, consistent_read=True)
    return None


def batch_get(keys: Iterable[Key]) -> dict[Key, Item]:
    """Read up to 100 items in one request, consistently. Unknown keys are left out."""
    with in_our_words():
        items = model().batch_get([tuple(key) for key in keys], consistent_read=True)
        return {item.key: item for item in items}


def query(pk: str, begins_with: str = "", *, between: Range | None = None, limit: int | None = None) -> Iterator[Item]:
    """Read items of a partition consistently, by the prefix or the range of the sort key; at most `limit`, if given."""
    condition = _sort_keys(Item.SK, begins_with, between)
    with in_our_words():
        yield from model().query(pk, condition, consistent_read=True, limit=limit, page_size=limit)


def page(
    index: str | None,
    pk: str,
    *,
    limit: int | None = None,
    cursor: str | None = None,
    filters: object = None,
    forward: bool = True,
    begins_with: str = "",
    between: Range | None = None,
) -> Page:
    """Read a page of an index (`by_state`, `by_owner`) or, with None, of the table itself, by sort key.

    Without a limit: all of it; else it ends early where it would be too large.
    A cursor belongs to its list: index, partition, filters and direction. Raises BadCursor for any other.
    """
    source: Any = getattr(model(), index) if index else model()
    sort_key = {"by_state": Item.GSI1SK, "by_owner": Item.GSI2SK}.get(index or "", Item.SK)
    bound = cursors.list_id(index, pk, begins_with, between, filters, forward)
    start = cursors.opened(cursor, bound) if cursor else {}
    try:
        with in_our_words():
            found = source.query(
                pk,
                _sort_keys(sort_key, begins_with, between),
                limit=limit,
                page_size=limit,
                scan_index_forward=forward,
                last_evaluated_key={name: {"S": value} for name, value in start.items()} or None,
            )
            if limit is None:
                return Page(list(found))
            return one_answer(found, bound)
    except QueryError as error:
        raise (BadCursor(cursors.BEGIN_ANEW) if cursor else error) from None


def scan(segment: int, of: int, *, limit: int, place: Mapping[str, str]) -> Page:
    """Read a page of one of so many segments of the whole table, consistently, from a place on."""
    with in_our_words():
        found = model().scan(
            segment=segment,
            total_segments=of,
            limit=limit,
            page_size=limit,
            last_evaluated_key={name: {"S": value} for name, value in place.items()} or None,
            consistent_read=True,
        )
        return one_answer(found, "")


def put(item: Item, condition: Condition | None = None) -> None:
    """Write one item. Raises ConditionFailed."""
    with in_our_words([item.key]):
        model()
        item.save(condition)


def delete(key: Key, condition: Condition) -> None:
    """Delete one item. Raises ConditionFailed."""
    with in_our_words([key]):
        model()(key.pk, key.sk).delete(condition, add_version_condition=False)


def transact(
    puts: Sequence[Put],
    deletes: Sequence[Key] = (),
    updates: Sequence[tuple[Key, list[Any]]] = (),
    checks: Sequence[Check] = (),
    takes: Sequence[Key] = (),
) -> None:
    """Write all or nothing: at most 100 actions. Updates apply only to items that exist.

    `takes` are deleted too, and must exist. Raises ConditionFailed with the items whose condition was not met,
    Collision if another transaction wrote at the same time.
    """
    bound = model()
    # PynamoDB always sends checks, deletes, puts, updates in this order, and the reasons come in the same order.
    keys = [
        *(check.key for check in checks),
        *deletes,
        *takes,
        *(put.item.key for put in puts),
        *(key for key, _ in updates),
    ]
    with in_our_words(keys), TransactWrite(connection=_connection()) as transaction:
        for check in checks:
            transaction.condition_check(bound, check.key.pk, check.key.sk, condition=check.condition)
        for key in deletes:
            transaction.delete(bound(key.pk, key.sk), add_version_condition=False)
        for key in takes:
            transaction.delete(bound(key.pk, key.sk), condition=Item.PK.exists(), add_version_condition=False)
        for written in puts:
            transaction.save(written.item, condition=written.condition)
        for key, actions in updates:
            transaction.update(bound(key.pk, key.sk), actions=actions, condition=Item.PK.exists())


def batch_put(items: Sequence[Item]) -> None:
    """Write items, 25 a request, in no order. Raises StorageUnavailable."""
    _batch([batches.putting(item) for item in items])


def batch_delete(items: Sequence[Item]) -> None:
    """Delete items, 25 a request, in no order. Raises StorageUnavailable."""
    _batch([batches.deleting(item.key) for item in items])


def _batch(writes: Sequence[batches.Write]) -> None:
    with in_our_words():
        if not batches.send(model(), writes):
            raise away()


def _connection() -> Connection:
    """The connection that PynamoDB made for the model. PynamoDB has no public name for it."""
    return model()._get_connection().connection  # noqa: SLF001  the client's settings stand in the model


def _sort_keys(attribute: Any, begins_with: str, between: Range | None) -> Condition | None:
    """The condition on a sort key: a range, a prefix, or none."""
    condition = attribute.between(*between) if between else (attribute.startswith(begins_with) if begins_with else None)
    return cast("Condition | None", condition)
