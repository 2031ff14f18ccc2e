"""Webhooks: URLs to which events are sent, signed with a secret that the receiver knows."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.domain.errors import Conflict, FieldError, NotFound, refuse
from chalicelib.domain.instants import wire
from chalicelib.domain.kept import KEPT, Kept, given
from chalicelib.domain.sentences import said, say
from chalicelib.domain.telling.addresses import target
from chalicelib.domain.telling.events import Event, EventType

MOST_WEBHOOKS = 10
"""How many webhooks a tenant may have. Each event is sent to each of them."""

OVERLAP = timedelta(hours=24)
"""How long a former secret signs beside the new one."""

MOST_SECRETS = 4
"""How many secrets of a webhook may sign at the same time."""


class WebhookStatus(StrEnum):
    """Whether events are sent to a webhook."""

    ON = "on"
    OFF = "off"


class OffReason(StrEnum):
    """Why a webhook is off: an admin did it, it took nothing for a day, or it answered 410 Gone."""

    BY_ADMIN = "by_admin"
    FAILING = "failing"
    GONE = "gone"


@dataclass(frozen=True)
class Secret:
    """A secret that signs, until an instant or, without one, for ever."""

    value: bytes = field(repr=False)
    until: datetime | None = None


@dataclass(frozen=True)
class Webhook:
    """A webhook of a tenant. `secrets` are all that sign, the newest first. `events` are the types that it is sent.

    Without `events` it is sent all types, also those of later releases. It is on as long as it has no `off_reason`.
    Each change raises its `version`.
    """

    id: str
    url: str
    secrets: tuple[Secret, ...]
    created_at: datetime
    created_by: str
    events: tuple[EventType, ...] | None = None
    description: str | None = None
    off_reason: OffReason | None = None
    off_since: datetime | None = None
    version: int = 1

    @property
    def status(self) -> WebhookStatus:
        """Whether events are sent to it."""
        return WebhookStatus.OFF if self.off_reason else WebhookStatus.ON

    @property
    def former_secret_until(self) -> datetime | None:
        """The end of the last former secret; None if there was none."""
        return max((secret.until for secret in self.secrets if secret.until), default=None)

    def wants(self, kind: EventType) -> bool:
        """Whether an event of this type is sent to it."""
        return self.off_reason is None and (self.events is None or kind in self.events)

    def signing(self, now: datetime) -> tuple[Secret, ...]:
        """The secrets that sign now, the newest first."""
        return tuple(secret for secret in self.secrets if secret.until is None or now < secret.until)


@dataclass(frozen=True)
class WebhookIds:
    """The ids of all webhooks of a tenant. Its version lets two requests at once not exceed the limit."""

    ids: frozenset[str] = frozenset()
    version: int = 0

    def with_one_more(self, webhook_id: str) -> "WebhookIds":
        """The ids after a webhook was created. Raises TooManyWebhooks."""
        if len(self.ids) >= MOST_WEBHOOKS:
            raise TooManyWebhooks(say("A tenant has at most {most}; delete one that is not used.", most=MOST_WEBHOOKS))
        return WebhookIds(self.ids | {webhook_id}, self.version + 1)

    def without(self, webhook_id: str) -> "WebhookIds":
        """The ids after a webhook was deleted."""
        return WebhookIds(self.ids - {webhook_id}, self.version + 1)


@dataclass(frozen=True)
class NewWebhook:
    """The fields of a webhook to create."""

    url: str
    events: tuple[EventType, ...] | None = None
    description: str | None = None


@dataclass(frozen=True)
class ChangeWebhook:
    """The fields of a webhook to change. A field that is KEPT stays. `events` of None are all types."""

    url: str | Kept = KEPT
    events: tuple[EventType, ...] | Kept | None = KEPT
    description: str | Kept | None = KEPT
    status: WebhookStatus | Kept = KEPT


class WebhookNotFound(NotFound):
    """There is no such webhook."""

    code = "ERR_WEBHOOK_NOT_FOUND"
    title = "No such webhook"


class TooManyWebhooks(Conflict):
    """The tenant has as many webhooks as it may have."""

    code = "ERR_WEBHOOK_TOO_MANY"
    title = "There are too many webhooks"


class TooManySecrets(Conflict):
    """The secret was changed so often that too many former ones still sign."""

    code = "ERR_WEBHOOK_TOO_MANY_SECRETS"
    title = "The secret was changed too often today"


class WebhookOff(Conflict):
    """The webhook is off, so nothing is sent to it."""

    code = "ERR_WEBHOOK_OFF"
    title = "This webhook is off"


def registered(new: NewWebhook, identity: str, secret: bytes, by: str, at: datetime) -> Webhook:
    """A new webhook, created by a person at an instant. Its URL must have been checked with `refuse_url`."""
    return Webhook(
        id=identity,
        url=new.url,
        secrets=(Secret(secret),),
        created_at=at,
        created_by=by,
        events=new.events,
        description=new.description,
    )


def refuse_url(url: str | Kept, *, local: bool) -> None:
    """Refuse a URL to which nothing may be sent. Raises InvalidFields."""
    if isinstance(url, Kept):
        return
    try:
        target(url, local=local)
    except ValueError as wrong:
        refuse([FieldError("url", said(wrong), "not_allowed")])


def changed(webhook: Webhook, wanted: ChangeWebhook, at: datetime) -> Webhook:
    """The webhook after a change, with the next version. The same webhook if no field gets another value."""
    after = replace(webhook, **given(wanted, "url", "events", "description"))
    if wanted.status is WebhookStatus.ON:
        after = replace(after, off_reason=None, off_since=None)
    elif wanted.status is WebhookStatus.OFF and not webhook.off_reason:
        after = replace(after, off_reason=OffReason.BY_ADMIN, off_since=at)
    return webhook if after == webhook else replace(after, version=webhook.version + 1)


def switched_off(webhook: Webhook, reason: OffReason, at: datetime) -> Webhook:
    """The webhook after Takip switched it off."""
    return replace(webhook, off_reason=reason, off_since=at, version=webhook.version + 1)


def rotated(webhook: Webhook, secret: bytes, at: datetime) -> Webhook:
    """The webhook with a new secret. The one before it signs for a day more. Raises TooManySecrets."""
    still = webhook.signing(at)
    if len(still) >= MOST_SECRETS:
        free = min(former.until for former in still if former.until)
        raise TooManySecrets(
            say("{number} secrets sign now; change it again from {since}.", number=MOST_SECRETS, since=wire(free))
        )
    former = tuple(replace(each, until=each.until or at + OVERLAP) for each in still)
    return replace(webhook, secrets=(Secret(secret), *former), version=webhook.version + 1)


def refuse_off(webhook: Webhook) -> None:
    """Refuse to send to a webhook that is off. Raises WebhookOff."""
    if webhook.off_reason:
        raise WebhookOff(say("Switch it on first: PATCH it with status on."), since=webhook.off_since)


def about(webhook: Webhook, kind: EventType, identity: str, tenant: str, at: datetime, by: str | None) -> Event:
    """An event of a webhook itself, caused by a person or, with None, by Takip. Its id is made of `identity`."""
    data = {
        "webhook_id": webhook.id,
        "description": webhook.description,
        "status": webhook.status.value,
        "off_reason": webhook.off_reason and webhook.off_reason.value,
        "by": by,
        "reason": None,
    }
    return Event(f"{identity}-1", kind, tenant, at, webhook.id, data)
