"""Decoding of JSON: how deep it may be nested, wherever its brackets stand."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.plain_json import DEEPEST, TOO_DEEP, decode


@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}"), ('{"a":1,"a":', "}")])
def test_json_may_be_nested_so_deep_and_no_deeper(opened: str, closed: str) -> None:
    inner = DEEPEST - 1
    decode(opened * inner + "[]" + closed * inner, float)
    with pytest.raises(ValueError, match=TOO_DEEP):
        decode(opened * DEEPEST + "[]" + closed * DEEPEST, float)


@given(st.text(st.sampled_from('[]{}"a\\'), max_size=200))
def test_brackets_in_a_text_are_not_nested(text: str) -> None:
    assert decode(json.dumps({text: [text]}), float) == {text: [text]}
