"""Text as people type it: the one form in which it is kept, and the form in which it is compared.

Two texts that look the same are the same text: blanks around it are cut off, letters with marks are composed (NFC),
and what is invisible or turns the direction of writing is refused.
"""

import re
import unicodedata

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Marks and letters without ink, of which the category does not tell: Unicode ignores them, and so does the eye.
INKLESS = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc\U000e0100-\U000e01ef]"
)
REPLACEMENT = "\ufffd"
NOT_UTF_8 = "was not sent as UTF-8; send the body as UTF-8 with Content-Type: application/json; charset=utf-8"
HALF_A_CHARACTER = "contains half a character; send the whole emoji or letter"
UNSEEN = "must not contain invisible characters, or characters that change the direction of writing"

_I_WITH_MARKS = re.compile("i[\u0300-\u036f]+")
_DOT = "\u0307"
_HALF = re.compile("[\ud800-\udfff]")
_LINE_BREAK = re.compile(r"\r\n?")
# Emoji need characters that have no ink of their own: U+FE0F and U+20E3 after a sign or a digit, U+200D between two
# emoji, and the tags of a flag (U+E0020 to U+E007F) after a black flag.
_MODIFIER = "[\U0001f3fb-\U0001f3ff]"
_SIGN = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff]"
)
_EMOJI = f"{_SIGN}\ufe0f?{_MODIFIER}?"
_EMOJI_SEQUENCE = re.compile(
    f"[*0-9\\x23]\ufe0f?\u20e3|\U0001f3f4[\U000e0020-\U000e007e]+\U000e007f|{_EMOJI}(?:\u200d{_EMOJI})*"
)


def line(text: str) -> str:
    """Give the form in which a name, a number or a code is kept: one line, with single spaces.

    Raises ValueError saying what must not be in it, or that nothing is in it.
    """
    composed = _composed(text)
    _refuse_controls(composed)
    kept = composed.strip()
    _refuse_unseen(kept)
    return _something(" ".join(kept.split()))


def passage(text: str) -> str:
    """Give the form in which free text is kept: it may have lines, tabs and emoji.

    Raises ValueError saying what must not be in it, or that nothing is in it.
    """
    composed = _composed(text)
    _refuse_controls(composed)
    kept = _LINE_BREAK.sub("\n", composed).strip()
    _refuse_unseen(_EMOJI_SEQUENCE.sub("", kept).replace("\n", "").replace("\t", ""))
    return _something(kept)


def whole(text: str) -> str:
    """Give a text back as it is. Raises ValueError where bytes or half of a character were lost on the way here."""
    if _HALF.search(text):
        raise ValueError(HALF_A_CHARACTER)
    if REPLACEMENT in text:
        raise ValueError(NOT_UTF_8)
    return text


def halved(text: str) -> bool:
    """Whether half of a character (a lone surrogate) is in a text; such a text cannot be written in UTF-8."""
    return _HALF.search(text) is not None


def folded(text: str) -> str:
    """Give the form in which texts are compared: without case, in compatibility form (NFKC), with one letter i.

    Turkish has a dotted and a dotless i, and phones write a capital by themselves: with a dot or without, they are one.
    """
    apart = unicodedata.normalize("NFD", caseless(text).replace("\u0131", "i"))
    return unicodedata.normalize("NFKC", _I_WITH_MARKS.sub(lambda i: i[0].replace(_DOT, ""), apart))


def caseless(text: str) -> str:
    """Give the form in which texts are compared where the dotted and the dotless i are two letters: NFKC, no case."""
    # Without case a text may be out of its form again: `ΐ` comes apart, its capital does so in another order.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def forms(text: str) -> list[str]:
    """Give the forms under which a text is found: as it is compared, and as it is written if that differs.

    The first is in capitals, as most numbers are written. Earlier releases knew the second only.
    """
    return list(dict.fromkeys([folded(text).upper(), text]))


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", whole(text))


def _refuse_controls(text: str) -> None:
    """Refuse control characters but tabs and line breaks, also at the ends. Raises ValueError."""
    if any(unicodedata.category(character) == "Cc" and character not in "\t\r\n" for character in text):
        raise ValueError("must not contain control characters")


def _refuse_unseen(judged: str) -> None:
    """Refuse what is invisible in a text from which that which may be was taken. Raises ValueError."""
    if any(unicodedata.category(each) == "Cc" for each in judged):
        raise ValueError("must not contain control characters")
    if INKLESS.search(judged) or any(unicodedata.category(each) in INVISIBLE for each in judged):
        raise ValueError(UNSEEN)


def _something(text: str) -> str:
    if not text:
        raise ValueError("must not be blank")
    return text
