"""Text: what is kept of what people type, and which texts are one."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.text import folded, forms, halved, line, passage, unmarked, within_bytes

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("4711 ", "4711"),
        ("\u00a04711\u3000", "4711"),
        ("4711\r\n", "4711"),
        ("KAPAK\u00a040", "KAPAK 40"),
        ("KAPAK  40", "KAPAK 40"),
        (unicodedata.normalize("NFD", "Güç çözücü"), "Güç çözücü"),
    ],
)
def test_what_looks_the_same_is_kept_the_same(typed: str, kept: str) -> None:
    assert line(typed) == kept


def test_a_line_is_one_line() -> None:
    with pytest.raises(ValueError, match="control"):
        line("KAPAK\n40")


UNSEEN = ["\u200b", "\u200d", "\u202e", "\u2066", "\u2028", "\u00ad", "\ufeff", "\u3164", "\u2800", "\ue000", "\ufe0f"]


@pytest.mark.parametrize("unseen", UNSEEN)
def test_what_is_invisible_or_turns_direction_is_refused(unseen: str) -> None:
    for form in (line, passage):
        with pytest.raises(ValueError, match="invisible"):
            form(f"47{unseen}11")


@pytest.mark.parametrize("form", [line, passage])
@pytest.mark.parametrize(
    ("typed", "why"),
    [("\ufffdARJ-\ufffd", "charset=utf-8"), ("a\ud83d", "half"), ("a\x07b", "control"), (" \u00a0\n", "blank")],
)
def test_a_text_that_cannot_be_kept_says_why(form: object, typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        form(typed)  # type: ignore[operator]


@pytest.mark.parametrize("note", ["two\nlines\tand a tab", f"{FAMILY} ⚠\ufe0f 1\ufe0f\u20e3 ❤\ufe0f", SCOTLAND, "👍🏽"])
def test_free_text_keeps_its_lines_and_emoji(note: str) -> None:
    assert passage(f" {note}\n") == note
    assert passage("one\r\ntwo\rthree") == "one\ntwo\nthree"


def test_turkish_letters_have_english_ones_that_stand_for_them() -> None:
    assert unmarked("sıcaklık çöğüş K-7") == "sicaklik cogus K-7"


def test_the_letter_i_is_one_with_and_without_its_dot_and_in_capitals() -> None:
    assert len({folded(each) for each in ("İŞIK", "\u0131ş\u0131k", "IŞIK", "işik", "i\u0307ŞIK")}) == 1
    assert folded("KAPAK-40") == folded("kapak-40") == folded("\uff2b\uff21\uff30\uff21\uff2b\uff0d\uff14\uff10")
    assert folded("KAPAK-40") != folded("KAPAK-41")
    assert forms("KAPAK-40") == ["KAPAK-40"]
    assert forms("kapak-40") == ["KAPAK-40", "kapak-40"]


@given(st.text())
def test_folding_twice_changes_nothing_more(typed: str) -> None:
    assert folded(folded(typed)) == folded(typed)


@given(st.text())
def test_what_is_kept_is_kept_again(typed: str) -> None:
    for form in (line, passage):
        try:
            kept = form(typed)
        except ValueError:
            continue
        assert form(kept) == kept
        assert not halved(kept)


@given(st.text(), st.integers(8, 60))
def test_a_text_is_cut_to_its_bytes_and_says_so(text: str, most: int) -> None:
    whole = text.encode(errors="ignore").decode()
    cut = within_bytes(whole, most)
    assert len(cut.encode()) <= most
    assert cut == whole if len(whole.encode()) <= most else cut.endswith("…") and whole.startswith(cut[:-1])


def test_no_joiner_is_left_at_the_end_of_a_cut_text() -> None:
    assert within_bytes(FAMILY + FAMILY, 10) == "\U0001f468…"
