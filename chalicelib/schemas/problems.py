"""The shapes of errors."""

from chalicelib.schemas.base import Out, left_out
from chalicelib.schemas.values import InstantOut


class FieldErrorOut(Out):
    """What is wrong with one field: which, a stable code, and what to do about it."""

    field: str
    code: str
    message: str


class ProblemOut(Out):
    """An error, with the members of RFC 9457.

    `errors` are those of single fields. `allowed` are the commands that would be legal now; the obstacle is there
    since `since`. Each is left out where there is nothing to tell.
    """

    code: str
    type: str
    title: str
    detail: str
    request_id: str
    errors: list[FieldErrorOut] | None = left_out()
    allowed: list[str] | None = left_out()
    since: InstantOut | None = left_out()
