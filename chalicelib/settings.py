"""Settings: the environment variables, validated at first use. No other module reads the environment."""

import json
import os
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib import aws, clock, remembered
from chalicelib.domain import instants
from chalicelib.domain.errors import Unavailable
from chalicelib.domain.people.app_versions import order_of
from chalicelib.domain.sentences import say

PREFIX = "TAKIP_"
KEYS_CACHED_SECONDS = 300
LONGEST_TOKEN_MINUTES = 1440
KEYS_ASKED_EVERY = timedelta(minutes=1)
KEYS_LAST = timedelta(hours=1)  # without an answer from SSM
# Without an answer from SSM a function still signs with the old key for a while; its last token expires later still.
KEY_BELIEVED_AFTERWARDS = KEYS_LAST + timedelta(minutes=LONGEST_TOKEN_MINUTES)
SHORTEST_SECRET_BYTES = 32


class BadSettings(Exception):
    """The environment lacks a variable, or holds one that cannot be."""


class SigningKeysUnavailable(Unavailable):
    """The keys that sign access tokens cannot be read right now."""

    code = "ERR_AUTH_KEYS_UNAVAILABLE"
    title = "Access tokens cannot be checked right now"


Setting = TypeVar("Setting")


def _setting(read: Callable[[str], Setting], default: object = MISSING) -> Any:
    """A field of `Settings` that is read from the text of its variable. `read` raises ValueError with what is wrong."""
    return field(default=default, metadata={"read": read})


def _text(at_least: int) -> Callable[[str], str]:
    """A text of at least so many characters."""

    def read(written: str) -> str:
        if len(written) < at_least:
            raise ValueError(f"must have at least {at_least} characters")
        return written

    return read


