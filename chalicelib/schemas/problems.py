"""The shapes of errors. Long texts are cut, so that an error is never much larger than its request."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from chalicelib.domain.errors import MOST_TOLD, FieldError, TakipError, told
from chalicelib.domain.sentences import Named, Sentence
from chalicelib.schemas.base import Out, left_out
from chalicelib.schemas.languages import Language, in_language
from chalicelib.schemas.values import InstantOut

LONGEST_FIELD = 100
LONGEST_VALUE = 200
LONGEST_MESSAGE = 300
LONGEST_DETAIL = 500

Worded = str | int | float | list[str]
ValuesOut = dict[str, Worded]
"""The numbers and names in a text, by name."""


@dataclass(frozen=True)
class Reader:
    """Who reads an answer: the id of the request, and the language that it prefers."""

    request_id: str
    language: Language


class FieldErrorOut(Out):
    """An error of one field: its path, a stable code and a message that says what is allowed.

    `values` are the numbers and names in the message, by name, so that a client can word it itself.
    """

    field: str
    code: str
    message: str
    values: ValuesOut | None = left_out()


class ProblemOut(Out):
    """An error, with the members of RFC 9457.

    `title`, `detail` and messages are in the language that the request prefers. `values` are the numbers and names in
    `detail`, by name, so that a client can word it itself.
    `errors` are the first 20 errors of fields. `errors_count` is the number of all errors, if there are more. `allowed`
    are the commands that are allowed now. `since` is when the cause of the error began. A member that has no value is
    left out.
    """

    code: str
    type: str
    title: str
    detail: str
    values: ValuesOut | None = left_out()
    request_id: str
    errors: list[FieldErrorOut] | None = left_out()
    errors_count: int | None = left_out()
    allowed: list[str] | None = left_out()
    since: InstantOut | None = left_out()


def problem_out(error: TakipError, type_uri: str, reader: Reader) -> ProblemOut:
    """Show an error to its reader."""
    said = partial(in_language, language=reader.language)
    detail = told(error.errors, said) if error.errors else said(error.detail)
    return ProblemOut(
        code=error.code,
        type=type_uri,
        title=said(error.title),
        detail=cut(detail, LONGEST_DETAIL),
        values=_values(error.detail),
        request_id=reader.request_id,
        errors=field_errors_out(error.errors, reader.language) or None,
        errors_count=more_than_shown(error.errors),
        allowed=None if error.allowed is None else list(error.allowed),
        since=error.since,
    )


def field_errors_out(errors: Sequence[FieldError], language: Language) -> list[FieldErrorOut]:
    """Show the first errors of fields in a language. Long messages are cut."""
    return [
        FieldErrorOut(
            field=cut(each.field, LONGEST_FIELD),
            code=each.code,
            message=cut(in_language(each.message, language), LONGEST_MESSAGE),
            values=_values(each.message),
        )
        for each in errors[:MOST_TOLD]
    ]


def _values(text: str) -> dict[str, Worded] | None:
    """What a text names, cut as its text is; None if it names nothing."""
    named = text.values if isinstance(text, Sentence) else {}
    return {name: _short(value) for name, value in named.items()} or None


def _short(value: Named) -> Worded:
    if isinstance(value, str):
        return cut(value, LONGEST_VALUE)
    return value if isinstance(value, int | float) else [cut(each, LONGEST_FIELD) for each in value[:MOST_TOLD]]


def more_than_shown(errors: Sequence[FieldError]) -> int | None:
    """The number of errors if not all of them are shown, else None."""
    return len(errors) if len(errors) > MOST_TOLD else None


def cut(text: str, most: int) -> str:
    """Cut a text to at most `most` characters. `…` marks the cut."""
    return text if len(text) <= most else text[: most - 1] + "…"
