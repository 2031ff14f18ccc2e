"""The doors of shared terminals: enrolling and revoking them, PINs and badges, and signing in there."""

from http import HTTPStatus
from typing import Any

from chalicelib.domain.errors import Conflict, Forbidden, Throttled, Unauthenticated
from chalicelib.domain.people.terminal_access import TerminalAccess
from chalicelib.domain.people.terminals import Terminal
from chalicelib.schemas.base import Paged
from chalicelib.schemas.terminals import (
    ChangeTerminalAccess,
    CreatedTerminalOut,
    NewTerminal,
    SignedInAtTerminalOut,
    SignInAtTerminal,
    TerminalAccessOut,
    TerminalOut,
    terminal_access_out,
    terminal_out,
)
from chalicelib.services.idempotency import Answer
from chalicelib.services.people import terminal_access, terminal_sign_in, terminals
from functions._endpoint import Call, Doors, Visit, page_of
from functions._rules import ListOf

doors = Doors(__name__)


@doors.route(
    "POST",
    "/terminals",
    action="terminal.create",
    body=NewTerminal,
    answers=CreatedTerminalOut,
    statuses=(HTTPStatus.CREATED,),
    refuses=(Conflict,),
)
def create_terminal(call: Call) -> Answer:
    """Enrol a shared terminal; its key is shown once."""
    return terminals.create(call.actor, call.body.payload(), call.request, call.source, _shown)


@doors.route("GET", "/terminals", action="terminal.list", query=Paged, answers=ListOf(TerminalOut))
def list_terminals(call: Call) -> Answer:
    """List shared terminals, oldest first, revoked ones too."""
    found = terminals.page(call.actor, limit=call.query.limit, cursor=call.query.cursor)
    return page_of(map(terminal_out, found.items), found.next_cursor)


@doors.route("DELETE", "/terminals/{terminal_id}", action="terminal.revoke", answers=TerminalOut, refuses=(Conflict,))
def revoke_terminal(call: Call, terminal_id: str) -> Answer:
    """Revoke a shared terminal; within a minute its key and all who signed in there are refused."""
    return Answer(_shown(terminals.revoke(call.actor, terminal_id, call.source)))


@doors.public(
    "POST",
    "/terminals/sign-in",
    body=SignInAtTerminal,
    answers=SignedInAtTerminalOut,
    refuses=(Unauthenticated, Forbidden, Throttled, Conflict),
    dry_run=False,
)
def sign_in_at_terminal(visit: Visit) -> Answer:
    """Sign in at a shared terminal by a PIN or a badge, with the rights of a worker, for a short time."""
    given = visit.body
    if given.badge is not None:
        signed_in = terminal_sign_in.by_badge(given.key, given.badge, visit.source)
    else:
        signed_in = terminal_sign_in.by_pin(given.key, given.username, given.pin, visit.source)
    return Answer(SignedInAtTerminalOut.model_validate(signed_in).plain())


@doors.route("GET", "/auth/users/{user_id}/terminal", action="terminal_access.read", answers=TerminalAccessOut)
def read_terminal_access(call: Call, user_id: str) -> Answer:
    """Read whether a person has a PIN and a badge: you yourself or, for planners, a worker."""
    return Answer(_access(terminal_access.read(call.actor, user_id)))


@doors.route(
    "PATCH",
    "/auth/users/{user_id}/terminal",
    action="terminal_access.change",
    body=ChangeTerminalAccess,
    answers=TerminalAccessOut,
    refuses=(Conflict,),
)
def change_terminal_access(call: Call, user_id: str) -> Answer:
    """Choose your own PIN or, for planners, give a worker a PIN or a badge; null takes it away."""
    return terminal_access.change(call.actor, user_id, call.body.payload(), call.request, _access)


def _shown(terminal: Terminal) -> dict[str, Any]:
    return terminal_out(terminal).plain()


def _access(access: TerminalAccess) -> dict[str, Any]:
    return terminal_access_out(access).plain()
