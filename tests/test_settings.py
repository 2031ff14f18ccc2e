"""Settings: what is missing or wrong is named; signing keys are fetched every five minutes."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import settings
from chalicelib.settings import BadSettings
from tests.conftest import ENVIRONMENT, Clients, SetClock
from tests.floor import MINUTE, MORNING
from tests.machines import watched

LONG = base64.urlsafe_b64encode(bytes(32)).decode()


def ring(**keys: Any) -> str:
    """A ring of signing keys as SSM holds it: the secret and when it begins to sign."""
    return json.dumps({kid: {"secret": secret, "signs_from": since} for kid, (secret, since) in keys.items()})


def keep(aws: Clients, value: str) -> None:
    """Put a ring in place of the one before."""
    aws.ssm.put_parameter(Name=ENVIRONMENT["TAKIP_SIGNING_KEYS"], Value=value, Type="SecureString", Overwrite=True)


@pytest.mark.usefixtures("environment")
def test_every_variable_that_is_missing_or_wrong_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAKIP_TABLE")
    monkeypatch.setenv("TAKIP_ENVIRONMENT", "staging")
    monkeypatch.setenv("TAKIP_TOKEN_MINUTES", "0")

    with pytest.raises(BadSettings, match=r"TAKIP_ENVIRONMENT: .*; TAKIP_TABLE: .*; TAKIP_TOKEN_MINUTES: "):
        settings.current()


@pytest.mark.usefixtures("environment")
def test_origins_are_a_list_without_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings.current().allowed_origins == frozenset()
    settings.current.cache_clear()
    monkeypatch.setenv("TAKIP_CORS_ORIGINS", " https://a.example,, https://b.example ,")

    assert settings.current().allowed_origins == {"https://a.example", "https://b.example"}


def test_the_queue_has_a_name_also_where_nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAKIP_READINGS_QUEUE", raising=False)
    assert settings.readings_queue_name() == "takip-local-readings"
    monkeypatch.setenv("TAKIP_READINGS_QUEUE", "other")
    assert settings.readings_queue_name() == "other"


@pytest.mark.usefixtures("table")
def test_signing_keys_are_fetched_again_after_five_minutes(aws: Clients, set_clock: SetClock) -> None:
    assert settings.signing_keys().signing(MORNING)[0] == "k1"
    keep(aws, ring(k2=(LONG, "2026-01-01T00:00:00Z")))

    with watched() as called:
        set_clock.forward(timedelta(minutes=4))
        assert settings.signing_keys().signing(MORNING)[0] == "k1"
        set_clock.forward(MINUTE)
        assert settings.signing_keys().signing(MORNING)[0] == "k2"

    assert called == ["GetParameter"]
    assert settings.signing_keys().secret("k1") is None


@pytest.mark.usefixtures("table")
@pytest.mark.parametrize(
    "value",
    [
        "{}",
        "nothing",
        "[]",
        '{"k": "secret"}',
        '{"k": {"secret": "AAAA"}}',
        ring(k=("AAAA", "2026-01-01T00:00:00Z")),
        ring(k=(LONG, "yesterday")),
        ring(k=(LONG, "2026-01-01T00:00:00")),
        ring(k=(5, "2026-01-01T00:00:00Z")),
    ],
)
def test_a_ring_that_makes_no_sense_is_named_without_its_secrets(aws: Clients, value: str) -> None:
    keep(aws, value)

    with pytest.raises(BadSettings, match="/takip/test/signing-keys") as bad:
        settings.signing_keys()

    assert LONG not in str(bad.value)


@pytest.mark.usefixtures("table")
def test_keys_that_have_not_begun_sign_nothing(aws: Clients) -> None:
    keep(aws, ring(k=(LONG, "2027-01-01T00:00:00Z")))

    with pytest.raises(BadSettings, match="begun"):
        settings.signing_keys().signing(MORNING)
