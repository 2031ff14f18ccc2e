"""The base classes of all shapes: strict bodies, filters of a query string, and answers."""

from abc import abstractmethod
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, Self, TypeVar

from pydantic import AliasChoices, AliasGenerator, BaseModel, ConfigDict, Field, computed_field, model_validator

from chalicelib.domain.kept import KEPT
from chalicelib.domain.orders.commands import Because
from chalicelib.domain.sentences import say
from chalicelib.schemas.values import EARLIEST, Instant, InstantOut, Limit, Text

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
    """The names that are accepted for a field."""
    return AliasChoices(field, *filter(None, [OLD_NAMES.get(field)]))


def example(**fields: Any) -> ConfigDict:
    """The configuration of a shape of which the contract shows these fields as an example."""
    return ConfigDict(json_schema_extra={"examples": [fields]})


class Deferred(BaseModel):
    """A shape on the wire. It is built when it is first used: a cold start then builds only what its request needs."""

    model_config = ConfigDict(frozen=True, defer_build=True)


# The fields that a device fills by its clock.
_CLOCKED = ("at", "started_at", "ended_at")


class Body(Deferred):
    """The body of a request. Types are strict, and unknown fields are refused."""

    model_config = ConfigDict(strict=True, extra="forbid", alias_generator=AliasGenerator(validation_alias=_accepted))

    # The fields that are not part of the payload.
    beside: ClassVar[frozenset[str]] = frozenset()

    def made_into(self, payload_class: Callable[..., Payload], **others: object) -> Payload:
        """A payload with the fields of this body. `others` are fields that the body lacks, or with other values."""
        own = {name: getattr(self, name) for name in type(self).model_fields if name not in self.beside}
        return payload_class(**(own | others))

    def by_the_server(self, ahead: timedelta) -> Self:
        """The same command with the times of a clock that is so far ahead as the server's clock would have shown."""
        times = {
            name: max(at - ahead, EARLIEST)
            for name in _CLOCKED
            if isinstance(at := getattr(self, name, None), datetime)
        }
        return self.model_copy(update=times)


class CommandBody(Body):
    """The body of a command on a stage."""

    @abstractmethod
    def payload(self) -> object:
        """The fields of the command, without `at`."""


class Timed(CommandBody):
    """A command with an optional `at`."""

    beside = frozenset({"at"})

    at: Instant | None = None


class Reason(CommandBody):
    """A command with only a reason."""

    reason: Text

    def payload(self) -> Because:
        """The reason."""
        return self.made_into(Because)


class TimedReason(Reason, Timed):
    """A reason, with an optional `at`."""


class Patch(Body):
    """A body of fields to change, at least one."""

    @model_validator(mode="after")
    def _name_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(say("give at least one field to change"))
        return self


def kept() -> Any:
    """The default of a field that may be left out: `KEPT`, so that it stays as it is. No JSON value gives `KEPT`.

    Null clears a field that may be empty.
    """
    return Field(default_factory=lambda: KEPT)


class Filters(Deferred):
    """The parameters of a list, read from text. Unknown parameters are refused."""

    model_config = ConfigDict(extra="forbid", alias_generator=AliasGenerator(validation_alias=_accepted))


class Paged(Filters):
    """The parameters of every list."""

    limit: Limit = 50
    cursor: str | None = None


class Reversible(Paged):
    """The parameters of a list that can also be read backwards."""

    order: Literal["newest"] | None = None

    @property
    def newest(self) -> bool:
        """Whether the list begins with the newest."""
        return self.order is not None


Adjusted = dict[str, InstantOut]
"""The times that were moved because of a slow clock, by their field. The values are the stored ones."""


def left_out() -> Any:
    """A field of an `Out` that is left out if it is None."""
    return Field(default=None, exclude_if=lambda value: value is None)


class Out(Deferred):
    """The shape of an answer. A stored answer can be read as its shape and gives the same answer again."""

    model_config = ConfigDict(
        from_attributes=True,
        json_schema_serialization_defaults_required=True,
        serialize_by_alias=True,
        validate_by_alias=True,
        validate_by_name=True,
    )

    def plain(self) -> dict[str, Any]:
        """The answer as plain JSON types."""
        return self.model_dump(mode="json")


class EmptyOut(Out):
    """An answer without fields."""


class Lived(Out):
    """A shape with a start and an end. Both are also given under their names in the previous API."""

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
