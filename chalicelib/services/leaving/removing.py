"""Removing a closed tenant: all that it has in the table, whatever list it stands in, and at last the tenant itself.

Everything may be interrupted and done again: what is gone is gone, and the tenant's own item goes last.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from chalicelib import settings
from chalicelib.domain.people.security_events import SYSTEM
from chalicelib.domain.schema import Values
from chalicelib.remembered import REMEMBERED
from chalicelib.services import tenants
from chalicelib.storage import owned
from chalicelib.storage.boards import boards

LATELY = timedelta(days=1)
"""What was used since then is in use."""

A_WHILE = timedelta(seconds=10)
"""How often whoever waits is told how long."""

# Where a kind of item keeps when somebody or something of the tenant was there last.
USED_AT = {"device": "last_used_at", "command": "received_at", "security_event": "at", "latest": "as_of"}


@dataclass(frozen=True)
class Holding:
    """What a tenant has: its items by kind, and when somebody used it last (None: never)."""

    kinds: Mapping[str, int] = field(default_factory=Counter)
    used_at: datetime | None = None

    def and_also(self, items: Iterable[Values]) -> "Holding":
        """This and more items."""
        listed = list(items)
        used = [at for each in listed if (at := _used_at(each))]
        latest = max([*used, *([self.used_at] if self.used_at else [])], default=None)
        return Holding(Counter(self.kinds) + Counter(each["kind"] for each in listed), latest)


def _used_at(item: Values) -> datetime | None:
    """When somebody used what an item is about; None if it does not say."""
    at = item["data"].get(USED_AT.get(item["kind"], ""))
    return datetime.fromisoformat(at) if at and item["data"].get("actor_id") != SYSTEM else None


def removed(tenant_id: str) -> Iterator[tuple[int, int]]:
    """Delete all that a tenant has but its own item: for each page how many items were seen, and are gone."""
    for page in owned.pages(tenant_id):
        gone = [each for each in page.items if not owned.is_of_tenant_itself(each)]
        owned.delete(gone)
        yield page.seen, len(gone)


def remove_itself(tenant_id: str) -> None:
    """Delete the tenant's own item, after everything else."""
    for page in owned.pages(tenant_id):
        owned.delete([each for each in page.items if owned.is_of_tenant_itself(each)])


def boards_of(tenant_id: str) -> list[str]:
    """The ids of the boards that a tenant has."""
    return list(boards.standing(tenant_id).boards)


def quiet_at(tenant_id: str) -> datetime | None:
    """When no token of a closed tenant is good any more, and every function knows that it is closed.

    None if it is not there.
    """
    if not tenants.is_there(tenant_id):
        return None
    closed_at = tenants.close(tenant_id).closed_at
    return closed_at and closed_at + timedelta(minutes=settings.current().token_minutes) + REMEMBERED
