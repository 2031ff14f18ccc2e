"""Security events of sign-ins and refused sign-ins."""

from dataclasses import FrozenInstanceError

import pytest

from chalicelib.domain.people.security_events import EVENTS_LAST, EventKind, SecurityEvent
from tests.domain.builders import DAY, MORNING


def test_events_are_kept_for_a_year() -> None:
    assert EVENTS_LAST == 365 * DAY


def test_what_happened_cannot_be_changed_afterwards() -> None:
    event = SecurityEvent("e1", EventKind.SIGNED_IN, MORNING)

    with pytest.raises(FrozenInstanceError):
        event.kind = EventKind.SIGN_IN_FAILED  # type: ignore[misc]


def test_kinds_are_words_that_clients_may_rely_on() -> None:
    assert {kind.value for kind in EventKind} == {
        "signed_in",
        "sign_in_failed",
        "refresh_reused",
        "device_revoked",
        "password_changed",
        "password_reset",
        "user_registered",
        "user_activated",
        "user_deactivated",
        "user_erased",
        "role_changed",
        "key_rotated",
        "tenant_created",
        "tenant_changed",
        "tenant_closed",
        "tenant_reopened",
        "machine_key_created",
        "machine_key_revoked",
        "machine_key_refused",
        "screen_created",
        "screen_revoked",
        "screen_refused",
        "terminal_created",
        "terminal_revoked",
        "terminal_key_refused",
        "terminal_access_changed",
        "quarantine_deleted",
        "webhook_created",
        "webhook_changed",
        "webhook_deleted",
        "webhook_secret_rotated",
    }
