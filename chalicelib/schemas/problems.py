"""The shapes of errors. Long texts are cut, so that an error is never much larger than its request."""

from collections.abc import Sequence

from chalicelib.domain.errors import MOST_TOLD, FieldError
from chalicelib.schemas.base import Out, left_out
from chalicelib.schemas.values import InstantOut

LONGEST_FIELD = 100
LONGEST_MESSAGE = 300
LONGEST_DETAIL = 500


class FieldErrorOut(Out):
    """An error of one field: its path, a stable code and a message that says what is allowed."""

    field: str
    code: str
    message: str


class ProblemOut(Out):
    """An error, with the members of RFC 9457.

    `errors` are the first 20 errors of fields. `errors_count` is the number of all errors, if there are more. `allowed`
    are the commands that are allowed now. `since` is when the cause of the error began. A member that has no value is
    left out.
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
    """Show the first errors of fields. Long messages are cut."""
    return [
        FieldErrorOut(field=cut(each.field, LONGEST_FIELD), code=each.code, message=cut(each.message, LONGEST_MESSAGE))
        for each in errors[:MOST_TOLD]
    ]


def more_than_shown(errors: Sequence[FieldError]) -> int | None:
    """The number of errors if not all of them are shown, else None."""
    return len(errors) if len(errors) > MOST_TOLD else None


def cut(text: str, most: int) -> str:
    """Cut a text to at most `most` characters. `…` marks the cut."""
    return text if len(text) <= most else text[: most - 1] + "…"
