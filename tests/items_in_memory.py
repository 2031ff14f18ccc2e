"""A faster in-memory table for moto: items are replaced, never changed, so that copies of a table can share them.

Moto copies the whole table before each part of a transaction, which would take longer than the tests themselves.
It also sorts the whole table for each query; here a query sees only the items under its key. And it looks for
each value of an item under ten names of a type, with their aliases, in requests as in answers; here under the type
that the value has. It looks through a class for its operations at each request; here once.
A transaction without actions is refused, as DynamoDB does; moto takes it.
"""

from collections import defaultdict
from copy import copy, deepcopy
from functools import cache
from inspect import signature
from typing import Any

import pytest
from moto.backends import get_backend
from moto.core import responses
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.parse import BaseJSONParser
from moto.core.serialize import JSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.table import Table

Items = defaultdict[Any, dict[Any, Any]]

_update_item = DynamoDBBackend.update_item
_transact = DynamoDBBackend.transact_write_items
_query = Table.query
_parse_structure: Any = BaseJSONParser._parse_structure
_serialize_member = JSONSerializer._serialize_structure_member
_QUERY = signature(_query)


def replace_items(patched: pytest.MonkeyPatch) -> None:
    """Let an update change a copy of the item, a copy of a table share its items, and an answer cost less."""
    patched.setattr(DynamoDBBackend, "update_item", _updated)
    patched.setattr(DynamoDBBackend, "transact_write_items", _transacted)
    patched.setattr(Table, "__deepcopy__", _copied, raising=False)
    patched.setattr(Table, "query", _queried)
    patched.setattr(BaseJSONParser, "_parse_structure", _parsed)
    patched.setattr(responses, "method_names_from_class", cache(method_names_from_class))
    patched.setattr(JSONSerializer, "_serialize_structure_member", _serialized)


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


def _transacted(backend: Any, actions: list[dict[str, Any]]) -> None:
    if not actions:
        raise MockValidationException("Member must have length greater than or equal to 1")
    _transact(backend, actions)


def _copied(table: Any, _memo: object) -> Any:
    twin = copy(table)
    twin.items = shared(table.items)
    return twin


def _queried(table: Any, hash_key: Any, *how: Any, **named: Any) -> Any:
    index_name = _QUERY.bind(table, hash_key, *how, **named).arguments["index_name"]
    seen = copy(table)
    seen.items = _under(table, hash_key, index_name) if index_name else {hash_key: table.items.get(hash_key, {})}
    return _query(seen, hash_key, *how, **named)


def _under(table: Any, hash_key: Any, index_name: str) -> Items:
    """The items that have the index's key, in moto's form."""
    schema = table.get_index(index_name, error_if_not=True).schema
    named = next(key["AttributeName"] for key in schema if key["KeyType"] == "HASH")
    found: Items = defaultdict(dict)
    for pk, beside in table.items.items():
        for sk, item in beside.items():
            value = item.attrs.get(named)
            if value is not None and value.value == hash_key.value:
                found[pk][sk] = item
    return found


def _parsed(parser: Any, shape: Any, value: Any) -> Any:
    if shape.name != "AttributeValue" or value is None:
        return _parse_structure(parser, shape, value)
    given = [(name, each) for name, each in value.items() if name in shape.members and each is not None]
    return parser.MAP_TYPE((name, parser._parse_shape(shape.members[name], each)) for name, each in given)


def _serialized(serializer: Any, answer: Any, value: Any, shape: Any, key: str) -> None:
    if shape.parent.name != "AttributeValue" or key in value:
        _serialize_member(serializer, answer, value, shape, key)