def _whole(least: int, most: int) -> Callable[[str], int]:
    """A whole number within bounds, both included."""

    def read(written: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", written) or not least <= int(written) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(written)

    return read


def _version(written: str) -> str:
    """The version of an app."""
    if order_of(written) is None:
        raise ValueError("must be a version such as 1.4.0")
    return written


def _one_of(choices: Mapping[str, Setting]) -> Callable[[str], Setting]:
    """One of the values by their names."""

    def read(written: str) -> Setting:
        if written not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return choices[written]

    return read


@dataclass(frozen=True)
class Settings:
    """All variables that Takip reads, without the prefix `TAKIP_`. `.env.example` documents them."""

    environment: str = _setting(_one_of({name: name for name in ("local", "dev", "prod")}))
    table: str = _setting(_text(at_least=3))
    readings_queue: str = _setting(_text(at_least=1))
    aggregates_queue: str = _setting(_text(at_least=1))
    webhooks_queue: str = _setting(_text(at_least=1))
    events_topic: str = _setting(_text(at_least=1))
    files_bucket: str = _setting(_text(at_least=3))
    pictures_queue: str = _setting(_text(at_least=1))
    live_role: str = _setting(_text(at_least=1))
    signing_keys: str = _setting(_text(at_least=1))
    token_minutes: int = _setting(_whole(1, LONGEST_TOKEN_MINUTES), 30)
    refresh_days: int = _setting(_whole(1, 90), 7)
    password_characters: int = _setting(_whole(8, 64), 8)
    refuse_common_passwords: bool = _setting(_one_of({"true": True, "false": False}), default=False)
    bcrypt_cost: int = _setting(_whole(4, 16), 12)
    cors_origins: str = _setting(_text(at_least=0), "")
    minimum_app_version: str = _setting(_version, "0")

    @property
    def is_local(self) -> bool:
        """Whether this is the environment of a laptop, in which webhooks may reach the laptop itself."""
        return self.environment == "local"

    @property
    def allowed_origins(self) -> frozenset[str]:
        """The web origins from which browsers may call."""
        return frozenset(filter(None, (origin.strip() for origin in self.cors_origins.split(","))))


@remembered.cached
def current() -> Settings:
    """Read the environment once. Raises BadSettings naming every variable that is missing or wrong."""
    values, wrong = {}, []
    for each in fields(Settings):
        name = f"{PREFIX}{each.name.upper()}"
        try:
            if name in os.environ:
                values[each.name] = each.metadata["read"](os.environ[name])
            elif each.default is MISSING:
                wrong.append(f"{name}: is missing")
        except ValueError as error:
            wrong.append(f"{name}: {error}")
    if wrong:
        raise BadSettings("; ".join(wrong))
    return Settings(**values)


def queue_name(contents: str) -> str:
    """The name of the queue of "readings", for example. Chalice needs it at import, so this setting is read at import.

    Without an environment (a type checker, a test that only imports) it is the name of the local queue.
    """
    return os.environ.get(f"{PREFIX}{contents.upper()}_QUEUE", f"takip-local-{contents}")


class SigningKeys:
    """The keys that sign tokens: kid → (secret, the instant from which it signs)."""

    def __init__(self, ring: dict[str, tuple[bytes, datetime]]) -> None:
        self._ring = ring

    def secret(self, kid: str, now: datetime) -> bytes | None:
        """The secret of a key; None if there is no such key, or if all its tokens have expired."""
        if kid not in self._ring:
            return None
        secret, since = self._ring[kid]
        nexts = [begins for _, begins in self._ring.values() if begins > since]
        return secret if not nexts or now < min(nexts) + KEY_BELIEVED_AFTERWARDS else None

    def signing(self, now: datetime) -> tuple[str, bytes]:
        """The key that signs now: the newest that has begun. Raises BadSettings if none has begun."""
        begun = [(since, kid, secret) for kid, (secret, since) in self._ring.items() if since <= now]
        if not begun:
            raise BadSettings("no signing key has begun to sign")
        _, kid, secret = max(begun)
        return kid, secret


class KnownKeys:
    """The signing keys that one process knows: the last answer of SSM, and when it was asked."""

    def __init__(self) -> None:
        self._keys: SigningKeys | None = None
        self._fetched_at = self._asked_at = datetime.min.replace(tzinfo=UTC)

    def find(self, kid: str | None = None) -> SigningKeys:
        """The keys. SSM is asked again if they are 5 minutes old or lack the key `kid`, at most once a minute.

        So invented kids do not cause more requests to SSM. While SSM does not answer, the known keys are used for an
        hour; a kid that is not among them raises SigningKeysUnavailable, because SSM might know it. Also raises
        BadSettings.
        """
        now = clock.now()
        keys, age = self._keys, now - self._fetched_at
        if keys is None or age >= KEYS_LAST:
            return self._fetch(now)
        unknown = kid is not None and keys.secret(kid, now) is None
        is_old = age >= timedelta(seconds=KEYS_CACHED_SECONDS)
        if (unknown or is_old) and now - self._asked_at >= KEYS_ASKED_EVERY:
            try:
                return self._fetch(now)
            except SigningKeysUnavailable:
                self._asked_at = now
        if unknown and self._asked_at > self._fetched_at:
            raise SigningKeysUnavailable(say("Try again in a moment."), retry_after=2)
        return keys

    def _fetch(self, now: datetime) -> SigningKeys:
        self._keys = _ring(current().signing_keys)
        self._fetched_at = self._asked_at = now
        return self._keys


@remembered.cached
def _known_keys() -> KnownKeys:
    return KnownKeys()


def signing_keys(kid: str | None = None) -> SigningKeys:
    """The signing keys, remembered for 5 minutes. If the key `kid` is missing, SSM is asked, at most once a minute.

    Raises SigningKeysUnavailable if SSM does not answer, BadSettings if the parameter is not valid.
    """
    return _known_keys().find(kid)


def _ring(parameter: str) -> SigningKeys:
    try:
        answer = aws.client("ssm").get_parameter(Name=parameter, WithDecryption=True)
    except (BotoCoreError, ClientError) as error:
        raise SigningKeysUnavailable(say("Try again in a moment."), retry_after=2) from error
    try:
        ring = {
            kid: (urlsafe_b64decode(key["secret"] + "=="), instants.parse(key["signs_from"]))
            for kid, key in json.loads(answer["Parameter"]["Value"]).items()
        }
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadSettings(f"the parameter {parameter} holds no ring of signing keys") from error
    if not ring or any(len(secret) < SHORTEST_SECRET_BYTES for secret, _ in ring.values()):
        raise BadSettings(f"the parameter {parameter} must hold keys of at least {SHORTEST_SECRET_BYTES} bytes")
    return SigningKeys(ring)
