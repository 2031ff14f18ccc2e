"""Security events: each is written in one transaction with the change it is about, then logged."""

from collections.abc import Sequence

from chalicelib import clock, ids
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.observability import logger
from chalicelib.storage import writes
from chalicelib.storage.people import security_events
from chalicelib.storage.writes import Write

NOTHING = Write()


def event(
    kind: EventKind,
    *,
    user_id: str | None = None,
    actor_id: str | None = None,
    source: Source | None = None,
    device_id: str | None = None,
    detail: dict[str, str] | None = None,
) -> SecurityEvent:
    """A new security event, at the present time."""
    address = source.address if source else None
    return SecurityEvent(ids.new(), kind, clock.now(), user_id, actor_id, address, device_id, detail or {})


def record(tenant: str, happened: SecurityEvent, write: Write = NOTHING) -> None:
    """Write an event and its change in one transaction, and log the event. Raises ConditionFailed, Collision."""
    record_all(tenant, [happened], write)


def record_all(tenant: str, happened: Sequence[SecurityEvent], write: Write) -> None:
    """Write events and their change in one transaction, and log the events. Raises ConditionFailed, Collision."""
    writes.commit(sum((security_events.put(tenant, security_event) for security_event in happened), write))
    for security_event in happened:
        tell(tenant, security_event)


def tell(tenant: str, happened: SecurityEvent) -> None:
    """Log an event without its address.

    The address is personal data: it is kept in the table, where only admins read it.
    """
    told = {
        "event": happened.kind.value,
        "event_id": happened.id,
        "tenant": tenant,
        "user": happened.user_id,
        "actor": happened.actor_id,
        "device": happened.device_id,
        "detail": happened.detail,
    }
    logger().info("security", extra=told)
