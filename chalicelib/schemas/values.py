"""The types of fields: how a text, a number or an instant is read from JSON or a parameter, and how it is written."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    FiniteFloat,
    GetCoreSchemaHandler,
    PlainSerializer,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from chalicelib.domain import instants, text
from chalicelib.domain.plain_json import number
from chalicelib.domain.planning.routes import DEFAULT
from chalicelib.domain.sentences import say

# No plant has records before these years, or plans after them. Such a year is most likely a mistake.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def kept_as(form: Callable[[str], str]) -> Any:
    """A type of text that is stored in a form of the domain. Other checks refuse empty texts and other types."""
    return BeforeValidator(lambda given: form(given) if isinstance(given, str) and given else given)


def _instant(no_instant: str) -> Any:
    """A type of instant. All doors use the same parser. `no_instant` is the error code if it is not an instant."""

    def read(given: object) -> datetime:
        if not isinstance(given, str):
            raise refused("datetime_type", instants.NO_INSTANT)
        try:
            kept = instants.parse(given)
        except instants.OutsideCalendar:
            raise
        except instants.NotAnInstant as wrong:
            code = "timezone_aware" if wrong.code == "no_offset" else no_instant
            raise refused(code, wrong.message) from None
        if not EARLIEST <= kept < LATEST:
            form = "must be in the years {least} to {most}"
            raise ValueError(say(form, least=EARLIEST.year, most=LATEST.year - 1))
        return kept

    return BeforeValidator(read)


def refused(code: str, message: str) -> PydanticCustomError:
    """An error of a field with a code and a message of ours."""
    return PydanticCustomError(code, "{said}", {"said": message})


def _exact(given: object) -> Decimal:
    """A JSON number as an exact decimal. Text and booleans are refused."""
    if isinstance(given, Decimal) or (isinstance(given, int) and not isinstance(given, bool)):
        return Decimal(given)
    raise refused("decimal_type", say("must be a JSON number, without quotation marks"))


def _plain_form(value: Decimal) -> Decimal:
    """A number in one form: `1.500`, `15e-1` and `1.5` are `1.5`, and −0 is 0."""
    return Decimal(f"{value.normalize():f}") if value else Decimal(0)


def _digits(given: object) -> object:
    """A whole number of a query string. Only the digits 0 to 9 are accepted."""
    if isinstance(given, str) and not WHOLE.fullmatch(given):
        raise refused("int_parsing", say("must be a whole number, in the digits 0 to 9"))
    return given


@dataclass(frozen=True)
class NewId:
    """Marks the id of a new thing, with its place in paths.

    An id that is a word of a path in that place is refused, because the path would lead to another door.
    """

    place: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Check the id after all other checks."""

        def check(identity: str, info: ValidationInfo) -> str:
            if identity in (info.context or {}).get(self.place, ()):
                raise ValueError(say("is reserved for a path; choose another, or leave it out"))
            return identity

        return core_schema.with_info_after_validator_function(check, handler(source))


def _comparable(code: str) -> str:
    """Refuse a text whose form for comparing is too long for a key. One letter may become many in that form."""
    if len(text.folded(code)) > LONGEST_CODE:
        raise ValueError(say("must have at most {most} characters in Unicode's NFKC form", most=LONGEST_CODE))
    return code


def _no_reserved_code(code: str) -> str:
    """Refuse the word under which the plant's own route stands in the place of a product's."""
    if text.folded(code) == DEFAULT:
        raise ValueError(say("must not be {code}, which means the plant's own route", code=DEFAULT))
    return code


def _of_a_route(code: str) -> str:
    """Read the word for the plant's own route in any case of letters."""
    return DEFAULT if text.folded(code) == DEFAULT else code


def _day(given: object) -> date:
    """Read a day."""
    try:
        return instants.read_day(given)
    except ValueError:
        raise refused("date_from_datetime_parsing", instants.NO_DAY) from None


# Days that have a day before and after them in the calendar, so that no computation fails.


# The caller, in the place of a person's id.
ME = "me"
LONGEST_CODE = 200
WHOLE = re.compile(r"-?\d{1,18}", re.ASCII)

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
OrderId = Annotated[Identifier, NewId("/workorders/{}")]
MachineId = Annotated[Identifier, NewId("/machines/{}")]
Line = Annotated[str, Field(min_length=1, max_length=200), kept_as(text.line)]
Coded = Annotated[Line, AfterValidator(_comparable)]
ProductCode = Annotated[Coded, AfterValidator(_no_reserved_code)]
# A product, or the plant's own route.
RouteCode = Annotated[Coded, AfterValidator(_of_a_route)]
Text = Annotated[str, Field(min_length=1, max_length=200), kept_as(text.passage)]
# A note is stored in the head of an order and written with every command, so it must be short.
Note = Annotated[str, Field(min_length=1, max_length=1000), kept_as(text.passage)]
LongText = Annotated[str, Field(min_length=1, max_length=4000), kept_as(text.passage)]
Instant = Annotated[AwareDatetime, _instant("datetime_parsing")]
# Parameters have another error code than fields since the first release.
InstantParameter = Annotated[AwareDatetime, _instant("datetime_from_date_parsing")]
Clock = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2999, 12, 31)), BeforeValidator(_day)]
Quantity = Annotated[
    Decimal, Field(ge=0, max_digits=15, decimal_places=3), BeforeValidator(_exact), AfterValidator(_plain_form)
]
Positive = Annotated[
    Decimal, Field(gt=0, max_digits=15, decimal_places=3), BeforeValidator(_exact), AfterValidator(_plain_form)
]
# From absolute zero to beyond every furnace.
Celsius = Annotated[
    Decimal,
    Field(ge=-273, le=5000, max_digits=15, decimal_places=3),
    BeforeValidator(_exact),
    AfterValidator(_plain_form),
]
Measure = Annotated[
    FiniteFloat, BeforeValidator(lambda given: float(given) + 0.0 if isinstance(given, Decimal) else given)
]
digits = BeforeValidator(_digits)
LONGEST_PAGE = 100
Limit = Annotated[int, Field(ge=1, le=LONGEST_PAGE), digits]

# JSON has lists and texts where Python has tuples and enums. So these are not strict, but their items are.
Item = TypeVar("Item")
Many = Annotated[tuple[Item, ...], Field(strict=False)]
OneOf = Annotated[Item, Field(strict=False)]

_INSTANT, _NUMBER = {"type": "string", "format": "date-time"}, {"type": "number"}
InstantOut = Annotated[
    datetime, PlainSerializer(instants.wire, return_type=str), WithJsonSchema(_INSTANT, mode="serialization")
]
NumberOut = Annotated[Decimal, PlainSerializer(number), WithJsonSchema(_NUMBER, mode="serialization")]
