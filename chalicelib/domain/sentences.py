"""Sentences for people. They are written in English, and keep their form and what they name beside the text.

So a sentence can be said in another language, and an app can word it itself.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeAlias

ONE_OF = "must be one of {allowed}"

Named: TypeAlias = str | int | float | Sequence[str]
"""What a sentence names: a text, a number, or a list of texts."""


class Sentence(str):
    """A text in English that was made from a form with places, such as `At most {left} more.`, and what is in them."""

    __slots__ = ("form", "named")

    form: str
    named: Mapping[str, Named]

    @property
    def values(self) -> dict[str, Named]:
        """What the sentence names, and what the sentences in it name."""
        own = {name: each for name, each in self.named.items() if not isinstance(each, Sentence)}
        within = (each.values for each in self.named.values() if isinstance(each, Sentence))
        return {name: value for values in within for name, value in values.items()} | own


def say(form: str, /, **named: Named | Decimal) -> Sentence:
    """The sentence of a form. It may name more than its form has places for: an app may need it, such as a unit."""
    plain = {name: _number(value) if isinstance(value, Decimal) else value for name, value in named.items()}
    sentence = Sentence(form.format(**{name: shown(value) for name, value in plain.items()}))
    sentence.form, sentence.named = form, plain
    return sentence


def shown(named: Named) -> str:
    """What a sentence names, as text: a number with up to 15 digits, a list with commas."""
    if isinstance(named, str):
        return named
    if isinstance(named, float):
        return f"{named:.15g}"
    return str(named) if isinstance(named, int) else ", ".join(named)


def said(error: ValueError) -> Sentence:
    """What a check of ours said when it raised an error; nothing of what a library says."""
    said = error.args[0] if error.args else None
    return said if isinstance(said, Sentence) else say("is not valid")


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
