"""Items: one generic item, whose `data` is a frozen dataclass of the domain."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, TypeVar

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.constants import MAP
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.storage.codec import CONVERTER
from chalicelib.storage.keys.shape import Key

SCHEMA = 1
REVISION_FIELDS = ("revision", "version")

Record = TypeVar("Record")


_SERIALIZER = TypeSerializer()
_DESERIALIZER = TypeDeserializer()


class DocumentAttribute(Attribute[dict[str, Any]]):
    """A map of plain values, with exact decimals and bytes."""

    attr_type = MAP

    def serialize(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The map in DynamoDB's typed form."""
        return {name: _SERIALIZER.serialize(plain) for name, plain in value.items()}

    def deserialize(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """The map from DynamoDB's typed form."""
        return {name: _DESERIALIZER.deserialize(typed) for name, typed in value.items()}


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
    schema = NumberAttribute(default=SCHEMA)
    revision = NumberAttribute(null=True)
    expires_at = NumberAttribute(null=True)
    data = DocumentAttribute()
    by_state = ByState()
    by_owner = ByOwner()

    @property
    def key(self) -> Key:
        """The key of the item."""
        return Key(self.PK, self.SK)

    def read(self, record_type: type[Record]) -> Record:
        """The item's data as a record of this type.

        The field `revision` or `version` of the record gets the item's revision.
        """
        field = _revision_field(record_type)
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
    data = CONVERTER.unstructure(record)
    left_out = {*without, _revision_field(type(record)) if revision is not None else None}
    return Item(
        PK=key.pk,
        SK=key.sk,
        GSI1PK=by_state[0] if by_state else None,
        GSI1SK=by_state[1] if by_state else None,
        GSI2PK=by_owner[0] if by_owner else None,
        GSI2SK=by_owner[1] if by_owner else None,
        kind=kind,
        revision=revision,
        expires_at=None if expires_at is None else int(expires_at.timestamp()),
        data={name: value for name, value in data.items() if name not in left_out},
    )


def _revision_field(record_type: type) -> str | None:
    """The field of a record that counts its changes; None if it has none."""
    names = (field.name for field in fields(record_type)) if is_dataclass(record_type) else ()
    return next((name for name in names if name in REVISION_FIELDS), None)
