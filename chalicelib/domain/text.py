"""Text as people type it: the form in which it is stored, and the form in which it is compared.

Texts that look the same are stored the same. Blanks around a text are cut off, and letters with marks are composed
(NFC). Invisible characters, and characters that change the direction of writing, are refused.
"""

import re
import unicodedata

from chalicelib.domain.sentences import say

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Invisible marks and letters whose Unicode category does not say so.
_INKLESS = re.compile(
    r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc\U000e0100-\U000e01ef]"
)
REPLACEMENT = "\ufffd"
NOT_UTF_8 = say("was not sent as UTF-8; send the body as UTF-8 with Content-Type: application/json; charset=utf-8")
HALF_A_CHARACTER = say("contains half a character; send the whole emoji or letter")
UNSEEN = say("must not contain invisible characters, or characters that change the direction of writing")

_I_WITH_MARKS = re.compile("i[\u0300-\u036f]+")
_DOT = "\u0307"
_HALF = re.compile("[\ud800-\udfff]")
_ENGLISH = str.maketrans("ıçğöşü", "icgosu")
_LINE_BREAK = re.compile(r"\r\n?")
# Emoji contain invisible characters: U+FE0F and U+20E3 after a sign or a digit, U+200D between two
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
    """The form in which a name, a number or a code is stored: one line, with single spaces.

    Raises ValueError, with the reason, if a character is not allowed or the text is blank.
    """
    composed = _composed(text)
    _refuse_controls(composed, but="\t\r\n")
    kept = composed.strip()
    _refuse_controls(kept)
    _refuse_unseen(kept)
    return _something(" ".join(kept.split()))


def passage(text: str) -> str:
    """The form in which free text is stored. It may have lines, tabs and emoji.

    Raises ValueError, with the reason, if a character is not allowed or the text is blank.
    """
    composed = _composed(text)
    _refuse_controls(composed, but="\t\r\n")
    kept = _LINE_BREAK.sub("\n", composed).strip()
    _refuse_unseen(_EMOJI_SEQUENCE.sub("", kept).replace("\n", "").replace("\t", ""))
    return _something(kept)


def whole(text: str) -> str:
    """The same text. Raises ValueError if a character was damaged on its way: it is cut in half, or was not UTF-8."""
    if halved(text):
        raise ValueError(HALF_A_CHARACTER)
    if REPLACEMENT in text:
        raise ValueError(NOT_UTF_8)
    return text


def halved(text: str) -> bool:
    """Whether a text contains half a character (a lone surrogate). Such a text cannot be encoded in UTF-8."""
    return _HALF.search(text) is not None


def unseen(text: str) -> bool:
    """Whether a text contains invisible characters, or characters that change the direction of writing."""
    return bool(_INKLESS.search(text)) or any(unicodedata.category(character) in _INVISIBLE for character in text)


def folded(text: str) -> str:
    """The form in which texts are compared: without case, in compatibility form (NFKC), with one letter i.

    Turkish has a dotted and a dotless i, and phones capitalise by themselves. So `i`, `ı`, `İ` and `I` are the same
    letter.
    """
    apart = unicodedata.normalize("NFD", caseless(text).replace("\u0131", "i"))
    return unicodedata.normalize("NFKC", _I_WITH_MARKS.sub(lambda i: i[0].replace(_DOT, ""), apart))


def unmarked(text: str) -> str:
    """A text whose small Turkish letters are the English ones that are nearest: `ğ` is `g`."""
    return text.translate(_ENGLISH)


def alike(wanted: str | None, text: str | None) -> bool:
    """Whether a text is the one that is asked for, however its letters are written, or none is asked for."""
    return wanted is None or (text is not None and folded(wanted) == folded(text))


def within_bytes(text: str, most: int) -> str:
    """A text cut so that it has at most so many bytes in UTF-8, with `…` in the place of what was cut off."""
    encoded = text.encode()
    if len(encoded) <= most:
        return text
    return encoded[: most - len("…".encode())].decode(errors="ignore").rstrip("\u200d ") + "…"


def caseless(text: str) -> str:
    """The form in which texts were compared while the dotted and the dotless i were two letters: NFKC, without case."""
    # Case folding may undo NFKC: it splits `ΐ` into a letter and two marks. So NFKC is applied again.
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def forms(text: str) -> list[str]:
    """The forms under which a text can be found: the form for comparing and, if it differs, the text as written.

    The first is in capitals, as most numbers are written. Earlier releases stored only the second.
    """
    return list(dict.fromkeys([key_form(text), text]))


def key_form(text: str) -> str:
    """The form for comparing as it is in keys: in capitals, as most numbers and codes are written."""
    return folded(text).upper()


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", whole(text))


def _refuse_controls(text: str, *, but: str = "") -> None:
    """Refuse control characters, except those in `but`. Raises ValueError."""
    if any(unicodedata.category(character) == "Cc" and character not in but for character in text):
        raise ValueError(say("must not contain control characters"))


def _refuse_unseen(judged: str) -> None:
    """Refuse a text with invisible characters. The caller has removed those that are allowed. Raises ValueError."""
    if unseen(judged):
        raise ValueError(UNSEEN)


def _something(text: str) -> str:
    if not text:
        raise ValueError(say("must not be blank"))
    return text
