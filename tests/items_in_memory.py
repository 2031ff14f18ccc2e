"""A faster in-memory table for moto: items are replaced, never changed, so that copies of a table can share them.

Moto copies the whole table before each part of a transaction, which would take longer than the tests themselves.
"""

from collections import defaultdict
from copy import copy, deepcopy
from typing import Any

import pytest
from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

Items = defaultdict[Any, dict[Any, Any]]

_update_item = DynamoDBBackend.update_item


def replace_items(patched: pytest.MonkeyPatch) -> None:
    """Let an update change a copy of the item, in its place, and a copy of a table share its items."""
    patched.setattr(DynamoDBBackend, "update_item", _updated)
    patched.setattr(Table, "__deepcopy__", _copied, raising=False)


def table_in(region: str, name: str) -> Any:
    """The table as it is; a transaction that fails puts another in its place."""
    return get_backend("dynamodb")[DEFAULT_ACCOUNT_ID][region].tables[name]


def shared(items: Items) -> Items:
    """A copy of what holds the items, with the items themselves."""
    return defaultdict(dict, {pk: dict(beside) for pk, beside in items.items()})


def _updated(backend: Any, table_name: str, key: dict[str, Any], *how: Any, **named: Any) -> Any:
    table = backend.get_table(table_name)
    pk, sk = backend.get_keys_value(table, key)
    if item := table.get_item(pk, sk):
        table.items[pk][sk] = deepcopy(item)
    return _update_item(backend, table_name, key, *how, **named)


def _copied(table: Any, _memo: object) -> Any:
    twin = copy(table)
    twin.items = shared(table.items)
    return twin
