"""The keys that sign tokens: a ring of secrets in SSM, which CloudFormation cannot create."""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import clock
from chalicelib.domain import instants
from chalicelib.settings import KEY_BELIEVED_AFTERWARDS, KEYS_CACHED_SECONDS
from infra.aws import Aws
from infra.problem import Problem

# By then every function has read the ring again, so it knows the new key before a token with it arrives.
_LEAD = timedelta(seconds=2 * KEYS_CACHED_SECONDS)
# An only key must sign at once, and this machine's clock may be ahead of the functions' clocks.
_ONLY_KEY_SIGNS_SINCE = timedelta(hours=1)
_MOST_CHARACTERS = 4096  # the limit of a parameter in SSM's free tier

_Ring = dict[str, dict[str, str]]
"""Key id → its `secret` in base64 and the moment it `signs_from`, as the functions read it."""


@dataclass(frozen=True)
class Key:
    """A signing key without its secret. `superseded_at` is when the next key begins to sign; None if there is none."""

    kid: str
    signs_from: datetime
    superseded_at: datetime | None

    def waits(self, now: datetime) -> bool:
        """Whether it does not sign yet."""
        return now < self.signs_from

    def signs(self, now: datetime) -> bool:
        """Whether it is the key that signs now."""
        return not self.waits(now) and (self.superseded_at is None or now < self.superseded_at)

    @property
    def believed_until(self) -> datetime | None:
        """When the last token that it may have signed expires; None if no other key follows."""
        return self.superseded_at and self.superseded_at + KEY_BELIEVED_AFTERWARDS


def parameter_name(environment: str) -> str:
    """The SSM parameter that holds an environment's signing keys."""
    return f"/takip/{environment}/signing-keys"


def put_signing_keys(aws: Aws, environment: str) -> None:
    """Create the environment's first signing key, as a SecureString. Existing keys stay."""
    now = clock.now()
    try:
        aws.client("ssm").put_parameter(
            Name=parameter_name(environment),
            Description="Keys that sign Takip's tokens, by key id; the newest whose time has come signs",
            Type="SecureString",
            Value=json.dumps(_new_key(now, now - _ONLY_KEY_SIGNS_SINCE)),
            Overwrite=False,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ParameterAlreadyExists":
            raise


def keys(aws: Aws, environment: str) -> list[Key]:
    """The environment's signing keys, oldest first. Raises Problem if there are none."""
    return _keys(_read(aws.client("ssm"), environment)[0])


def rotate(aws: Aws, environment: str) -> tuple[str, datetime]:
    """Add a key; returns its id and the instant from which it signs. Keys whose tokens have all expired are removed.

    Raises Problem while the newest key has not begun to sign, and if the ring is full. Also raises Problem if another
    rotation happened at the same moment: the key that was added first stays, and this one is removed.
    """
    ssm, now = aws.client("ssm"), clock.now()
    ring, version = _read(ssm, environment)
    _refuse_while_one_waits(_keys(ring), now)
    gone = {key.kid for key in _keys(ring) if key.believed_until and key.believed_until <= now}
    new = _new_key(now, now + _LEAD)
    written = json.dumps({kid: key for kid, key in ring.items() if kid not in gone} | new)
    if len(written) > _MOST_CHARACTERS:
        until = min(key.believed_until for key in _keys(ring) if key.believed_until)
        raise Problem(
            f"There is no room for another key: tokens of {len(ring)} keys may still be in use.\n"
            f"The oldest can go at {instants.wire(until)}; rotate again after that."
        )
    if _write(ssm, environment, written) != version + 1:
        first, _ = _read(ssm, environment, version + 1)
        _write(ssm, environment, json.dumps(first))
        raise Problem(f"Somebody else rotated at the same moment: {_keys(first)[-1].kid} is the new key.")
    (kid,) = new
    return kid, now + _LEAD


def replace(aws: Aws, environment: str) -> str:
    """Replace all keys by one new key, because one has leaked or all are lost; returns its id. It signs at once.

    Earlier tokens are refused as soon as every function has read the ring again.
    """
    ssm, now = aws.client("ssm"), clock.now()
    new = _new_key(now, now - _ONLY_KEY_SIGNS_SINCE)
    _write(ssm, environment, json.dumps(new))
    (kid,) = new
    return kid


def delete_signing_keys(aws: Aws, environment: str) -> None:
    """Delete the environment's signing keys. All its tokens become invalid."""
    aws.client("ssm").delete_parameters(Names=[parameter_name(environment)])


def _new_key(now: datetime, signs_from: datetime) -> _Ring:
    secret = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    return {f"{now:%Y%m%d}-{secrets.token_hex(4)}": {"secret": secret, "signs_from": instants.wire(signs_from)}}


def _read(ssm: Any, environment: str, version: int | None = None) -> tuple[_Ring, int]:
    name = parameter_name(environment) + (f":{version}" if version else "")
    try:
        parameter = ssm.get_parameter(Name=name, WithDecryption=True)["Parameter"]
    except ssm.exceptions.ParameterNotFound:
        raise Problem(f"{environment} has no signing keys yet. Its first deployment makes one.") from None
    try:
        ring: _Ring = json.loads(parameter["Value"])
        _keys(ring)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Problem(f"The parameter {name} holds no ring of signing keys; somebody else has written it.") from None
    return ring, parameter["Version"]


def _write(ssm: Any, environment: str, ring: str) -> int:
    answer = ssm.put_parameter(Name=parameter_name(environment), Type="SecureString", Value=ring, Overwrite=True)
    version: int = answer["Version"]
    return version


def _keys(ring: _Ring) -> list[Key]:
    begins = sorted((instants.parse(key["signs_from"]), kid) for kid, key in ring.items())
    nexts = [after for _, (after, _) in pairwise(begins)]
    return [Key(kid, since, after) for (since, kid), after in zip(begins, [*nexts, None], strict=True)]


def _refuse_while_one_waits(ring: list[Key], now: datetime) -> None:
    newest = ring[-1]
    if newest.waits(now):
        raise Problem(
            f"The key {newest.kid} was added a moment ago and begins to sign at {instants.wire(newest.signs_from)}.\n"
            "Rotate again after that."
        )
