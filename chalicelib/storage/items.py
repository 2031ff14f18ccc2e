"""Items: one generic item, whose `data` is a frozen dataclass of the domain."""

from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Self, TypeVar

from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection.table import TableConnection
from pynamodb.constants import MAP
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib import clock, remembered
from chalicelib.domain.schema import WRITTEN
from chalicelib.domain.tenants import PROBE, PROBE_KEPT
from chalicelib.storage import passing
from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.keys.shape import Key, of
from chalicelib.storage.typed import Typed, plain, typed

REVISION_FIELDS = ("revision", "version")
COUNTS = ("schema", "revision", "expires_at")
"""The fields of an item that are whole numbers."""

# What the probe has, but not the tenant itself.
_OF_THE_PROBE = of(PROBE, "")

Record = TypeVar("Record")


class DocumentAttribute(Attribute[dict[str, Any]]):
    """A map of plain values, with exact decimals and bytes. `Item` reads and writes it; conditions compare it."""

    attr_type = MAP

    def serialize(self, value: Any) -> Any:
        """The map as DynamoDB compares it."""
        return typed(value)[MAP]


class ByState(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it untyped
    """GSI1: things by their status."""

    class Meta:
        """The settings of the index for PynamoDB."""

        index_name = "GSI1"
        projection = AllProjection()

    GSI1PK = UnicodeAttribute(hash_key=True)
    GSI1SK = UnicodeAttribute(range_key=True)


class ByOwner(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it untyped
    """GSI2: things by their owner, or by time."""

    class Meta:
        """The settings of the index for PynamoDB."""

        index_name = "GSI2"
        projection = AllProjection()

    GSI2PK = UnicodeAttribute(hash_key=True)
    GSI2SK = UnicodeAttribute(range_key=True)


class Item(Model):
    """One item of the single table.

    `kind` names the dataclass of `data`. `revision` counts writes; the conditions of writes use it.
    """

    class Meta:
        """The settings of the table for PynamoDB. `table` sets its name at first use."""

        table_name: str
        connect_timeout_seconds = 1
        read_timeout_seconds = 3
        max_retry_attempts = 2

    PK = UnicodeAttribute(hash_key=True)
    SK = UnicodeAttribute(range_key=True)
    GSI1PK = UnicodeAttribute(null=True)
    GSI1SK = UnicodeAttribute(null=True)
    GSI2PK = UnicodeAttribute(null=True)
    GSI2SK = UnicodeAttribute(null=True)
    kind = UnicodeAttribute()
    schema = NumberAttribute(default=WRITTEN)
    revision = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    data = DocumentAttribute()
    by_state = ByState()
    by_owner = ByOwner()

    @classmethod
    def of(cls, values: dict[str, Any]) -> Self:
        """The item with these values, without PynamoDB's way of setting each of them through its attribute."""
        made = cls.__new__(cls)
        made.attribute_values = values
        return made

    @classmethod
    def from_raw_data(cls, data: dict[str, Typed]) -> Self:
        """The item of an answer of DynamoDB. PynamoDB calls it for each."""
        values = {name: plain(each) for name, each in data.items()}
        return cls.of(values | {name: int(values[name]) for name in COUNTS if name in values})

    def serialize(self, null_check: bool = True) -> dict[str, Typed]:  # noqa: ARG002, FBT001, FBT002  PynamoDB's
        """The item as DynamoDB stores it. PynamoDB calls it for each."""
        return {name: typed(value) for name, value in self.attribute_values.items() if value is not None}

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """The connection, which is prepared before it makes its client."""
        known, made = cls._connection, super()._get_connection()
        if made is not known:
            passing.prepare(made.connection.session)
        return made

    @property
    def key(self) -> Key:
        """The key of the item."""
        return Key(self.PK, self.SK)

    def read(self, record_type: type[Record]) -> Record:
        """The item's data as a record of this type.

        The field `revision` or `version` of the record gets the item's revision.
        """
        of_class: Any = record_type
        field = _revision_field(of_class)
        counted = {field: int(self.revision)} if field and self.revision is not None else {}
        return CONVERTER.structure({**self.data, **counted}, record_type)


def item(
    key: Key,
    kind: str,
    record: object,
    *,
    by_state: tuple[str, str] | None = None,
    by_owner: tuple[str, str] | None = None,
    revision: int | None = None,
    expires_at: datetime | None = None,
    without: tuple[str, ...] = (),
) -> Item:
    """Make an item of a dataclass or a dict of plain values, without the fields named in `without`.

    A revision is stored only in the item's `revision`, not in `data`; `read` puts it back into the record.
    """
    data: dict[str, Any] = CONVERTER.unstructure(record)
    of_class: Any = type(record)
    left_out = {*without, _revision_field(of_class) if revision is not None else None}
    values = {
        "PK": key.pk,
        "SK": key.sk,
        "GSI1PK": by_state and by_state[0],
        "GSI1SK": by_state and by_state[1],
        "GSI2PK": by_owner and by_owner[0],
        "GSI2SK": by_owner and by_owner[1],
        "kind": kind,
        "schema": WRITTEN,
        "revision": revision,
        "expires_at": _end(key, expires_at),
        "data": {name: value for name, value in data.items() if name not in left_out},
    }
    return Item.of({name: value for name, value in values.items() if value is not None})


def _end(key: Key, expires_at: datetime | None) -> int | None:
    """When an item expires, in seconds since 1970. What the probe writes does so soon, whatever it is."""
    if key.pk.startswith(_OF_THE_PROBE):
        soon = clock.now() + PROBE_KEPT
        expires_at = min(soon, expires_at or soon)
    return None if expires_at is None else int(expires_at.timestamp())


@remembered.cached
def _revision_field(record_type: Any) -> str | None:
    """The field of a record that counts its changes; None if it has none."""
    names = (field.name for field in fields(record_type)) if is_dataclass(record_type) else ()
    return next((name for name in names if name in REVISION_FIELDS), None)
