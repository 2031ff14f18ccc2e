"""Access tokens: signed, short-lived. They say who calls, so that the table need not be read."""

from datetime import datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from chalicelib.domain.errors import Unauthenticated
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.sentences import say
from chalicelib.domain.tenants import unnamable
from chalicelib.settings import LONGEST_TOKEN_MINUTES, SigningKeys

ALGORITHM = "HS256"
TYPE = "at+jwt"
ISSUER = "takip"
AUDIENCE = "takip-api"
NAMES = ["sub", "user_id", "tenant", "device"]
TIMES = ["iat", "nbf", "exp"]
CLAIMS = ["iss", "aud", "role", *NAMES, *TIMES]
# The clocks of two Lambdas differ a little: one must accept a token that the other has just signed.
SKEW = timedelta(seconds=5)
# A device with a refresh token that is still good gets another access token, also after the keys were replaced.
REFRESH_FIRST = say("Get another with POST /auth/refresh; if that is refused too, sign in again.")


class TokenMissing(Unauthenticated):
    """The request has no access token."""

    code = "ERR_AUTH_TOKEN_MISSING"
    title = "Sign in first"


class TokenInvalid(Unauthenticated):
    """Takip did not issue this token, or it is not an access token."""

    code = "ERR_AUTH_TOKEN_INVALID"
    title = "The token is not valid"


class TokenExpired(Unauthenticated):
    """The access token has expired."""

    code = "ERR_AUTH_TOKEN_EXPIRED"
    title = "The token has expired"


def issue(actor: Actor, keys: SigningKeys, now: datetime, minutes: int) -> str:
    """A signed token for the actor that expires after so many minutes."""
    key_id, secret = keys.signing(now)
    claims: dict[str, object] = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": actor.user_id,
        "user_id": actor.user_id,
        "tenant": actor.tenant,
        "device": actor.device_id,
        "role": actor.role.value,
        "iat": now,
        "nbf": now,
        "exp": now + timedelta(minutes=minutes),
    }
    if actor.terminal_id is not None:
        claims["terminal"] = actor.terminal_id
    if actor.lasting:
        claims["lasting"] = True
    if actor.must_change_password:
        claims["must_change_password"] = True
    return jwt.encode(claims, secret, algorithm=ALGORITHM, headers={"kid": key_id, "typ": TYPE})


def kid(token: str) -> str:
    """The id of the key that a token names, before its signature is checked. Raises TokenInvalid."""
    try:
        return str(jwt.get_unverified_header(token).get("kid"))
    except jwt.InvalidTokenError:
        raise _not_ours() from None


def read(token: str, keys: SigningKeys, now: datetime) -> Actor:
    """The actor of a token. Raises TokenExpired, TokenInvalid."""
    try:
        claims = _claims(token, keys, now)
        actor, (issued, begins, ends) = _actor(claims), (_time(claims[name]) for name in TIMES)
    except (jwt.InvalidTokenError, ValueError):
        raise _not_ours() from None
    if ends <= now.timestamp():
        raise TokenExpired(REFRESH_FIRST)
    if max(issued, begins) > (now + SKEW).timestamp():
        raise TokenInvalid(say("This token is not valid yet. {instead}", instead=REFRESH_FIRST))
    if ends - issued > LONGEST_TOKEN_MINUTES * 60:
        raise _not_ours()
    return actor


def _not_ours() -> TokenInvalid:
    return TokenInvalid(say("Takip does not accept this token. {instead}", instead=REFRESH_FIRST))


def _claims(token: str, keys: SigningKeys, now: datetime) -> dict[str, Any]:
    """Check the signature, the type and every claim except the times. Raises jwt.InvalidTokenError."""
    header = jwt.get_unverified_header(token)
    secret = keys.secret(str(header.get("kid")), now)
    if secret is None or header.get("typ") != TYPE:
        raise jwt.InvalidTokenError("unknown key or type")
    # The times are checked with our own clock, so that a test can set it.
    options: Options = {"require": CLAIMS, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    claims: dict[str, Any] = jwt.decode(
        token, secret, algorithms=[ALGORITHM], issuer=ISSUER, audience=AUDIENCE, options=options
    )
    return claims


def _time(claim: object) -> int:
    """A time in whole seconds. Raises ValueError for anything else."""
    if type(claim) is not int:
        raise ValueError("a time is no whole number of seconds")
    return claim


def _actor(claims: dict[str, Any]) -> Actor:
    """The actor of checked claims. Raises ValueError for an unknown role or a value that is not a name."""
    if claims["sub"] != claims["user_id"] or not all(isinstance(claims[name], str) for name in NAMES):
        raise ValueError("a name is no text, or the subject another than the user")
    terminal_id = claims.get("terminal")
    if terminal_id is not None and not isinstance(terminal_id, str):
        raise ValueError("the terminal is no text")
    if unnamable(claims["tenant"]):
        raise ValueError("no tenant can be called that")
    return Actor(
        tenant=claims["tenant"],
        user_id=claims["user_id"],
        role=Role(claims["role"]),
        device_id=claims["device"],
        must_change_password=claims.get("must_change_password", False) is not False,
        terminal_id=terminal_id,
        lasting=claims.get("lasting", False) is not False,
    )
