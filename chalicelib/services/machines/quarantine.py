"""Quarantine: an admin reads, counts, replays and deletes the messages of their tenant; strays are the operator's."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from chalicelib import clock
from chalicelib.domain.machines.quarantine import (
    Chosen,
    Counts,
    MessageCut,
    Quarantined,
    QuarantinedNotFound,
    body,
    counted,
)
from chalicelib.domain.machines.windows import refuse_no_time
from chalicelib.domain.markers import Clearing, Fate
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.machines import replaying, waiting
from chalicelib.services.machines.ingest import store
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage import markers
from chalicelib.storage.machines import quarantine

MOST_PAGES = 10
"""The pages without a chosen message that a request passes at most, before it answers with an empty page."""
COUNTED_A_PAGE, MOST_COUNTED_PAGES = 1_000, 20
"""A page is at most 1 MB, so the largest messages are counted a few a page."""

PresentReplayed = Callable[[Quarantined, Quarantined | None], Any]


def page(actor: Actor, chosen: Chosen, *, limit: int, cursor: str | None) -> ListPage[Quarantined]:
    """A page of a tenant's messages in quarantine, newest first. Raises BadParameter, BadCursor.

    Machine and time are read from an index, so other machines cost nothing. A code is looked for in up to 10 pages.
    """
    refuse_no_time(chosen.since, chosen.until)
    listed = ListPage[Quarantined]([], cursor)
    for _ in range(MOST_PAGES):
        found = quarantine.page(actor.tenant, limit=limit, cursor=listed.next_cursor, filters=chosen, chosen=chosen)
        listed = page_of(found, Quarantined, chosen.keeps)
        if listed.items or listed.next_cursor is None:
            break
    return listed


def read(actor: Actor, message_id: str) -> Quarantined:
    """Read a message. Raises QuarantinedNotFound."""
    message = quarantine.find(actor.tenant, message_id)
    if message is None:
        raise QuarantinedNotFound(
            say("It was taken in or deleted, or never was. GET /machines/quarantine lists what is.")
        )
    return message


def counts(actor: Actor, chosen: Chosen) -> Counts:
    """Count messages by reason and machine: all of them, or the newest 20 MB. Raises BadParameter."""
    refuse_no_time(chosen.since, chosen.until)
    messages: list[Quarantined] = []
    is_last = True
    for pages, listed in enumerate(quarantine.newest_first(actor.tenant, chosen, COUNTED_A_PAGE), 1):
        messages += filter(chosen.keeps, listed.messages)
        is_last = listed.is_last
        if pages == MOST_COUNTED_PAGES:
            break
    return counted(messages, all_read=is_last)


def take_in(actor: Actor, message_id: str, request: Request, present: PresentReplayed) -> Answer:
    """Judge a message again now, and take in what can be used. `present` gets it as it was and as it stays (None: not).

    A dry run only judges. Raises QuarantinedNotFound, MessageCut, StorageUnavailable.
    """

    def prepare() -> Prepared:
        before = read(actor, message_id)
        if body(before) is None:
            form = "Only its beginning is there. Send it again in parts of at most {most} KB, then delete this."
            raise MessageCut(say(form, most=256))
        (judged,) = replaying.judge([before])
        if not request.dry_run:
            store([judged.source])
        after = judged.after
        write = (
            quarantine.replacement(actor.tenant, before, after) if after else quarantine.removal(actor.tenant, before)
        )
        return Prepared(Answer(present(before, after)), write)

    return carry_out(actor, "replay_quarantined", None, request, prepare, target=message_id)


def take_in_all(actor: Actor, chosen: Chosen, request: Request, present: Callable[[Chosen], Any]) -> Answer:
    """Have chosen messages judged again, soon, and taken in if they can be used. Raises BadParameter.

    Costs one transaction.
    """
    refuse_no_time(chosen.since, chosen.until)

    def prepare() -> Prepared:
        answer = Answer(present(chosen), queued=True)
        return Prepared(answer, markers.put(waiting.marker(actor.tenant, _clearing(Fate.TAKE_IN, chosen))))

    return carry_out(actor, "replay_quarantine", chosen, request, prepare)


def delete(
    actor: Actor, message_id: str, request: Request, source: Source, present: Callable[[Quarantined], Any]
) -> Answer:
    """Delete a message. Raises QuarantinedNotFound. Costs a read and a transaction."""

    def prepare() -> Prepared:
        message = read(actor, message_id)
        happened = _deleted(actor, source, message_id=message.id, machine_id=message.machine_id)
        return Prepared(Answer(present(message)), quarantine.removal(actor.tenant, message), happened)

    return carry_out(actor, "delete_quarantined", None, request, prepare, target=message_id)


def delete_all(
    actor: Actor, chosen: Chosen, request: Request, source: Source, present: Callable[[Chosen], Any]
) -> Answer:
    """Have chosen messages deleted, soon; none that was sent after now. Raises BadParameter. Costs one transaction."""
    refuse_no_time(chosen.since, chosen.until)

    def prepare() -> Prepared:
        now = clock.now()
        until = min(chosen.until or now, now)
        clearing = _clearing(Fate.DELETE, replace(chosen, until=until))
        happened = _deleted(actor, source, machine_id=chosen.machine_id, code=chosen.code)
        answer = Answer(present(chosen), queued=True)
        return Prepared(answer, markers.put(waiting.marker(actor.tenant, clearing)), happened)

    return carry_out(actor, "delete_quarantine", chosen, request, prepare)


def strays(*, limit: int) -> Sequence[Quarantined]:
    """The newest messages that belong to no tenant."""
    return page_of(quarantine.page(None, limit=limit, cursor=None, filters=None), Quarantined).items


def _clearing(fate: Fate, chosen: Chosen) -> Clearing:
    return Clearing(fate, chosen.machine_id, chosen.code, chosen.since, chosen.until)


def _deleted(actor: Actor, source: Source, **chosen: str | None) -> SecurityEvent:
    detail = {name: value for name, value in chosen.items() if value}
    return events.event(EventKind.QUARANTINE_DELETED, actor_id=actor.user_id, source=source, detail=detail)
