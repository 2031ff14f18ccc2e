"""Security events: written with their change, logged without the address, kept for a year."""

from datetime import timedelta

import pytest

from chalicelib.domain.people.credentials import Login
from chalicelib.domain.people.devices import Source
from chalicelib.domain.people.security_events import EventKind, SecurityEvent
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import events, tenants
from chalicelib.services.people import security
from chalicelib.services.people.security import EventFilters
from chalicelib.storage.conflicts import ConditionFailed
from chalicelib.storage.people import users
from tests.conftest import SetClock, Told
from tests.floor import MORNING, Plant
from tests.machines import standing

HERE = Source("10.0.0.1", "phone")
TENANT = "default"
YEAR = timedelta(days=365)


def recorded(kind: EventKind = EventKind.SIGNED_IN, user_id: str = "u1") -> SecurityEvent:
    event = events.event(kind, user_id=user_id, source=HERE, device_id="d1", detail={"code": "why"})
    events.record(TENANT, event)
    return event


def found(plant: Plant, filters: EventFilters | None = None) -> list[SecurityEvent]:
    return list(security.page(plant.admin.actor, filters or EventFilters(), limit=100, cursor=None).items)


def test_an_event_says_what_when_who_and_from_where(plant: Plant, set_clock: SetClock) -> None:
    event = recorded()

    assert event == SecurityEvent(event.id, EventKind.SIGNED_IN, MORNING, "u1", None, "10.0.0.1", "d1", {"code": "why"})
    assert found(plant) == [event]


def test_an_event_is_told_without_the_address(plant: Plant, told: Told) -> None:
    event = recorded()

    (line,) = told()
    assert {name: line[name] for name in ("message", "event", "event_id", "tenant", "user", "device", "detail")} == {
        "message": "security",
        "event": "signed_in",
        "event_id": event.id,
        "tenant": TENANT,
        "user": "u1",
        "device": "d1",
        "detail": {"code": "why"},
    }
    assert "10.0.0.1" not in str(line)


def test_what_was_not_written_is_not_told(plant: Plant, told: Told) -> None:
    assert plant.worker.user is not None
    somebody = users.change(TENANT, Login(plant.worker.user, ""))  # as if at a version that they have already

    with pytest.raises(ConditionFailed):
        events.record(TENANT, events.event(EventKind.SIGNED_IN), somebody)

    assert told() == []
    assert standing("security_event") == []


def test_events_are_kept_for_a_year_and_the_table_may_be_late(plant: Plant, set_clock: SetClock) -> None:
    old = recorded()
    assert standing("security_event")[0].expires_at == int((MORNING + YEAR).timestamp())

    set_clock.set(MORNING + YEAR - timedelta(milliseconds=1))
    new = recorded()
    assert found(plant) == [new, old]
    set_clock.set(MORNING + YEAR)

    assert found(plant) == [new]


def test_a_new_key_is_an_event_of_every_plant(plant: Plant) -> None:
    for tenant in ("a", "b"):
        tenants.create(tenant, DEFAULT_SETTINGS)

    security.key_rotated("k2", replaces_all=False)

    by_tenant = {each.PK.split("#")[1]: each.data for each in standing("security_event")}
    assert set(by_tenant) == {"a", "b", TENANT}
    assert {(each["kind"], str(each["detail"])) for each in by_tenant.values()} == {("key_rotated", "{'kid': 'k2'}")}


def test_an_event_says_that_a_key_replaced_all_others(plant: Plant) -> None:
    security.key_rotated("k2", replaces_all=True)

    (event,) = found(plant)
    assert event.detail == {"kid": "k2", "replaced": "all"}


@pytest.mark.parametrize(("dry", "lines"), [("?dry_run=1", 0), ("", 1)])
def test_a_dry_run_tells_nothing_and_a_replay_nothing_more(plant: Plant, told: Told, dry: str, lines: int) -> None:
    for _ in range(2):
        reply = plant.admin.post(f"/auth/users/{plant.worker.id}/password{dry}", key="k")
        assert reply.status == 200

    assert [line["event"] for line in told() if line["message"] == "security"] == ["password_reset"] * lines
