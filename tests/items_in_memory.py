"""A faster in-memory table for moto: items are replaced, never changed, so that copies of a table can share them.

Moto copies the whole table before each part of a transaction, which would take longer than the tests themselves.
It also sorts the whole table for each query; here a query sees only the items under its key. And it looks for
each value of an item under ten names of a type, with their aliases, in requests as in answers; here values are taken
and told as they are, except bytes. It measures an item anew with each attribute; here once, when it is whole.
It looks through a class for its operations at each request; here once. Nobody checks a signature, so none is made.
A transaction without actions is refused, as DynamoDB does; moto takes it.
"""

from base64 import b64decode, b64encode
from collections import defaultdict
from collections.abc import Callable
from copy import copy, deepcopy
from functools import cache
from inspect import signature
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from moto.backends import get_backend
from moto.core import responses
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.core.parse import BaseJSONParser
from moto.core.serialize import BaseJSONSerializer
from moto.core.utils import method_names_from_class
from moto.dynamodb.exceptions import MockValidationException
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table

Items = defaultdict[Any, dict[Any, Any]]

_update_item = DynamoDBBackend.update_item
_transact = DynamoDBBackend.transact_write_items
_query = Table.query
_add_auth: Any = SigV4Auth.add_auth
_hash: Any = DynamoType.__hash__
_equal: Any = DynamoType.__eq__
_size: Any = DynamoType.size
_parse_map: Any = BaseJSONParser._parse_map
_parse_structure: Any = BaseJSONParser._parse_structure
_serialize_map: Any = BaseJSONSerializer._serialize_type_map
_VALUE = "AttributeValue"
_QUERY = signature(_query)


def replace_items(patched: pytest.MonkeyPatch) -> None:
    """Let an update change a copy of the item, a copy of a table share its items, and an answer cost less."""
    patched.setattr(DynamoDBBackend, "update_item", _updated)
    patched.setattr(DynamoDBBackend, "transact_write_items", _transacted)
    patched.setattr(Table, "__deepcopy__", _copied, raising=False)
    patched.setattr(Table, "query", _queried)
    patched.setattr(Item, "__init__", _made)
    patched.setattr(DynamoType, "__hash__", _hashed)
    patched.setattr(DynamoType, "__eq__", _equals)
    patched.setattr(DynamoType, "size", _measured)
    patched.setattr(BaseJSONParser, "_parse_map", _parsed_map, raising=False)
    patched.setattr(BaseJSONParser, "_parse_structure", _parsed)
    patched.setattr(BaseJSONSerializer, "_serialize_type_map", _serialized_map)
    patched.setattr(responses, "method_names_from_class", cache(method_names_from_class))
    patched.setattr(SigV4Auth, "add_auth", _named)


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


def _made(item: Any, hash_key: Any, range_key: Any, attrs: dict[str, Any]) -> None:
    """An item. Only its last attribute is set as moto does it, which measures all that are there."""
    item.hash_key, item.range_key, item.attrs = hash_key, range_key, LimitedSizeDict()
    typed = {name: DynamoType(value) for name, value in attrs.items()}
    name, last = typed.popitem()
    dict.update(item.attrs, typed)
    item.attrs[name] = last


def _hashed(value: Any) -> int:
    return hash(value.value) if value.type == "S" else _hash(value)


def _equals(value: Any, other: Any) -> bool:
    texts = value.type == "S" and other.type == "S"
    same: bool = value.value == other.value if texts else _equal(value, other)
    return same


def _measured(value: Any) -> int:
    """The bytes of a value. Moto makes a copy of each part of a map before it measures it."""
    if value.type == "S":
        return len(value.value.encode())
    if value.type == "M":
        return sum(len(name.encode()) + _measured(each) for name, each in value.value.items())
    return sum(map(_measured, value.value)) if value.type == "L" else _size(value)


def _parsed(parser: Any, shape: Any, value: Any) -> Any:
    if shape.name != _VALUE or value is None:
        return _parse_structure(parser, shape, value)
    return _passed(value, b64decode)


def _parsed_map(parser: Any, shape: Any, value: Any) -> Any:
    if shape.value.name != _VALUE:
        return _parse_map(parser, shape, value)
    return {name: _passed(each, b64decode) for name, each in value.items()}


def _serialized_map(serializer: Any, answer: Any, value: Any, shape: Any, key: str) -> None:
    if shape.value.name != _VALUE:
        _serialize_map(serializer, answer, value, shape, key)
    else:
        answer[key] = {name: _passed(each, _in_base64) for name, each in value.items()}


def _passed(value: Any, of_bytes: Callable[[Any], Any]) -> Any:
    """A value under its type, with its bytes as they are in the request, or in memory."""
    ((kind, held),) = value.items()
    if kind == "M":
        return {"M": {name: _passed(each, of_bytes) for name, each in held.items()}}
    if kind == "L":
        return {"L": [_passed(each, of_bytes) for each in held]}
    return {"B": of_bytes(held)} if kind == "B" else value


def _in_base64(value: bytes) -> str:
    return b64encode(value).decode()


def _named(auth: Any, request: Any) -> None:
    """Name who asks, and where, as a signature does. Links and forms of S3 are signed."""
    if type(auth) is not SigV4Auth:
        _add_auth(auth, request)
        return
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={auth.credentials.access_key}/{_scope(auth)}"


def _scope(auth: Any) -> str:
    return f"20260105/{auth._region_name}/{auth._service_name}/aws4_request, SignedHeaders=host, Signature=none"
