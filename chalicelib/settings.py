"""Settings: the environment variables, validated at first use. No other module reads the environment."""

import json
import os
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from typing import Literal

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from chalicelib import clock, remembered
from chalicelib.domain import instants
from chalicelib.domain.errors import Unavailable

PREFIX = "TAKIP_"
KEYS_CACHED_SECONDS = 300
LONGEST_TOKEN_MINUTES = 1440
KEYS_ASKED_EVERY = timedelta(minutes=1)
KEYS_LAST = timedelta(hours=1)  # without an answer from SSM
# Without an answer from SSM a function still signs with the old key for a while; its last token expires later still.
KEY_BELIEVED_AFTERWARDS = KEYS_LAST + timedelta(minutes=LONGEST_TOKEN_MINUTES)
SHORTEST_SECRET_BYTES = 32
# The gateway gives up after 29 s: every call to AWS must have succeeded or failed well before that.
AWS_CLIENT = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 3, "mode": "standard"})


class BadSettings(Exception):
    """The environment lacks a variable, or holds one that cannot be."""


class SigningKeysUnavailable(Unavailable):
    """The keys that sign access tokens cannot be read right now."""

    code = "ERR_AUTH_KEYS_UNAVAILABLE"
    title = "Access tokens cannot be checked right now"


class Settings(BaseSettings):
    """All variables that Takip reads, without the prefix `TAKIP_`. `.env.example` documents them."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True)

    environment: Literal["local", "dev", "prod"]
    table: str = Field(min_length=3)
    readings_queue: str = Field(min_length=1)
    signing_keys: str = Field(min_length=1)
    token_minutes: int = Field(default=30, ge=1, le=LONGEST_TOKEN_MINUTES)
    refresh_days: int = Field(default=7, ge=1, le=90)
    password_characters: int = Field(default=8, ge=8, le=64)
    refuse_common_passwords: bool = False
    bcrypt_cost: int = Field(default=12, ge=4, le=16)
    cors_origins: str = ""

    @property
    def allowed_origins(self) -> frozenset[str]:
        """The web origins from which browsers may call."""
        return frozenset(filter(None, (origin.strip() for origin in self.cors_origins.split(","))))


@remembered.cached
def current() -> Settings:
    """Read the environment once. Raises BadSettings naming every variable that is missing or wrong."""
    try:
        return Settings.model_validate({})
    except ValidationError as error:
        wrong = (f"{PREFIX}{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise BadSettings("; ".join(wrong)) from None


def readings_queue_name() -> str:
    """The name of the readings queue. Chalice needs it at import, so this setting is read at import.

    Without an environment (a type checker, a test that only imports) it is the name of the local queue.
    """
    return os.environ.get(f"{PREFIX}READINGS_QUEUE", "takip-local-readings")


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
            raise SigningKeysUnavailable("Try again in a moment.", retry_after=2)
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
        answer = boto3.client("ssm", config=AWS_CLIENT).get_parameter(Name=parameter, WithDecryption=True)
    except (BotoCoreError, ClientError) as error:
        raise SigningKeysUnavailable("Try again in a moment.", retry_after=2) from error
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
