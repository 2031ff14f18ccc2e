"""The shapes of errors."""

from chalicelib.schemas.base import InstantOut, Out, left_out


class FieldErrorOut(Out):
    """An error of one field: its path, a stable code, and what to do about it."""

    field: str
    code: str
    message: str


class ProblemOut(Out):
    """An error, with the members of RFC 9457.

    `errors` are errors of single fields. `allowed` are the commands that are legal now. `since` is when the obstacle
    began. Each of them is left out if it is empty.
    """

    code: str
    type: str
    title: str
    detail: str
    request_id: str
    errors: list[FieldErrorOut] | None = left_out()
    allowed: list[str] | None = left_out()
    since: InstantOut | None = left_out()
