"""PINs and badges: choosing and giving them."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from chalicelib import ids, passwords
from chalicelib.domain.errors import InvalidFields, refuse
from chalicelib.domain.kept import Kept
from chalicelib.domain.people.security_events import EventKind
from chalicelib.domain.people.terminal_access import (
    SAME_AS_LOCKED,
    SECRET_BYTES,
    BadgeSecret,
    ChangeTerminalAccess,
    TerminalAccess,
    pin_errors,
    refuse_change,
)
from chalicelib.domain.people.users import Actor
from chalicelib.remembered import Known
from chalicelib.services import events
from chalicelib.services.idempotency import Answer, Request
from chalicelib.services.people.sign_in import matching
from chalicelib.services.transactions import Prepared, carry_out
from chalicelib.storage.people import terminal_access as storage
from chalicelib.storage.writes import Write

_secrets = Known(storage.find_secrets)


def read(actor: Actor, user_id: str) -> TerminalAccess:
    """How a person signs in at terminals: oneself, or for planners a worker. Costs one read. Raises UserNotFound."""
    owner, access = storage.find(actor.tenant, user_id)
    refuse_change(actor, user_id, owner, ChangeTerminalAccess())
    return access


def change(
    actor: Actor,
    user_id: str,
    wanted: ChangeTerminalAccess,
    request: Request,
    present: Callable[[TerminalAccess], Any],
) -> Answer:
    """Choose or give a PIN or a badge, or take it away. A new PIN is not locked.

    It must not be the one that is locked: who guessed at it could know it by now, because its answer is another one.
    Costs one read and a transaction; one read more for a badge. Raises UserNotFound, ActionForbidden, InvalidFields,
    BadgeTaken.
    """
    pin = wanted.pin
    refuse(list(pin_errors(pin)) if isinstance(pin, str) else [])
    hashed = passwords.hashed_once(pin) if isinstance(pin, str) else lambda: None
    is_locked = matching(pin) if isinstance(pin, str) else lambda _: False

    def prepare() -> Prepared:
        owner, before = storage.find(actor.tenant, user_id)
        owner = refuse_change(actor, user_id, owner, wanted)
        if before.pin_locked and is_locked(before.pin_hash):
            raise InvalidFields([SAME_AS_LOCKED])
        after = before if isinstance(pin, Kept) else before.with_pin(hashed())
        write = Write()
        if not isinstance(wanted.badge, Kept):
            badge, write = _badge(actor.tenant, wanted.badge)
            after = replace(after, badge=badge)
        after = replace(after, version=before.version + 1)
        happened = events.event(
            EventKind.TERMINAL_ACCESS_CHANGED, user_id=owner.id, actor_id=actor.user_id, detail=_done(wanted)
        )
        return Prepared(Answer(present(after)), write + storage.put(actor.tenant, after, before), happened)

    # Nothing derived from a PIN or a badge is kept with the answer: they are no part of what makes requests the same.
    return carry_out(actor, "change_terminal_access", _done(wanted), request, prepare, target=user_id)


def digest(tenant: str, code: str) -> str:
    """The digest of the code of a badge; of a tenant without badges it is found nowhere. At most one read."""
    known = _secrets.find([(tenant, tenant)]).get((tenant, tenant), BadgeSecret(b""))
    return known.digest(code)


def _badge(tenant: str, code: str | None) -> tuple[str | None, Write]:
    """The digest of the code of a badge, and the write of the tenant's secret if this is its first badge."""
    if code is None:
        return None, Write()
    known = storage.find_secrets(tenant, [tenant]).get(tenant)
    secret = known or BadgeSecret(ids.secret(SECRET_BYTES))
    return secret.digest(code), Write() if known else storage.put_secret(tenant, secret)


def _done(wanted: ChangeTerminalAccess) -> dict[str, str]:
    """What is changed, without the values."""
    given = {"pin": wanted.pin, "badge": wanted.badge}
    return {
        name: "taken away" if value is None else "given" for name, value in given.items() if not isinstance(value, Kept)
    }
