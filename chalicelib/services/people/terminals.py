"""Terminals: enrolling, listing and revoking them, and the terminal that sends its key."""

from collections.abc import Callable
from typing import Any

from chalicelib import clock
from chalicelib.domain.people.devices import SignedOut, Source
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.people.terminals import (
    ASK_FOR_ANOTHER,
    TERMINAL,
    NewTerminal,
    Terminal,
    TerminalKeyInvalid,
    TerminalNotFound,
    read,
)
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.remembered import Known
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.people import issued_keys, known_people
from chalicelib.services.retries import until_won
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.people import terminals as storage

_known = Known(storage.find_all)


def create(
    actor: Actor, new: NewTerminal, request: Request, source: Source, present: Callable[[Terminal], Any]
) -> Answer:
    """Enrol a terminal. Its key is in this answer only: a repeated request is answered without it.

    Costs a transaction.
    """

    def prepare() -> Prepared:
        text = issued_keys.new_text(TERMINAL, actor.tenant, TERMINAL)
        terminal = Terminal(
            id=text.key_id, name=new.name, digest=text.digest, created_at=clock.now(), created_by=actor.user_id
        )
        shown = {} if request.dry_run else {"key": str(text)}
        answer = Answer(present(terminal), created=True, shown_once=shown)
        happened = _event(EventKind.TERMINAL_CREATED, terminal, source, actor)
        return Prepared(answer, storage.put(actor.tenant, terminal), happened)

    return carry_out(actor, "create_terminal", new, request, prepare)


def page(actor: Actor, *, limit: int, cursor: str | None) -> ListPage[Terminal]:
    """A page of terminals, oldest first, revoked ones too. Costs one query. Raises BadCursor."""
    return page_of(storage.page(actor.tenant, limit=limit, cursor=cursor), Terminal)


def revoke(actor: Actor, terminal_id: str, source: Source) -> Terminal:
    """Revoke a terminal. Within a minute its key and everybody who signed in there are refused everywhere.

    A terminal that is revoked already stays as it is. Costs a read and a transaction. Raises TerminalNotFound.
    """

    def attempt() -> Terminal:
        terminal = storage.find_all(actor.tenant, [terminal_id]).get(terminal_id)
        if terminal is None:
            raise TerminalNotFound(say("GET /terminals lists the terminals."))
        if terminal.revoked_at is None:
            terminal = terminal.revoked(clock.now())
            happened = _event(EventKind.TERMINAL_REVOKED, terminal, source, actor)
            events.record(actor.tenant, happened, storage.put(actor.tenant, terminal))
            _known.forget()
        return terminal

    return until_won(attempt)


def authenticate(text: str, source: Source) -> tuple[str, Terminal]:
    """The tenant and the terminal of a key. Wrong keys are counted and recorded as those of machines are.

    Costs no request if the terminal was read in the last minute, and one write a day. Raises TerminalKeyInvalid,
    TooManyAttempts.
    """
    sent = read(text)
    name = sent.tenant, sent.key_id
    terminal = _known.find([name]).get(name)
    if terminal is None or not terminal.is_shown_by(sent):
        refused = _event(EventKind.TERMINAL_KEY_REFUSED, terminal, source) if terminal else None
        issued_keys.count_failure(sent, source, refused)
        raise TerminalKeyInvalid(say(ASK_FOR_ANOTHER))
    if issued_keys.note_use(terminal, lambda after: storage.put(sent.tenant, after)):
        _known.forget()
    return sent.tenant, terminal


def refuse_ended(actor: Actor, terminal_id: str) -> None:
    """Refuse who signed in at a terminal that was revoked since, or whose account is no longer active.

    Costs no request if both were read in the last minute. Raises SignedOut.
    """
    at, person = (actor.tenant, terminal_id), (actor.tenant, actor.user_id)
    terminal, user = _known.find([at]).get(at), known_people.find([person]).get(person)
    if terminal is None or terminal.revoked_at is not None or user is None or not user.active:
        raise SignedOut(say("Sign in again."))


def _event(kind: EventKind, terminal: Terminal, source: Source, actor: Actor | None = None) -> SecurityEvent:
    by = actor.user_id if actor else None
    return events.event(kind, actor_id=by, source=source, detail={"terminal_id": terminal.id})
