"""Tokens: a token of Takip is accepted until it expires, and nothing else is."""

import hmac
import json
import math
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import jwt
import pytest

from chalicelib import tokens
from chalicelib.domain.people.users import Actor, Role
from chalicelib.settings import LONGEST_TOKEN_MINUTES, SigningKeys
from tests.floor import MINUTE, MORNING

SECRET, OTHER = bytes(range(32)), bytes(range(32, 64))
KEYS = SigningKeys({"k1": (SECRET, MORNING), "k2": (OTHER, MORNING + MINUTE)})
ACTOR = Actor("default", "u1", Role.PLANNER, "d1")
GOOD: dict[str, Any] = {
    "iss": "takip",
    "aud": "takip-api",
    "sub": "u1",
    "user_id": "u1",
    "tenant": "default",
    "device": "d1",
    "role": "planner",
    "iat": MORNING,
    "nbf": MORNING,
    "exp": MORNING + 30 * MINUTE,
}
# What JSON, or somebody with our key, may put where a time is due.
NO_TIMES: list[Any] = [
    math.nan,
    math.inf,
    -math.inf,
    "soon",
    "1",
    MORNING.timestamp() + 0.5,
    True,
    False,
    None,
    [],
    {},
    10**400,
]


def forged(*, secret: bytes = SECRET, header: Any = None, without: str = "", **claims: Any) -> str:
    """A token as somebody else might make it."""
    payload = {name: value for name, value in (GOOD | claims).items() if name != without}
    headers = {"kid": "k1", "typ": "at+jwt"} | (header or {})
    return jwt.encode(payload, secret, headers=headers)


def by_hand(algorithm: str, sign: Callable[[bytes], bytes]) -> str:
    """A token with good claims under another algorithm."""
    header = json.dumps({"alg": algorithm, "kid": "k1", "typ": "at+jwt"}).encode()
    signed = urlsafe_b64encode(header).rstrip(b"=") + b"." + forged().split(".")[1].encode()
    return (signed + b"." + urlsafe_b64encode(sign(signed)).rstrip(b"=")).decode()


def test_a_token_made_by_hand_is_believed_where_all_of_it_is_right() -> None:
    token = by_hand("HS256", lambda signed: hmac.digest(SECRET, signed, "sha256"))

    assert tokens.read(token, KEYS, MORNING).user_id == "u1"


def test_a_token_tells_who_it_speaks_for() -> None:
    token = tokens.issue(ACTOR, KEYS, MORNING, 30)

    assert tokens.read(token, KEYS, MORNING) == ACTOR
    assert tokens.read(forged(), KEYS, MORNING) == ACTOR


def test_the_newest_key_that_has_begun_signs_and_the_older_one_is_still_believed() -> None:
    before = tokens.issue(ACTOR, KEYS, MORNING, 30)
    after = tokens.issue(ACTOR, KEYS, MORNING + MINUTE, 30)

    assert [jwt.get_unverified_header(token)["kid"] for token in (before, after)] == ["k1", "k2"]
    assert tokens.read(before, KEYS, MORNING + MINUTE) == tokens.read(after, KEYS, MORNING + MINUTE)


def test_a_token_ends_when_it_said() -> None:
    token = tokens.issue(ACTOR, KEYS, MORNING, 30)

    tokens.read(token, KEYS, MORNING + 30 * MINUTE - timedelta(milliseconds=1))
    with pytest.raises(tokens.TokenExpired):
        tokens.read(token, KEYS, MORNING + 30 * MINUTE)


def test_no_token_lives_longer_than_the_settings_allow() -> None:
    longest = timedelta(minutes=LONGEST_TOKEN_MINUTES)

    assert tokens.read(forged(exp=MORNING + longest), KEYS, MORNING) == ACTOR
    with pytest.raises(tokens.TokenInvalid):
        tokens.read(forged(exp=MORNING + longest + timedelta(seconds=1)), KEYS, MORNING)


def test_a_clock_a_little_behind_does_not_refuse_what_was_just_signed() -> None:
    token = tokens.issue(ACTOR, KEYS, MORNING, 30)

    tokens.read(token, KEYS, MORNING - tokens.SKEW)
    with pytest.raises(tokens.TokenInvalid):
        tokens.read(token, KEYS, MORNING - tokens.SKEW - timedelta(seconds=1))


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "ü.ü.ü",
        by_hand("none", lambda _: b""),
        by_hand("None", lambda _: b""),
        by_hand("HS512", lambda signed: hmac.digest(SECRET, signed, "sha512")),
        by_hand("HS512", lambda signed: hmac.digest(SECRET, signed, "sha256")),
        forged(secret=OTHER),
        forged(header={"kid": "k2"}),
        forged(header={"kid": "k9"}),
        forged(header={"kid": ""}),
        forged(header={"typ": "JWT"}),
        forged(aud="other-api"),
        forged(iss="somebody"),
        forged(role="owner"),
        forged(role=["admin"]),
        forged(sub="u2"),
        forged(tenant=["default"]),
        *(forged(tenant=name) for name in ("", "a#b", "A")),
        *(forged(**{name: value}) for name in tokens.TIMES for value in NO_TIMES),
        forged(device=None),
        forged(terminal=7),
        forged(iat=MORNING + tokens.SKEW + timedelta(seconds=1)),
        *(forged(without=claim) for claim in GOOD),
    ],
)
def test_what_takip_did_not_sign_for_this_is_not_believed(token: str) -> None:
    with pytest.raises(tokens.TokenInvalid):
        tokens.read(token, KEYS, MORNING)


@pytest.mark.parametrize("part", [0, 1, 2])
def test_a_token_that_was_tampered_with_is_not_believed(part: int) -> None:
    parts = tokens.issue(ACTOR, KEYS, MORNING, 30).split(".")
    middle = len(parts[part]) // 2
    parts[part] = parts[part][:middle] + ("A" if parts[part][middle] != "A" else "B") + parts[part][middle + 1 :]

    with pytest.raises(tokens.TokenInvalid):
        tokens.read(".".join(parts), KEYS, MORNING)


def test_a_token_that_is_both_forged_and_expired_is_not_told_to_be_expired() -> None:
    with pytest.raises(tokens.TokenInvalid):
        tokens.read(forged(secret=OTHER, exp=MORNING - MINUTE), KEYS, MORNING)
