"""Signatures, checked by the library of Standard Webhooks."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from chalicelib.domain.telling import signing

NEW, FORMER = bytes(range(32)), bytes(range(32, 64))
BODY = json.dumps({"name": "Şükrü"}, ensure_ascii=False).encode()


def headers(*secrets: bytes, at: datetime | None = None) -> dict[str, str]:
    return dict(signing.headers("01KE6P3S00AYQ1D2GEX6ZTN0JW-1", at or datetime.now(UTC), BODY, secrets))


@pytest.mark.parametrize("secret", [NEW, FORMER])
def test_a_receiver_with_any_of_the_secrets_knows_the_message(secret: bytes) -> None:
    assert Webhook(signing.shown(secret)).verify(BODY, headers(NEW, FORMER)) == {"name": "Şükrü"}


def test_a_receiver_does_not_take_what_was_changed_or_is_old_or_signed_by_others() -> None:
    receiver = Webhook(signing.shown(NEW))
    for body, sent in (
        (BODY + b" ", headers(NEW)),
        (BODY, headers(NEW) | {"webhook-id": "other"}),
        (BODY, headers(NEW, at=datetime.now(UTC) - timedelta(minutes=10))),
        (BODY, headers(FORMER)),
    ):
        with pytest.raises(WebhookVerificationError):
            receiver.verify(body, sent)


def test_a_secret_has_the_form_of_the_standard() -> None:
    assert signing.shown(bytes(32)) == "whsec_" + "A" * 43 + "="
    assert 24 <= signing.SECRET_BYTES <= 64
