"""Tending quarantine for the operator: the messages of a tenant, or (None) those that belong to no tenant."""

from collections.abc import Iterable, Iterator
from itertools import islice

from chalicelib.domain.machines.quarantine import Chosen, Quarantined, QuarantinedNotFound
from chalicelib.domain.people.security_events import SYSTEM, EventKind
from chalicelib.domain.sentences import say
from chalicelib.services import events
from chalicelib.services.machines import replaying
from chalicelib.services.machines.replaying import Judged
from chalicelib.storage.machines import quarantine

A_PAGE = 100


def choose(tenant: str | None, chosen: Chosen, *, limit: int) -> list[Quarantined]:
    """The newest messages that are chosen, at most so many. Reads until there are enough, or no more."""
    pages = quarantine.newest_first(tenant, chosen, A_PAGE)
    return list(islice((each for page in pages for each in page.messages if _keeps(chosen, each)), limit))


def read(tenant: str | None, message_id: str) -> Quarantined:
    """Read a message. Raises QuarantinedNotFound."""
    message = quarantine.find(tenant, message_id)
    if message is None:
        raise QuarantinedNotFound(say("It was taken in or deleted, or never was."))
    return message


def take_in(tenant: str | None, messages: Iterable[Quarantined], *, dry_run: bool) -> Iterator[Judged]:
    """Judge messages again, a few at a time, and take in what can be used. A dry run only judges.

    A message that was cut is left out.
    """
    rest = iter(messages)
    while some := list(islice(rest, A_PAGE)):
        yield from replaying.judge(some) if dry_run else replaying.take_in(tenant, some)


def delete(tenant: str | None, messages: list[Quarantined], chosen: Chosen) -> Iterator[int]:
    """Delete messages, a few at a time, and yield how many. The admins of a tenant are told in a security event."""
    if tenant and messages:
        about = {"machine_id": chosen.machine_id, "code": chosen.code, "count": str(len(messages))}
        detail = {name: value for name, value in about.items() if value}
        events.record(tenant, events.event(EventKind.QUARANTINE_DELETED, actor_id=SYSTEM, detail=detail))
    for start in range(0, len(messages), A_PAGE):
        some = messages[start : start + A_PAGE]
        quarantine.delete_all(tenant, some)
        yield len(some)


def _keeps(chosen: Chosen, message: Quarantined) -> bool:
    """Whether a message is chosen. Those of no tenant are not in lists of machines."""
    return chosen.keeps(message) and chosen.machine_id in (None, message.machine_id)
