"""Signing keys: read every five minutes, searched at most once a minute, and used for an hour without SSM."""

import base64
import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import clock, settings
from chalicelib.settings import KEY_BELIEVED_AFTERWARDS, BadSettings, SigningKeys, SigningKeysUnavailable
from tests.aws_in_memory import Clients
from tests.conftest import ENVIRONMENT, SetClock
from tests.floor import HOUR, MINUTE, MORNING
from tests.machines import refusal, watched

LONG = base64.urlsafe_b64encode(bytes(32)).decode()


def ring(**keys: Any) -> str:
    """A ring of signing keys as SSM holds it: the secret and when it begins to sign."""
    return json.dumps({kid: {"secret": secret, "signs_from": since} for kid, (secret, since) in keys.items()})


def keep(aws: Clients, value: str) -> None:
    """Put a ring in place of the one before."""
    aws.ssm.put_parameter(Name=ENVIRONMENT["TAKIP_SIGNING_KEYS"], Value=value, Type="SecureString", Overwrite=True)


class Ssm:
    """SSM, which can be told to be away; `asked` counts how often it was."""

    def __init__(self) -> None:
        self.is_away = False
        self.asked = 0

    def __call__(self, operation: str, _parameters: dict[str, Any]) -> None:
        self.asked += operation == "GetParameter"
        if self.is_away:
            raise refusal("InternalServerError", operation)


@pytest.fixture
def ssm(table: None) -> Iterator[Ssm]:
    watcher = Ssm()
    with watched(watcher):
        yield watcher


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
    assert settings.signing_keys().secret("k1", clock.now()) is None


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


@pytest.mark.usefixtures("table")
def test_a_key_that_is_not_known_is_looked_for_and_found(aws: Clients, set_clock: SetClock) -> None:
    assert settings.signing_keys("k1").secret("k2", clock.now()) is None
    keep(aws, ring(k1=(LONG, "2020-01-01T00:00:00Z"), k2=(LONG, "2026-01-01T00:00:00Z")))
    set_clock.forward(MINUTE)

    assert settings.signing_keys("k1").secret("k2", clock.now()) is None
    assert settings.signing_keys("k2").secret("k2", clock.now()) is not None


def test_made_up_kids_make_nobody_ask_more_than_once_a_minute(ssm: Ssm, set_clock: SetClock) -> None:
    for second in range(5 * 60):
        assert settings.signing_keys(f"made up {second}").secret("k1", clock.now())
        set_clock.forward(timedelta(seconds=1))

    assert ssm.asked == 5


def test_without_an_answer_the_known_keys_go_on_for_an_hour(ssm: Ssm, set_clock: SetClock) -> None:
    settings.signing_keys()
    ssm.is_away = True

    for _ in range(59):
        set_clock.forward(MINUTE)
        assert settings.signing_keys("k1").signing(set_clock())[0] == "k1"
    set_clock.forward(MINUTE)
    with pytest.raises(SigningKeysUnavailable):
        settings.signing_keys("k1")

    ssm.is_away = False
    assert settings.signing_keys("k1").secret("k1", clock.now())


def test_without_an_answer_it_is_asked_for_once_a_minute(ssm: Ssm, set_clock: SetClock) -> None:
    settings.signing_keys()
    ssm.is_away = True
    set_clock.forward(5 * MINUTE)
    ssm.asked = 0

    for _ in range(120):
        settings.signing_keys()
        set_clock.forward(timedelta(seconds=1))

    assert ssm.asked == 2


def test_an_unknown_key_is_not_refused_while_nobody_can_tell(ssm: Ssm, set_clock: SetClock) -> None:
    settings.signing_keys()
    ssm.is_away = True
    set_clock.forward(MINUTE)

    for _ in range(3):
        with pytest.raises(SigningKeysUnavailable):
            settings.signing_keys("k9")
    assert settings.signing_keys("k1").secret("k1", clock.now())

    ssm.is_away = False
    set_clock.forward(MINUTE)
    assert settings.signing_keys("k9").secret("k9", clock.now()) is None


def test_without_any_answer_there_are_no_keys(ssm: Ssm, set_clock: SetClock) -> None:
    ssm.is_away = True
    for _ in range(2):
        with pytest.raises(SigningKeysUnavailable) as unavailable:
            settings.signing_keys()
        assert unavailable.value.retry_after

    ssm.is_away = False
    assert settings.signing_keys().secret("k1", clock.now())


def test_a_superseded_key_is_believed_no_longer_than_its_tokens_live() -> None:
    first, second, third = (bytes([number]) * 32 for number in range(3))
    keys = SigningKeys({"k1": (first, MORNING), "k2": (second, MORNING + HOUR), "k3": (third, MORNING + 2 * HOUR)})

    for kid, secret, superseded in (("k1", first, MORNING + HOUR), ("k2", second, MORNING + 2 * HOUR)):
        over = superseded + KEY_BELIEVED_AFTERWARDS
        assert keys.secret(kid, over - timedelta(milliseconds=1)) == secret
        assert keys.secret(kid, over) is None
    assert keys.secret("k3", MORNING + 1000 * KEY_BELIEVED_AFTERWARDS) == third
