"""Quarantine: an admin reads the messages of their tenant; the operator reads those that belong to no tenant."""

from collections.abc import Sequence

from chalicelib.domain.machines.quarantine import Quarantined
from chalicelib.domain.people.users import Actor
from chalicelib.services.pages import ListPage, page_of
from chalicelib.storage.machines import quarantine


def page(actor: Actor, *, limit: int, cursor: str | None) -> ListPage[Quarantined]:
    """A page of a tenant's messages in quarantine, newest first."""
    return page_of(quarantine.page(actor.tenant, limit=limit, cursor=cursor, filters=None), Quarantined)


def strays(*, limit: int) -> Sequence[Quarantined]:
    """The newest messages that belong to no tenant."""
    return page_of(quarantine.page(None, limit=limit, cursor=None, filters=None), Quarantined).items
