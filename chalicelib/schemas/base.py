"""What all shapes share: strict bodies, filters from a query string, and how values look on the wire."""

import unicodedata
from datetime import UTC, datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AliasChoices,
    AliasGenerator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    computed_field,
    model_validator,
)

from chalicelib.domain import instants

# No plant has records from before, or plans until after; a year in between is more likely meant.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)

# What things were called in older papers. Bodies and filters accept both names; answers carry the new one.
OLD_NAMES = {
    "quantity": "qty",
    "name": "stage_name",
    "stage_id": "work_order_stage_id",
    "type": "reading_type",
    "at": "timestamp",
}


def _accepted(field: str) -> AliasChoices:
    """The names under which a field may come in."""
    return AliasChoices(field, *filter(None, [OLD_NAMES.get(field)]))


def _printable(text: str) -> str:
    if any(unicodedata.category(character) == "Cc" and character not in "\n\t" for character in text):
        raise ValueError("must not contain control characters")
    if text.isspace():
        raise ValueError("must not be blank")
    return text


def _believable(instant: datetime) -> datetime:
    kept = instants.truncated(instant)
    if not EARLIEST <= kept < LATEST:
        raise ValueError(f"must be in the years {EARLIEST.year} to {LATEST.year - 1}")
    return kept


def number(value: Decimal) -> int | float:
    """A decimal as a JSON number."""
    return int(value) if value == value.to_integral_value() else float(value)


Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
Text = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]
LongText = Annotated[str, Field(min_length=1, max_length=4000), AfterValidator(_printable)]
Instant = Annotated[AwareDatetime, AfterValidator(_believable)]
Quantity = Annotated[Decimal, Field(ge=0, max_digits=15, decimal_places=3)]
Positive = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=3)]
Limit = Annotated[int, Field(ge=1, le=100)]

InstantOut = Annotated[datetime, PlainSerializer(instants.wire, return_type=str)]
NumberOut = Annotated[Decimal, PlainSerializer(number)]


class Body(BaseModel):
    """A body as it comes in: strict, and nothing that is not asked for."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=AliasGenerator(validation_alias=_accepted)
    )


class Timed(Body):
    """A command that may say when it happened."""

    at: Instant | None = None


class Reason(Body):
    """Why."""

    reason: Text


class Changes(Body):
    """A body of fields to change: what is not named stays as it is."""

    def given(self) -> dict[str, Any]:
        """The fields that were named. Never empty."""
        return {name: getattr(self, name) for name in self.model_fields_set}

    @model_validator(mode="after")
    def _name_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name something to change")
        return self


class Filters(BaseModel):
    """The parameters of a list: text that is read as what the filter means, and nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=AliasGenerator(validation_alias=_accepted))


class Paged(Filters):
    """The parameters that every list takes."""

    limit: Limit = 50
    cursor: str | None = None


def left_out() -> Any:
    """Declare a field of an `Out` that is left out where it is None."""
    return Field(default=None, exclude_if=lambda value: value is None)


class Out(BaseModel):
    """A shape as it goes out. It can be read from an answer too, which then gives the same answer again."""

    model_config = ConfigDict(
        from_attributes=True,
        frozen=True,
        json_schema_serialization_defaults_required=True,
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    def plain(self) -> dict[str, Any]:
        """Give it as JSON's own types."""
        return self.model_dump(mode="json")


class EmptyOut(Out):
    """An answer without fields."""


class Lived(Out):
    """A shape with a beginning and an end; the mobile app knows them by older names too."""

    started_at: InstantOut | None
    ended_at: InstantOut | None

    @computed_field
    def actual_start(self) -> InstantOut | None:
        """The same as `started_at`."""
        return self.started_at

    @computed_field
    def actual_end(self) -> InstantOut | None:
        """The same as `ended_at`."""
        return self.ended_at
