"""The languages in which Takip speaks to people, and which of them a client prefers."""

from enum import StrEnum

from chalicelib.domain.labels.values import VALUES
from chalicelib.domain.sentences import Named, Sentence, shown
from chalicelib.schemas.turkish import TURKISH


class Language(StrEnum):
    """A language. English is that of everybody who asks for none of them."""

    EN = "en"
    TR = "tr"


def preferred(accepted: str) -> Language:
    """The language that a header Accept-Language likes best; the first of those that it likes as much."""
    liked = [(_liking(part), part.partition(";")[0].strip().lower()) for part in accepted.split(",")]
    best, liking = Language.EN, 0.0
    for much, tag in liked:
        language = next((each for each in Language if tag == each or tag.startswith(f"{each}-")), None)
        if language is not None and much > liking:
            best, liking = language, much
    return best


def in_language(text: str, language: Language) -> str:
    """A text in a language. What an earlier release stored stays as it is."""
    if language is Language.EN:
        return text
    if not isinstance(text, Sentence):
        return TURKISH.get(text, text)
    named = {name: _turkish(name, value) for name, value in text.named.items()}
    return TURKISH.get(text.form, text.form).format(**named)


def _turkish(name: str, value: Named) -> str:
    """What a sentence names, in Turkish: a code by its label, a decimal with a comma."""
    if isinstance(value, Sentence):
        return in_language(value, Language.TR)
    if isinstance(value, str):
        labels = VALUES.get(name, {})
        return labels[value].tr if value in labels else value
    return shown(value).replace(".", ",") if isinstance(value, float) else shown(value)


def _liking(part: str) -> float:
    """The quality value of a part of the header, from 0 to 1; 0 if it cannot be read."""
    _, _, quality = part.replace(" ", "").lower().partition(";q=")
    try:
        return float(quality or 1)
    except ValueError:
        return 0.0
