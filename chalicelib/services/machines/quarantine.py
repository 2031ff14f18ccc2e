"""Quarantine: what machines sent and nobody could use, read by an admin; what belongs to no tenant, by the operator."""

from collections.abc import Sequence

from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.people.users import Actor
from chalicelib.services.pages import ListPage, page_of
from chalicelib.storage.machines import quarantine


def page(actor: Actor, *, limit: int, cursor: str | None) -> ListPage[Quarantined]:
    """A page of the messages in quarantine, newest first."""
    return page_of(quarantine.page(actor.tenant, limit=limit, cursor=cursor, filters=None), Quarantined)


def strays(*, limit: int) -> Sequence[Quarantined]:
    """The newest messages that belong to no tenant, for the operator."""
    return page_of(quarantine.page(None, limit=limit, cursor=None, filters=None), Quarantined).items
