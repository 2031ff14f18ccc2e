"""What was written and no event tells of, as the table's stream has it."""

from collections.abc import Mapping
from typing import Any

from chalicelib.domain.andon.machine_issues import MachineIssues
from chalicelib.domain.andon.presence import Presence
from chalicelib.domain.orders.commands import CommandRecord
from chalicelib.storage.items import Item
from chalicelib.storage.keys.shape import tenant_of

Unheard = CommandRecord | MachineIssues | Presence
KINDS: Mapping[str, type[Unheard]] = {
    "command": CommandRecord,
    "machine_issues": MachineIssues,
    "presence": Presence,
}
"""The records that have a field `unheard`, by the kind of their item."""


def is_unheard(image: Mapping[str, Any]) -> bool:
    """Whether an item has such a record."""
    return image["kind"]["S"] in KINDS


def of_image(image: Mapping[str, Any]) -> tuple[str, Unheard]:
    """The tenant and the record of such an item."""
    item = Item.from_raw_data(dict(image))
    return str(tenant_of(item.PK)), item.read(KINDS[item.kind])
