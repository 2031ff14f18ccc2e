"""Checks of what errors say: in Turkish too, and no number that no field has."""

import re
from collections.abc import Iterator

from chalicelib.domain.errors import TakipError
from chalicelib.domain.sentences import Named, Sentence, shown
from chalicelib.schemas.languages import Language, in_language

# Names that have digits in them, and are no numbers.
NAMES = re.compile(r"UTF-8|RFC 3339|base64|0-9|0 to 9|0 ile 9|A-Za-z0-9", re.IGNORECASE)


def mistakes_of_texts(error: TakipError) -> list[str]:
    """What is wrong with the texts of an error."""
    texts = [each.message for each in error.errors] or [error.detail]
    return [f"{error.code}: {mistake}" for text in texts for mistake in _mistakes(text)]


def _mistakes(text: str) -> Iterator[str]:
    """What is wrong with one text. A bare text is one of a test: `tests/architecture` finds those of Takip."""
    if not isinstance(text, Sentence):
        return
    for language in Language:
        told = in_language(text, language)
        for value in sorted((part for named in text.values.values() for part in _parts(named)), key=len, reverse=True):
            told = told.replace(value, "").replace(value.replace(".", ","), "")
        if re.search(r"\d", NAMES.sub("", told)):
            yield f"{text!r} holds a number that no field has"


def _parts(named: Named) -> list[str]:
    return [shown(named)] if isinstance(named, str | int | float) else list(named)
