"""Webhooks: what they are sent, their secrets, and when they are off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.telling.events import EventType
from chalicelib.domain.telling.webhooks import (
    MOST_SECRETS,
    MOST_WEBHOOKS,
    ChangeWebhook,
    NewWebhook,
    OffReason,
    TooManySecrets,
    TooManyWebhooks,
    WebhookIds,
    WebhookOff,
    WebhookStatus,
    changed,
    refuse_off,
    registered,
    rotated,
    switched_off,
)

MORNING = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEW = NewWebhook("https://hooks.example.com/", (EventType.ORDER_DONE,), "ERP")
WEBHOOK = registered(NEW, "w1", b"first", "ada", MORNING)


def signing(webhook: object, at: datetime) -> list[bytes]:
    return [secret.value for secret in webhook.signing(at)]  # type: ignore[attr-defined]


def test_a_webhook_is_sent_what_it_chose_or_everything() -> None:
    assert WEBHOOK.wants(EventType.ORDER_DONE)
    assert not WEBHOOK.wants(EventType.ORDER_HELD)
    assert all(replace(WEBHOOK, events=None).wants(kind) for kind in EventType)


def test_a_webhook_that_is_off_is_sent_nothing() -> None:
    off = switched_off(WEBHOOK, OffReason.FAILING, MORNING)
    assert (off.status, off.off_since, off.version, off.wants(EventType.ORDER_DONE)) == ("off", MORNING, 2, False)
    with pytest.raises(WebhookOff):
        refuse_off(off)
    refuse_off(WEBHOOK)


def test_an_admin_switches_it_off_and_on() -> None:
    off = changed(WEBHOOK, ChangeWebhook(status=WebhookStatus.OFF), MORNING)
    assert (off.off_reason, off.off_since, off.version) == (OffReason.BY_ADMIN, MORNING, 2)
    assert changed(off, ChangeWebhook(status=WebhookStatus.OFF), MORNING + HOUR) == off
    on = changed(off, ChangeWebhook(status=WebhookStatus.ON, events=None), MORNING)
    assert (on.off_reason, on.off_since, on.events, on.version) == (None, None, None, 3)
    assert changed(on, ChangeWebhook(status=WebhookStatus.ON, description="ERP"), MORNING) == on


def test_a_former_secret_signs_for_a_day_beside_the_new_one() -> None:
    after = rotated(WEBHOOK, b"second", MORNING)
    assert signing(after, MORNING + 23 * HOUR) == [b"second", b"first"]
    assert signing(after, MORNING + 24 * HOUR) == [b"second"]
    assert after.former_secret_until == MORNING + 24 * HOUR
    assert WEBHOOK.former_secret_until is None


def test_a_secret_that_is_changed_twice_keeps_all_that_still_sign() -> None:
    after = rotated(rotated(WEBHOOK, b"second", MORNING), b"third", MORNING + HOUR)
    assert signing(after, MORNING + 2 * HOUR) == [b"third", b"second", b"first"]
    assert signing(after, MORNING + 24 * HOUR) == [b"third", b"second"]
    later = rotated(after, b"fourth", MORNING + 48 * HOUR)
    assert [secret.value for secret in later.secrets] == [b"fourth", b"third"]


def test_a_secret_is_not_changed_without_limit() -> None:
    webhook = WEBHOOK
    for n in range(1, MOST_SECRETS):
        webhook = rotated(webhook, b"%d" % n, MORNING + n * HOUR)
    with pytest.raises(TooManySecrets) as refused:
        rotated(webhook, b"more", MORNING + 5 * HOUR)
    assert "2026-01-06T09:00:00.000Z" in refused.value.detail
    assert len(rotated(webhook, b"more", MORNING + 25 * HOUR).secrets) == MOST_SECRETS


def test_a_tenant_has_a_number_of_webhooks_at_most() -> None:
    ids = WebhookIds()
    for n in range(MOST_WEBHOOKS):
        ids = ids.with_one_more(f"w{n}")
    with pytest.raises(TooManyWebhooks):
        ids.with_one_more("one more")
    assert ids.without("w0").with_one_more("other").version == MOST_WEBHOOKS + 2


def test_a_secret_is_not_in_what_is_printed() -> None:
    assert "first" not in repr(WEBHOOK)
