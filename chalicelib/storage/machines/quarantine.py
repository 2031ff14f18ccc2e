"""Messages in quarantine in the table, by the day they were sent and a digest of their content.

If the tenant is None, it is the operator's quarantine: messages that belong to no tenant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.markers import Clearing
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.keys.shape import Key, between_instants, time_key
from chalicelib.storage.pages import Page

MOST_A_PAGE = 100


@dataclass(frozen=True)
class Listed:
    """Messages that stand side by side in a list, oldest first, and the place of the last one.

    `outdated` are those that an earlier release wrote, so that they are not in their machine's list.
    """

    messages: list[Quarantined]
    outdated: list[Quarantined]
    place: str


def as_item(tenant: str | None, message: Quarantined) -> Item:
    """The item of a message in quarantine. The same message, sent on the same day, has the same item."""
    at, place = _key(tenant, message), time_key(message.sent_at, message.digest)
    of_machine = (keys.quarantine_of(tenant, message.machine_id), place) if tenant and message.machine_id else None
    return item(at, "quarantined", message, by_state=of_machine, by_owner=(_list(tenant), place))


def write(tenant: str | None, messages: Iterable[Quarantined]) -> None:
    """Write messages into quarantine, 25 a request. Equal messages become one. Raises StorageUnavailable."""
    items = {item.key: item for item in (as_item(tenant, message) for message in messages)}
    table.batch_put(list(items.values()))


def replace(tenant: str | None, before: Quarantined, after: Quarantined) -> None:
    """Write a message with other reasons, or in today's form. Raises ConditionFailed if it is not as it was."""
    table.put(as_item(tenant, after), _as_it_was(before))


def delete(tenant: str | None, message: Quarantined) -> None:
    """Delete a message. Raises ConditionFailed if it is not as it was."""
    table.delete(_key(tenant, message), _as_it_was(message))


def delete_all(tenant: str | None, messages: Iterable[Quarantined]) -> None:
    """Delete messages, 25 a request. Raises StorageUnavailable."""
    table.batch_delete([as_item(tenant, message) for message in messages])


def page(tenant: str | None, *, limit: int, cursor: str | None, filters: object) -> Page:
    """A page of the messages in quarantine, newest first."""
    return table.page("by_owner", _list(tenant), limit=limit, cursor=cursor, filters=filters, forward=False)


def oldest_first(tenant: str | None, wanted: Clearing) -> Iterator[Listed]:
    """Read the messages of a clearing's machine and time, a page at a time. A message of a moment ago may be missed."""
    if tenant and wanted.machine_id:
        index, partition = "by_state", keys.quarantine_of(tenant, wanted.machine_id)
    else:
        index, partition = "by_owner", _list(tenant)
    first, end = between_instants(wanted.since, wanted.until)
    after, more = wanted.after or first, True
    while more:
        found = table.page(index, partition, limit=MOST_A_PAGE, between=(after, end))
        more = bool(found.place)
        # The range includes its ends, so the message at `after` comes again.
        new = {_place(each): each for each in found.items if _place(each) != after}
        if new:
            messages = {place: each.read(Quarantined) for place, each in new.items()}
            outdated = [each for place, each in messages.items() if as_item(tenant, each).GSI1PK != new[place].GSI1PK]
            after = max(new)
            yield Listed(list(messages.values()), outdated, after)


def _place(stored: Item) -> str:
    return str(stored.GSI2SK)


def _as_it_was(message: Quarantined) -> Condition:
    unchanged: Condition = Path(["data", "reasons"]) == message.reasons
    return unchanged


def _key(tenant: str | None, message: Quarantined) -> Key:
    return Key(keys.STRAYS, message.id) if tenant is None else keys.quarantined(tenant, message.sent_at, message.digest)


def _list(tenant: str | None) -> str:
    return keys.STRAYS if tenant is None else keys.quarantine(tenant)
