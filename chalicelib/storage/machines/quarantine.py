"""Messages in quarantine in the table, by the day they were sent and a digest of their content.

If the tenant is None, it is the operator's quarantine: messages that belong to no tenant.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path

from chalicelib.domain.machines.quarantine import Chosen, Quarantined
from chalicelib.domain.markers import Clearing
from chalicelib.storage import lookup, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import machines as keys
from chalicelib.storage.keys.shape import Key, between_instants, time_key
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write

MOST_A_PAGE = 100
EVERY_MESSAGE = Chosen()
DAY = len("yyyy-mm-dd")


@dataclass(frozen=True)
class Listed:
    """Messages that stand side by side in a list, the place of the last one, and whether the list ends there.

    `outdated` are those that an earlier release wrote, so that they are not in their machine's list.
    """

    messages: list[Quarantined]
    outdated: list[Quarantined]
    place: str
    is_last: bool


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


def find(tenant: str | None, message_id: str) -> Quarantined | None:
    """Read a message by its id; None if there is none."""
    day, digest = message_id[:DAY], message_id[DAY + 1 :]
    if not digest:
        return None
    at = Key(keys.STRAYS, message_id) if tenant is None else keys.quarantined_on(tenant, day, digest)
    return lookup.find(at, Quarantined)


def replacement(tenant: str, before: Quarantined, after: Quarantined) -> Write:
    """The write of a message with other reasons, on the condition that it is as it was."""
    return Write((Put(as_item(tenant, after), _as_it_was(before)),))


def removal(tenant: str, message: Quarantined) -> Write:
    """The write that deletes a message, on the condition that it is there."""
    return Write(takes=(_key(tenant, message),))


def page(
    tenant: str | None, *, limit: int, cursor: str | None, filters: object, chosen: Chosen = EVERY_MESSAGE
) -> Page:
    """A page of the messages of a machine and time, newest first."""
    index, partition = _list_of(tenant, chosen.machine_id)
    between = between_instants(chosen.since, chosen.until)
    return table.page(index, partition, limit=limit, cursor=cursor, filters=filters, forward=False, between=between)


def oldest_first(tenant: str | None, wanted: Clearing) -> Iterator[Listed]:
    """Read the messages of a clearing's machine and time, a page at a time. A message of a moment ago may be missed."""
    first, end = between_instants(wanted.since, wanted.until)
    return _passed(tenant, wanted.machine_id, (wanted.after or first, end), MOST_A_PAGE)


def newest_first(tenant: str | None, chosen: Chosen, a_page: int) -> Iterator[Listed]:
    """Read the messages of a machine and time, a page at a time."""
    between = between_instants(chosen.since, chosen.until)
    return _passed(tenant, chosen.machine_id, between, a_page, newest=True)


def _passed(
    tenant: str | None, machine_id: str | None, between: tuple[str, str], a_page: int, *, newest: bool = False
) -> Iterator[Listed]:
    """Read a range of a list. It needs no cursor, which not every function can make."""
    index, partition = _list_of(tenant, machine_id)
    more = True
    while more:
        # One more: the range includes its ends, so the message where the last page ended comes again.
        found = table.page(index, partition, limit=a_page + 1, between=between, forward=not newest)
        more = bool(found.place)
        new = {str(each.GSI2SK): each for each in found.items if str(each.GSI2SK) not in between}
        if new:
            messages = {place: each.read(Quarantined) for place, each in new.items()}
            outdated = [each for place, each in messages.items() if as_item(tenant, each).GSI1PK != new[place].GSI1PK]
            last = min(new) if newest else max(new)
            between = (between[0], last) if newest else (last, between[1])
            yield Listed(list(messages.values()), outdated, last, is_last=not more)


def _as_it_was(message: Quarantined) -> Condition:
    unchanged: Condition = Path(["data", "reasons"]) == message.reasons
    return unchanged


def _key(tenant: str | None, message: Quarantined) -> Key:
    return Key(keys.STRAYS, message.id) if tenant is None else keys.quarantined(tenant, message.sent_at, message.digest)


def _list_of(tenant: str | None, machine_id: str | None) -> tuple[str, str]:
    """The index and the partition of the list of a machine, or of all. Messages of no tenant have one list only."""
    if tenant and machine_id:
        return "by_state", keys.quarantine_of(tenant, machine_id)
    return "by_owner", _list(tenant)


def _list(tenant: str | None) -> str:
    return keys.STRAYS if tenant is None else keys.quarantine(tenant)
