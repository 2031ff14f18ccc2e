"""The tables of errors, and of the codes of fields."""

from collections.abc import Iterator

from chalicelib.domain.errors import TakipError
from chalicelib.domain.labels.field_codes import FIELD_CODES
from functions._response import status_of
from infra.deployment.gateway import GATEWAY_ANSWERS


def errors_table() -> str:
    """Every error: code, status, title, meaning. And every code of a field."""
    lines = ["| code | status | title | meaning |", "|---|---|---|---|"]
    for error in sorted(set(_errors(TakipError)), key=lambda error: error.code):
        meaning = " ".join((error.__doc__ or "").split("\n\n")[0].split())
        lines.append(f"| `{error.code}` | {int(status_of(error))} | {error.title} | {meaning} |")
    lines += [
        "",
        "API Gateway answers these errors without Takip, in the same shape, and always in English:",
        "",
        "| code | status | title | in Turkish |",
        "|---|---|---|---|",
    ]
    for status, code, title, turkish in dict.fromkeys(GATEWAY_ANSWERS.values()):
        lines.append(f"| `ERR_{code}` | {status or 'any other'} | {title} | {turkish} |")
    lines += ["", "`errors` of an error have these codes, and so have the reasons of messages in quarantine:", ""]
    lines += ["| code of a field | what it says | in Turkish |", "|---|---|---|"]
    lines += [f"| `{code}` | {label.en} | {label.tr} |" for code, label in sorted(FIELD_CODES.items())]
    return "\n".join(lines) + "\n"


def _errors(family: type[TakipError]) -> Iterator[type[TakipError]]:
    """The error classes that can be raised: those with a code of their own."""
    for error in family.__subclasses__():
        if "code" in vars(error):
            yield error
        yield from _errors(error)
