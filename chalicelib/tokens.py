"""Access tokens: signed by one of our keys, short-lived, and enough to know who calls without a look at the table."""

from datetime import datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from chalicelib.domain.errors import Unauthenticated
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.domain.users import Actor, Role, User
from chalicelib.settings import SigningKeys

ALGORITHM = "HS256"
TYPE = "at+jwt"
ISSUER = "takip"
AUDIENCE = "takip-api"
CLAIMS = ["iss", "aud", "sub", "user_id", "tenant", "role", "iat", "nbf", "exp"]
# The clocks of two Lambdas differ a little: one must not refuse what the other has just signed.
SKEW = timedelta(seconds=5)


class TokenMissing(Unauthenticated):
    """No token came with the request."""

    code = "ERR_AUTH_TOKEN_MISSING"
    title = "Sign in first"


class TokenInvalid(Unauthenticated):
    """The token is not one of ours, or not one for this."""

    code = "ERR_AUTH_TOKEN_INVALID"
    title = "The token is not valid"


class TokenExpired(Unauthenticated):
    """The token was ours, and its time is over."""

    code = "ERR_AUTH_TOKEN_EXPIRED"
    title = "The token has expired"


def issue(user: User, keys: SigningKeys, now: datetime, minutes: int) -> str:
    """Sign a token that says who the user is, for so many minutes from now."""
    kid, secret = keys.signing(now)
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": user.id,
        "user_id": user.id,
        "tenant": DEFAULT_TENANT,
        "role": user.role.value,
        "iat": now,
        "nbf": now,
        "exp": now + timedelta(minutes=minutes),
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM, headers={"kid": kid, "typ": TYPE})


def read(token: str, keys: SigningKeys, now: datetime) -> Actor:
    """Tell who a token speaks for. Raises TokenExpired, TokenInvalid."""
    try:
        claims = _claims(token, keys)
        actor, begins, ends = _actor(claims), float(claims["nbf"]), float(claims["exp"])
    except (jwt.InvalidTokenError, ValueError, TypeError):
        raise TokenInvalid("Sign in again; the token is not one that Takip accepts.") from None
    if ends <= now.timestamp():
        raise TokenExpired("Sign in again.")
    if begins > (now + SKEW).timestamp():
        raise TokenInvalid("Sign in again; this token is not valid yet.")
    return actor


def _claims(token: str, keys: SigningKeys) -> dict[str, Any]:
    """Check signature, type and every claim but the times. Raises jwt.InvalidTokenError."""
    header = jwt.get_unverified_header(token)
    secret = keys.secret(str(header.get("kid")))
    if secret is None or header.get("typ") != TYPE:
        raise jwt.InvalidTokenError("unknown key or type")
    # Our own clock judges the times, so that a test can set it.
    options: Options = {"require": CLAIMS, "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    claims: dict[str, Any] = jwt.decode(
        token, secret, algorithms=[ALGORITHM], issuer=ISSUER, audience=AUDIENCE, options=options
    )
    return claims


def _actor(claims: dict[str, Any]) -> Actor:
    """Read the actor out of checked claims. Raises ValueError for a role that there is not."""
    return Actor(tenant=str(claims["tenant"]), user_id=str(claims["user_id"]), role=Role(claims["role"]))
