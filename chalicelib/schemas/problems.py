"""The shapes of errors. An answer to a refused request is never much larger than the request: what is said is cut."""

from collections.abc import Sequence

from chalicelib.domain.errors import FieldError
from chalicelib.schemas.base import Out, left_out
from chalicelib.schemas.values import InstantOut

MOST_ERRORS = 20
LONGEST_FIELD = 100
LONGEST_MESSAGE = 300
LONGEST_DETAIL = 500


class FieldErrorOut(Out):
    """An error of one field: its path, a stable code, and what to do about it."""

    field: str
    code: str
    message: str


class ProblemOut(Out):
    """An error, with the members of RFC 9457.

    `errors` are those of single fields, the first 20; `errors_count` tells how many there are where that is not all.
    `allowed` are the commands that would be legal now; the obstacle is there since `since`. Each is left out where
    there is nothing to tell.
    """

    code: str
    type: str
    title: str
    detail: str
    request_id: str
    errors: list[FieldErrorOut] | None = left_out()
    errors_count: int | None = left_out()
    allowed: list[str] | None = left_out()
    since: InstantOut | None = left_out()


def field_errors_out(errors: Sequence[FieldError]) -> list[FieldErrorOut]:
    """Show the first errors of fields, each in few words."""
    return [
        FieldErrorOut(field=cut(each.field, LONGEST_FIELD), code=each.code, message=cut(each.message, LONGEST_MESSAGE))
        for each in errors[:MOST_ERRORS]
    ]


def more_than_shown(errors: Sequence[FieldError]) -> int | None:
    """How many errors there are, where they are not all shown."""
    return len(errors) if len(errors) > MOST_ERRORS else None


def cut(text: str, most: int) -> str:
    """Cut a text to so many characters; `…` stands where it was cut."""
    return text if len(text) <= most else text[: most - 1] + "…"
