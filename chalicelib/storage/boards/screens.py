"""Screens in the table: one item each, and one for the boards that all of them show. Only a key's digest is stored."""

from chalicelib.domain.boards.screens import Screen, Watch
from chalicelib.storage import lookup, table
from chalicelib.storage.items import item
from chalicelib.storage.keys import boards as keys
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def find(tenant: str, screen_id: str) -> tuple[Screen | None, Watch]:
    """Read a screen, None if there is none, and the boards that are shown, in one request."""
    screen_at, watch_at = keys.screen(tenant, screen_id), keys.watch(tenant)
    items = table.batch_get([screen_at, watch_at])
    return lookup.among(items, screen_at, Screen), lookup.among(items, watch_at, Watch) or Watch()


def find_watch(tenant: str) -> Watch:
    """Read the boards that the screens of a tenant show."""
    return lookup.find(keys.watch(tenant), Watch) or Watch()


def put(tenant: str, screen: Screen) -> Write:
    """The write of a screen, on the condition that nobody else wrote it since it was read."""
    written = item(keys.screen(tenant, screen.id), "screen", screen, revision=screen.version)
    return Write((Put(written, table.follows(written)),))


def put_watch(tenant: str, watch: Watch) -> Write:
    """The write of the boards that are shown, on the condition that nobody else wrote them since they were read."""
    place = (keys.WATCHES, tenant) if watch.boards else None
    written = item(keys.watch(tenant), "watch", watch, by_state=place, revision=watch.version)
    return Write((Put(written, table.follows(written)),))


def page(tenant: str, *, limit: int, cursor: str | None) -> Page:
    """A page of screens, oldest first, revoked ones too."""
    partition, prefix = keys.screens(tenant)
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=prefix)
