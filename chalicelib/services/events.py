"""Security events: made, written together with what they tell of, and told in the log."""

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
    """Say what is happening now."""
    address = source.address if source else None
    return SecurityEvent(ids.new(), kind, clock.now(), user_id, actor_id, address, device_id, detail or {})


def record(tenant: str, happened: SecurityEvent, write: Write = NOTHING) -> None:
    """Write an event with what it tells of, in one transaction, and tell it. Raises ConditionFailed, Collision."""
    record_all(tenant, [happened], write)


def record_all(tenant: str, happened: Sequence[SecurityEvent], write: Write) -> None:
    """Write events with what they tell of, in one transaction, and tell them. Raises ConditionFailed, Collision."""
    writes.commit(sum((security_events.put(tenant, each) for each in happened), write))
    for each in happened:
        tell(tenant, each)


def tell(tenant: str, happened: SecurityEvent) -> None:
    """Log an event without the address: that is a person's data, and stands in the table for admins only."""
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
