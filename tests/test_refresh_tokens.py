"""Refresh tokens: each leads to the next one and to no other."""

import hashlib
from dataclasses import replace
from itertools import accumulate, repeat

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib import refresh_tokens
from chalicelib.domain.people.devices import MOST_REFRESHES, Device
from chalicelib.refresh_tokens import RefreshToken, RefreshTokenInvalid
from tests.floor import MORNING

SECRET, OTHER = bytes(range(32)), bytes(range(32, 64))
FIRST = RefreshToken("default", "u1", "d1", 0, "A" * 43)
CHAIN = list(accumulate(repeat(FIRST, 5), lambda token, _: token.successor(SECRET)))
NEWEST = CHAIN[-1]
DEVICE = Device(
    id="d1",
    user_id="u1",
    name="phone",
    signed_in_at=MORNING,
    last_used_at=MORNING,
    expires_at=MORNING,
    digest=NEWEST.digest,
    secret=SECRET,
    number=NEWEST.number,
)


def age(text: str) -> int | None:
    """How old a text is as a token of the device; None also where it cannot be one."""
    try:
        return refresh_tokens.read(text).age(DEVICE)
    except RefreshTokenInvalid:
        return None


def test_a_token_is_read_as_it_was_written() -> None:
    token = refresh_tokens.first("plant-2", "01J", "01K")

    assert refresh_tokens.read(str(token)) == token
    assert token.number == 0


def test_first_tokens_and_secrets_are_left_to_chance() -> None:
    assert len({str(refresh_tokens.first("default", "u1", "d1")) for _ in range(100)}) == 100
    assert len({refresh_tokens.new_secret() for _ in range(100)}) == 100
    assert {len(refresh_tokens.new_secret()), len(refresh_tokens.first("t", "u", "d").secret)} == {32, 43}


def test_every_token_of_a_device_knows_how_many_came_after_it() -> None:
    assert [age(str(token)) for token in CHAIN] == [4, 3, 2, 1, 0]


def test_the_same_token_always_leads_to_the_same_next_one() -> None:
    assert FIRST.successor(SECRET) == FIRST.successor(SECRET) == CHAIN[1]
    assert len({str(token) for token in CHAIN}) == len(CHAIN)


def test_without_the_devices_secret_nobody_gets_from_one_token_to_the_next() -> None:
    assert FIRST.successor(OTHER).secret != FIRST.successor(SECRET).secret
    assert FIRST.age(replace(DEVICE, secret=OTHER)) is None


@pytest.mark.parametrize("number", range(6))
def test_a_made_up_token_is_none_of_the_devices_whatever_its_number(number: int) -> None:
    assert age(str(replace(FIRST, number=number, secret="B" * 43))) is None


def test_a_token_that_is_yet_to_come_is_none_of_the_devices() -> None:
    assert age(str(NEWEST.successor(SECRET))) is None


def test_what_is_kept_of_a_token_does_not_tell_it() -> None:
    assert NEWEST.digest == hashlib.sha256(str(NEWEST).encode()).hexdigest()
    assert NEWEST.secret not in NEWEST.digest


def test_the_most_refreshes_that_a_device_has_are_the_most_that_a_token_can_count() -> None:
    last = replace(FIRST, number=MOST_REFRESHES)

    assert refresh_tokens.read(str(last)) == last
    with pytest.raises(RefreshTokenInvalid):
        refresh_tokens.read(str(replace(FIRST, number=MOST_REFRESHES + 1)))


@given(
    token=st.sampled_from(CHAIN),
    at=st.integers(0, len(str(FIRST))),
    instead=st.text(max_size=2),
    cut=st.integers(0, 2),
)
@example(token=NEWEST, at=str(NEWEST).index(".4.") + 1, instead="0", cut=0)
@example(token=NEWEST, at=str(NEWEST).index(".4.") + 1, instead="\u0664", cut=1)
@example(token=NEWEST, at=len(str(NEWEST)), instead="\n", cut=0)
@example(token=NEWEST, at=len(str(NEWEST)), instead="=", cut=0)
def test_a_token_that_was_edited_anywhere_is_none_of_the_devices(
    token: RefreshToken, at: int, instead: str, cut: int
) -> None:
    text = str(token)
    edited = text[:at] + instead + text[at + cut :]

    assert age(edited) == (age(text) if edited == text else None)


@given(st.text())
@example("takip-refresh.t.u.d.0." + "A" * 42)
@example("takip-refresh.t.u.d.0." + "A" * 44)
@example("takip-refresh.t.u.d." + "9" * 5000 + "." + "A" * 43)
@example("takip-refresh.t.u.d.-1." + "A" * 43)
@example("takip-refresh.t#x.u.d.0." + "A" * 43)
@example("takip-refresh." + "t" * 65 + ".u.d.0." + "A" * 43)
@example("takip-refresh.t.u.\ud800.0." + "A" * 43)
def test_whatever_has_not_the_form_of_a_token_is_refused(text: str) -> None:
    with pytest.raises(RefreshTokenInvalid):
        refresh_tokens.read(text)
