"""Screens: setting them up, listing and revoking them."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlunsplit

from chalicelib import clock
from chalicelib.domain.boards.screens import SCREEN, NewScreen, Screen, ScreenNotFound, board_id
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.people.users import Actor
from chalicelib.domain.sentences import say
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.pages import ListPage, page_of
from chalicelib.services.people import issued_keys
from chalicelib.services.retries import until_won
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.boards import screens as storage

PAGE = "/board"
"""The path of the page. A screen opens it with its key as the fragment, which a browser sends nowhere."""


def create(actor: Actor, new: NewScreen, request: Request, source: Source, present: Callable[[Screen], Any]) -> Answer:
    """Set up a screen. Its key is in this answer only: a repeated request is answered without it.

    Costs a read and a transaction. Raises TooManyScreens.
    """

    def prepare() -> Prepared:
        text = issued_keys.new_text(SCREEN, actor.tenant, board_id(new.line))
        screen = Screen(
            id=text.key_id,
            name=new.name,
            line=new.line,
            digest=text.digest,
            created_at=clock.now(),
            created_by=actor.user_id,
        )
        watch = storage.find_watch(actor.tenant).with_screen(screen)
        shown = {} if request.dry_run else {"key": str(text), "link": urlunsplit(("", "", PAGE, "", str(text)))}
        answer = Answer(present(screen), created=True, shown_once=shown)
        write = storage.put(actor.tenant, screen) + storage.put_watch(actor.tenant, watch)
        return Prepared(answer, write, _event(EventKind.SCREEN_CREATED, screen, source, actor))

    return carry_out(actor, "create_screen", new, request, prepare)


def page(actor: Actor, *, limit: int, cursor: str | None) -> ListPage[Screen]:
    """A page of screens, oldest first, revoked ones too. Costs one query. Raises BadCursor."""
    return page_of(storage.page(actor.tenant, limit=limit, cursor=cursor), Screen)


def revoke(actor: Actor, screen_id: str, source: Source) -> Screen:
    """Revoke the key of a screen; it is refused at once. A screen that is revoked already stays as it is.

    Costs a read and a transaction. Raises ScreenNotFound.
    """

    def attempt() -> Screen:
        screen, watch = storage.find(actor.tenant, screen_id)
        if screen is None:
            raise ScreenNotFound(say("GET /screens lists the screens."))
        if screen.revoked_at is None:
            left = watch.without_screen(screen)
            screen = screen.revoked(clock.now())
            write = storage.put(actor.tenant, screen) + storage.put_watch(actor.tenant, left)
            events.record(actor.tenant, _event(EventKind.SCREEN_REVOKED, screen, source, actor), write)
        return screen

    return until_won(attempt)


def _event(kind: EventKind, screen: Screen, source: Source, actor: Actor) -> SecurityEvent:
    return events.event(kind, actor_id=actor.user_id, source=source, detail={"screen_id": screen.id})
