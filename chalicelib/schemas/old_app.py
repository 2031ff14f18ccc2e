"""The shapes that all doors of the old system's app share: lenient bodies, times without a zone, errors as one text."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BeforeValidator, ConfigDict, model_validator

from chalicelib.domain.errors import InvalidFields, NotFound, TakipError
from chalicelib.domain.instants import truncated
from chalicelib.domain.sentences import say
from chalicelib.schemas.base import Deferred, Out
from chalicelib.schemas.languages import in_language
from chalicelib.schemas.problems import LONGEST_DETAIL, Reader, cut, problem_out
from chalicelib.schemas.values import EARLIEST, LATEST, refused

_SIGN_IN = say("You are not signed in any more. Sign in again.")
# What names endpoints, headers, roles or ids in its own words, by its code: people read this on the phone.
_WORDS: Mapping[str, str] = {
    "ERR_AUTH_TOKEN_MISSING": _SIGN_IN,
    "ERR_AUTH_TOKEN_INVALID": _SIGN_IN,
    "ERR_AUTH_TOKEN_EXPIRED": _SIGN_IN,
    "ERR_AUTH_SIGNED_OUT": _SIGN_IN,
    "ERR_AUTH_FORBIDDEN": say("Your role may not do this."),
    "ERR_COMMAND_LOST_RACE": say("Others are changing the same right now. Try again in a moment."),
    "ERR_INTERNAL": say("Something went wrong in Takip. Try again; if it comes back, tell whoever runs Takip."),
    "ERR_MACHINE_ID_TAKEN": say("Another machine has this name. Choose another name."),
    "ERR_AUTH_PASSWORD_CHANGE_REQUIRED": say("Change your password first, then sign in again with the new one."),
}
# Fields that today's rules name otherwise than that app does.
_NAMES: Mapping[str, str] = {"new": "new_password", "at": "timestamp"}
NO_TIME = say("must be a time such as {example}", example="2026-01-05T08:00:00")
NOT_HERE = say("This is not here, or it is not yours. Read the list again.")


def _empty_as_none(given: object) -> object:
    """What a field holds that nobody filled in, as one that was left out."""
    return None if isinstance(given, str) and not given.strip() else given


Given = TypeVar("Given")
MayBeEmpty = Annotated[Given | None, BeforeValidator(_empty_as_none)]
"""A field that may be left out, or left empty."""


def amount(given: object) -> object:
    """A number that was sent as a text, perhaps with a decimal comma. A text that is no number stays."""
    if not isinstance(given, str):
        return given
    try:
        return Decimal(given.strip().replace(",", ".")) if given.strip() else None
    except InvalidOperation:
        return given


class OldBody(Deferred):
    """The body of a request of the old app. Numbers may be texts, and unknown fields are left aside."""

    model_config = ConfigDict(extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _nothing(cls, given: object) -> object:
        """The body of a command that needs none: some clients write `null`."""
        return {} if given is None else given


class OldDoneOut(Out):
    """That something was done."""

    ok: bool = True


class OldFilters(Deferred):
    """The parameters of a request of the old app. Unknown ones are left aside."""

    model_config = ConfigDict(extra="ignore")


def _time(given: object) -> datetime:
    """Read a time, with or without a zone, of which an instant can be made in whatever zone."""
    try:
        at = datetime.fromisoformat(given if isinstance(given, str) else "")
    except ValueError:
        raise refused("datetime_parsing", NO_TIME) from None
    if not EARLIEST.year < at.year < LATEST.year:
        raise ValueError(say("must be in the years {least} to {most}", least=EARLIEST.year + 1, most=LATEST.year - 1))
    return at


OldTime = Annotated[datetime, BeforeValidator(_time)]
"""A time that may lack its zone: then it is what the clock on the wall shows."""


def instant(at: datetime, timezone: str) -> datetime:
    """The instant of a time that the old app sent: with a zone as it says, without one on the plant's clock."""
    aware = at if at.tzinfo else at.replace(tzinfo=ZoneInfo(timezone))
    return truncated(aware.astimezone(UTC))


def wall_clock(at: datetime, timezone: str) -> str:
    """What the clock of the plant shows at an instant, without a zone: `2026-01-05T11:00:00`."""
    return at.astimezone(ZoneInfo(timezone)).replace(tzinfo=None).isoformat()


def in_utc(at: datetime | None) -> str | None:
    """An instant in UTC, without a zone: `2026-01-05T08:00:00`; None stays None."""
    return None if at is None else at.astimezone(UTC).replace(tzinfo=None).isoformat()


def told(error: TakipError, reader: Reader) -> str:
    """An error as one text, in the language of its reader: what is wrong, and the way out."""
    words = NOT_HERE if isinstance(error, NotFound) else _WORDS.get(error.code)
    if words is not None:
        return in_language(words, reader.language)
    if isinstance(error, InvalidFields):
        error = InvalidFields([replace(each, field=_NAMES.get(each.field, each.field)) for each in error.errors])
    problem = problem_out(error, "", reader)
    return cut(f"{problem.title}. {problem.detail}", LONGEST_DETAIL)
