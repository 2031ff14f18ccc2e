"""What all shapes share: strict bodies, filters from a query string, and how values look on the wire."""

from abc import abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Literal, Self, TypeVar

from pydantic import AliasChoices, AliasGenerator, BaseModel, ConfigDict, Field, computed_field, model_validator

from chalicelib.domain.kept import KEPT
from chalicelib.domain.orders.commands import Because
from chalicelib.schemas.values import Instant, InstantOut, Limit, Text

Payload = TypeVar("Payload")

# Field names of the previous API. Bodies and filters accept both names; answers carry the new one.
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


class Body(BaseModel):
    """A body as it comes in: strict, and nothing that is not asked for."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, alias_generator=AliasGenerator(validation_alias=_accepted)
    )

    # The fields that are no part of the payload.
    beside: ClassVar[frozenset[str]] = frozenset()

    def made_into(self, payload_class: Callable[..., Payload], **others: object) -> Payload:
        """Make a payload of the fields of this body; `others` are those that are not in it, or look different there."""
        own = {name: getattr(self, name) for name in type(self).model_fields if name not in self.beside}
        return payload_class(**(own | others))


class CommandBody(Body):
    """The body of a command on a stage."""

    @abstractmethod
    def payload(self) -> object:
        """Make the payload that the domain decides on."""


class Timed(CommandBody):
    """A command that may say when it happened; all commands on a stage do, by whatever road they come."""

    beside = frozenset({"at"})

    at: Instant | None = None


class Reason(CommandBody):
    """Why."""

    reason: Text

    def payload(self) -> Because:
        """Make the payload of a command that says nothing but why."""
        return self.made_into(Because)


class TimedReason(Reason, Timed):
    """Why, and when it was said."""


class Patch(Body):
    """A body of fields to change, at least one."""

    @model_validator(mode="after")
    def _name_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("give at least one field to change")
        return self


def kept() -> Any:
    """The default of a field to change: `KEPT`, which no JSON can give; left out, the field stays as it is.

    Null is for fields that may be empty: it clears them.
    """
    return Field(default_factory=lambda: KEPT)


class Filters(BaseModel):
    """The parameters of a list: text that is read as what the filter means, and nothing that is not asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True, alias_generator=AliasGenerator(validation_alias=_accepted))


class Paged(Filters):
    """The parameters that every list takes."""

    limit: Limit = 50
    cursor: str | None = None


class Reversible(Paged):
    """The parameters of a list that can also begin with its end."""

    order: Literal["newest"] | None = None

    @property
    def newest(self) -> bool:
        """Whether the list begins with its end."""
        return self.order is not None


Adjusted = dict[str, InstantOut]
"""The times of a command that were moved within the grace for slow clocks, as they are kept, by their field."""


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
    """A shape with a beginning and an end; both are also there under their field names in the previous API."""

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
