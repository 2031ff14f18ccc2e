"""The doors of screens on the wall: setting them up, listing and revoking them."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.boards.screens import Screen
from chalicelib.domain.errors import Conflict
from chalicelib.schemas.base import Paged
from chalicelib.schemas.screens import CreatedScreenOut, NewScreen, ScreenOut, screen_out
from chalicelib.services.boards import screens
from chalicelib.services.idempotency import Answer
from functions._endpoint import Call, Doors, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "POST",
    "/screens",
    action="screen.create",
    body=NewScreen,
    answers=CreatedScreenOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict,),
)
def create_screen(call: Call) -> Answer:
    """Set up a screen on the wall for a line or the whole plant; its key, also as a link, is shown once."""
    return screens.create(call.actor, call.body.payload(), call.request, call.source, _shown)


@doors.route("GET", "/screens", action="screen.list", query=Paged, answers=ListOf(ScreenOut))
def list_screens(call: Call) -> Answer:
    """List screens, oldest first, revoked ones too."""
    found = screens.page(call.actor, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(screen_out, found.items), found.next_cursor)


@doors.route("DELETE", "/screens/{screen_id}", action="screen.revoke", answers=ScreenOut, refuses=(Conflict,))
def revoke_screen(call: Call, screen_id: str) -> Answer:
    """Revoke the key of a screen; it is refused at once."""
    return Answer(_shown(screens.revoke(call.actor, screen_id, call.source)))


def _shown(screen: Screen) -> dict[str, Any]:
    return screen_out(screen).plain()
