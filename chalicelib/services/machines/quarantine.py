"""Quarantine: messages of machines that could not be used, for an admin to read."""

from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.people.users import Actor
from chalicelib.services.pages import ListPage, page_of
from chalicelib.storage.machines import quarantine


def page(actor: Actor, *, limit: int, cursor: str | None) -> ListPage[Quarantined]:
    """A page of the messages in quarantine, newest first."""
    return page_of(quarantine.page(actor.tenant, limit=limit, cursor=cursor, filters=None), Quarantined)
