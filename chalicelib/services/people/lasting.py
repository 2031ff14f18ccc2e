"""Lasting tokens: of an app that cannot refresh them. What they say is looked up, at most a minute ago."""

from collections.abc import Iterable
from dataclasses import replace

from chalicelib import clock
from chalicelib.domain.people.devices import SignedOut
from chalicelib.domain.people.users import Actor, User
from chalicelib.domain.sentences import say
from chalicelib.remembered import Known
from chalicelib.storage.people import devices


def as_of_now(actor: Actor) -> Actor:
    """The caller of a lasting token with the role that they have now.

    Costs no request if they were looked up in the last minute. Raises SignedOut, also for who is no longer active.
    """
    name = actor.tenant, f"{actor.user_id}/{actor.device_id}"
    user = _signed_in.find([name]).get(name)
    if user is None:
        raise SignedOut(say("Sign in again."))
    return replace(actor, role=user.role, must_change_password=user.must_change_password)


def _present(tenant: str, names: Iterable[str]) -> dict[str, User]:
    """The users who are signed in on these devices. A name is the id of a user and of a device."""
    found = {}
    for name in names:
        user_id, _, device_id = name.rpartition("/")
        known, user = devices.find(tenant, user_id, device_id)
        if user and device_id in known and known[device_id].is_signed_in(user, clock.now()):
            found[name] = user
    return found


_signed_in = Known(_present)
