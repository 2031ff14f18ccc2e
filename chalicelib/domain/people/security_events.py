"""Security events: sign-ins, failed ones, changes of users, webhooks, keys and quarantine, for admins."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

EVENTS_LAST = timedelta(days=365)
SYSTEM = "system"  # the actor of what is done at the command line


class EventKind(StrEnum):
    """What happened."""

    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    REFRESH_REUSED = "refresh_reused"
    DEVICE_REVOKED = "device_revoked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105  the name of an event
    PASSWORD_RESET = "password_reset"  # noqa: S105  the name of an event
    USER_REGISTERED = "user_registered"
    USER_ACTIVATED = "user_activated"
    USER_DEACTIVATED = "user_deactivated"
    USER_ERASED = "user_erased"
    ROLE_CHANGED = "role_changed"
    KEY_ROTATED = "key_rotated"
    MACHINE_KEY_CREATED = "machine_key_created"
    MACHINE_KEY_REVOKED = "machine_key_revoked"
    MACHINE_KEY_REFUSED = "machine_key_refused"
    SCREEN_CREATED = "screen_created"
    SCREEN_REVOKED = "screen_revoked"
    SCREEN_REFUSED = "screen_refused"
    TERMINAL_CREATED = "terminal_created"
    TERMINAL_REVOKED = "terminal_revoked"
    TERMINAL_KEY_REFUSED = "terminal_key_refused"
    TERMINAL_ACCESS_CHANGED = "terminal_access_changed"
    QUARANTINE_DELETED = "quarantine_deleted"
    TENANT_CREATED = "tenant_created"
    TENANT_CHANGED = "tenant_changed"
    TENANT_CLOSED = "tenant_closed"
    TENANT_REOPENED = "tenant_reopened"
    WEBHOOK_CREATED = "webhook_created"
    WEBHOOK_CHANGED = "webhook_changed"
    WEBHOOK_DELETED = "webhook_deleted"
    WEBHOOK_SECRET_ROTATED = "webhook_secret_rotated"  # noqa: S105  the name of an event


@dataclass(frozen=True)
class SecurityEvent:
    """An event: what happened, when, to whom (`user_id`), by whom (`actor_id`) and from which address.

    `detail` holds codes and ids, never typed text: people sometimes type a password into the wrong field.
    """

    id: str
    kind: EventKind
    at: datetime
    user_id: str | None = None
    actor_id: str | None = None
    address: str | None = None
    device_id: str | None = None
    detail: dict[str, str] = field(default_factory=dict)
