"""Terminals in the table: one item each. Only a digest of the key is stored."""

from collections.abc import Iterable

from chalicelib.domain.people.terminals import Terminal
from chalicelib.storage import table
from chalicelib.storage.items import item
from chalicelib.storage.keys import people as keys
from chalicelib.storage.pages import Page
from chalicelib.storage.table import Put
from chalicelib.storage.writes import Write


def find_all(tenant: str, terminal_ids: Iterable[str]) -> dict[str, Terminal]:
    """Read terminals by id, 100 a request. Unknown ids are left out."""
    items = table.batch_get(keys.terminal(tenant, terminal_id) for terminal_id in terminal_ids)
    found = [each.read(Terminal) for each in items.values()]
    return {terminal.id: terminal for terminal in found}


def put(tenant: str, terminal: Terminal) -> Write:
    """The write of a terminal, on the condition that nobody else wrote it since it was read."""
    written = item(keys.terminal(tenant, terminal.id), "terminal", terminal, revision=terminal.version)
    return Write((Put(written, table.follows(written)),))


def page(tenant: str, *, limit: int, cursor: str | None) -> Page:
    """A page of terminals, oldest first, revoked ones too."""
    partition, prefix = keys.terminals(tenant)
    return table.page(None, partition, limit=limit, cursor=cursor, begins_with=prefix)
