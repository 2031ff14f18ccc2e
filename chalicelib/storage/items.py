"""Items: one generic item, and the codec between an item's `data` and the frozen dataclasses of the domain."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from cattrs import Converter
from pynamodb.attributes import Attribute, NumberAttribute, UnicodeAttribute
from pynamodb.constants import MAP
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex
from pynamodb.models import Model

from chalicelib.domain import instants
from chalicelib.storage.keys.shape import Key

SCHEMA = 1

Record = TypeVar("Record")


def _converter() -> Converter:
    """Make the codec: instants as text, spans in milliseconds, decimals as they are, floats as text.

    DynamoDB's own numbers end at 1e-130.
    """
    converter = Converter(omit_if_default=True)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_structure_hook(date, lambda text, _: date.fromisoformat(text))
    converter.register_unstructure_hook(datetime, instants.wire)
    converter.register_structure_hook(datetime, lambda text, _: instants.parse(text))
    converter.register_unstructure_hook(timedelta, instants.milliseconds)
    converter.register_structure_hook(timedelta, lambda number, _: timedelta(milliseconds=int(number)))
    converter.register_unstructure_hook(Decimal, lambda number: number)
    converter.register_structure_hook(Decimal, lambda number, _: Decimal(number))
    converter.register_unstructure_hook(float, repr)
    converter.register_structure_hook(float, lambda text, _: float(text))
    converter.register_unstructure_hook(bytes, lambda raw: raw)
    converter.register_structure_hook(bytes, lambda raw, _: bytes(raw))
    return converter


CONVERTER = _converter()
_SERIALIZER = TypeSerializer()
_DESERIALIZER = TypeDeserializer()


class DocumentAttribute(Attribute[dict[str, Any]]):
    """A map of plain values, with exact decimals and bytes."""

    attr_type = MAP

    def serialize(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Give the map in DynamoDB's typed form."""
        return {name: _SERIALIZER.serialize(each) for name, each in value.items()}

    def deserialize(self, value: Mapping[str, Any]) -> dict[str, Any]:
        """Read the map from DynamoDB's typed form."""
        return {name: _DESERIALIZER.deserialize(each) for name, each in value.items()}


class ByState(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it untyped
    """GSI1: things by their state."""

    class Meta:
        """What PynamoDB asks of an index."""

        index_name = "GSI1"
        projection = AllProjection()

    GSI1PK = UnicodeAttribute(hash_key=True)
    GSI1SK = UnicodeAttribute(range_key=True)


class ByOwner(GlobalSecondaryIndex["Item"]):  # type: ignore[no-untyped-call]  # PynamoDB leaves it untyped
    """GSI2: things by their owner, or by time."""

    class Meta:
        """What PynamoDB asks of an index."""

        index_name = "GSI2"
        projection = AllProjection()

    GSI2PK = UnicodeAttribute(hash_key=True)
    GSI2SK = UnicodeAttribute(range_key=True)


class Item(Model):
    """One item of the single table. `kind` tells which dataclass `data` is; `revision` is what conditions ask for."""

    class Meta:
        """What PynamoDB asks of a table; `table` fills in its name when it is first used."""

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
        """Where the item lives."""
        return Key(self.PK, self.SK)

    def read(self, record_type: type[Record]) -> Record:
        """Give the item's data as the dataclass it was."""
        return CONVERTER.structure(self.data, record_type)


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
    """Make an item of a dataclass (or a dict of plain values), leaving out fields that live elsewhere."""
    data = CONVERTER.unstructure(record)
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
        data={name: value for name, value in data.items() if name not in without},
    )
