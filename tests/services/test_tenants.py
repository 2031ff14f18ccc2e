"""Tenants: created once, listed, and changed without losing a concurrent change."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.planning.opening import NewOrder
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, IssueCause, TenantSettings
from chalicelib.domain.tenants import DEFAULT_TENANT, TenantNotFound, TenantTaken, TimezoneFixed
from chalicelib.remembered import REMEMBERED
from chalicelib.services import tenants
from chalicelib.services.idempotency import Request
from chalicelib.services.people import security
from chalicelib.services.planning import opening
from chalicelib.storage.conflicts import Collision
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING
from tests.machines import standing, watched

pytestmark = pytest.mark.usefixtures("table", "set_clock")

ANKARA, NEW_YORK = "ankara", "new-york"
DECIDED = TenantSettings(
    timezone="America/New_York",
    tolerance=Decimal("0.5"),
    grace=10 * MINUTE,
    readings_kept=6 * HOUR,
    late_window=timedelta(0),
    forgotten_after=HOUR,
    self_registration=True,
    pause_reasons=("lunch", "other"),
    scrap_reasons=("burr", "other"),
    issue_causes=(IssueCause("rust", "Pas", "Rust"), IssueCause("other", "Diğer", "Other")),
)


def test_a_tenant_is_kept_as_it_was_made() -> None:
    made = tenants.create(NEW_YORK, DECIDED)
    assert made.created_at == MORNING
    assert tenants.require(NEW_YORK) == made
    assert tenants.settings_of(NEW_YORK) == DECIDED
    assert [each.key for each in standing("tenant")] == [("T#new-york", "TENANT")]


def test_a_tenant_is_made_once() -> None:
    tenants.create(ANKARA, DECIDED)
    for taken in (ANKARA, DEFAULT_TENANT):
        with pytest.raises(TenantTaken, match=f"than {taken}"):
            tenants.create(taken, DEFAULT_SETTINGS)
    assert tenants.require(ANKARA).settings == DECIDED
    assert len(standing("tenant")) == 1


def test_all_that_is_wrong_with_a_tenant_is_told_at_once_and_nothing_is_made() -> None:
    with pytest.raises(InvalidFields) as refused:
        tenants.create("Ankara", TenantSettings(timezone="Ankara", grace=timedelta(-1)))
    assert [error.field for error in refused.value.errors] == ["id", "timezone", "grace"]
    assert standing("tenant") == []


def test_all_tenants_are_listed_by_id_and_the_default_one_always() -> None:
    assert [(each.id, each.created_at) for each in tenants.every()] == [(DEFAULT_TENANT, None)]
    for n in range(101):
        tenants.create(f"t{n:03d}", DEFAULT_SETTINGS)
    tenants.create(ANKARA, DECIDED)
    found = tenants.every()
    assert [each.id for each in found] == [ANKARA, DEFAULT_TENANT, *(f"t{n:03d}" for n in range(101))]
    assert found[0].settings == DECIDED


def test_a_tenant_nobody_made_is_not_there() -> None:
    with pytest.raises(TenantNotFound, match="create it first"):
        tenants.require("nowhere")
    with pytest.raises(TenantNotFound):
        tenants.change("nowhere", {"grace": MINUTE})
    assert standing("tenant") == []


def test_only_what_is_given_changes() -> None:
    made = tenants.create(NEW_YORK, DECIDED)
    changed = tenants.change(NEW_YORK, {"grace": MINUTE, "readings_kept": None})
    assert (changed.settings.grace, changed.settings.readings_kept) == (MINUTE, None)
    assert tenants.require(NEW_YORK) == changed
    tenants.change(NEW_YORK, {"grace": DECIDED.grace, "readings_kept": DECIDED.readings_kept})
    assert tenants.require(NEW_YORK) == made


def test_the_default_tenant_is_changed_like_any_other() -> None:
    assert tenants.require(DEFAULT_TENANT).settings == DEFAULT_SETTINGS
    tenants.change(DEFAULT_TENANT, {"tolerance": Decimal("0.1")})
    assert [(each.id, each.settings.tolerance) for each in tenants.every()] == [(DEFAULT_TENANT, Decimal("0.1"))]


def test_a_wrong_change_changes_nothing() -> None:
    with pytest.raises(InvalidFields) as refused:
        tenants.change(DEFAULT_TENANT, {"tolerance": Decimal(2), "grace": MINUTE})
    assert [error.field for error in refused.value.errors] == ["tolerance"]
    assert tenants.require(DEFAULT_TENANT).settings == DEFAULT_SETTINGS


@pytest.mark.parametrize("tenant", [DEFAULT_TENANT, NEW_YORK])
def test_two_who_change_different_things_at_once_both_get_their_way(tenant: str) -> None:
    if tenant != DEFAULT_TENANT:
        tenants.create(tenant, DEFAULT_SETTINGS)
    got_in_between: list[str] = []

    def other_first(operation: str, _: object) -> None:
        if operation == "TransactWriteItems" and not got_in_between:
            got_in_between.append(operation)
            tenants.change(tenant, {"tolerance": Decimal("0.1")})

    with watched(other_first):
        tenants.change(tenant, {"grace": MINUTE})
    settings = tenants.require(tenant).settings
    assert (settings.tolerance, settings.grace) == (Decimal("0.1"), MINUTE)


def test_a_time_zone_stands_once_there_is_an_order_to_cut_days_for() -> None:
    for tenant in (ANKARA, NEW_YORK):
        tenants.create(tenant, DEFAULT_SETTINGS)
    tenants.change(ANKARA, {"timezone": "Europe/Berlin"})
    new = NewOrder("P-1", Decimal(10), MORNING, MORNING + HOUR, "L-1")
    opening.open_work_order(Actor(ANKARA, "pelin", Role.PLANNER), new, Request(), lambda order: order.id)
    with pytest.raises(TimezoneFixed, match="its days are counted in Europe/Berlin"):
        tenants.change(ANKARA, {"timezone": "Europe/Istanbul"})
    assert tenants.change(ANKARA, {"timezone": "Europe/Berlin", "grace": MINUTE}).settings.grace == MINUTE
    assert tenants.change(NEW_YORK, {"timezone": "Europe/Paris"}).settings.timezone == "Europe/Paris"


def told(tenant: str) -> list[tuple[str, str | None, dict[str, str]]]:
    """What the admins of a tenant read of it: kind, actor and detail, the first first."""
    admin = Actor(tenant, "ada", Role.ADMIN)
    found = security.page(admin, security.EventFilters(), limit=100, cursor=None).items
    return [(each.kind.value, each.actor_id, each.detail) for each in reversed(found)]


def test_who_made_a_tenant_is_told_with_what_was_not_as_usual() -> None:
    tenants.create(ANKARA, replace(DEFAULT_SETTINGS, grace=10 * MINUTE, self_registration=True))

    assert told(ANKARA) == [("tenant_created", "system", {"grace": "0:10:00", "self_registration": "yes"})]
    assert told(DEFAULT_TENANT) == []


def test_every_setting_that_changes_is_told_with_what_it_was_and_is() -> None:
    tenants.change(DEFAULT_TENANT, {"grace": MINUTE, "readings_kept": DECIDED.readings_kept})
    tenants.change(DEFAULT_TENANT, {"grace": MINUTE, "tolerance": Decimal("0.10"), "scrap_reasons": ("burr", "other")})

    changed = [(actor, detail) for kind, actor, detail in told(DEFAULT_TENANT) if kind == "tenant_changed"]
    assert {actor for actor, _ in changed} == {"system"}
    assert sorted((each["setting"], each["from"], each["to"]) for _, each in changed) == [
        ("grace", "0:00:00", "0:01:00"),
        ("readings_kept", "none", "6:00:00"),
        ("scrap_reasons", "dimension, surface, material, setup, other", "burr, other"),
        ("tolerance", "0", "0.10"),
    ]


def test_a_change_that_is_refused_is_not_told() -> None:
    with pytest.raises(InvalidFields):
        tenants.change(DEFAULT_TENANT, {"tolerance": Decimal(2)})
    with pytest.raises(TenantTaken):
        tenants.create(DEFAULT_TENANT, DECIDED)

    assert told(DEFAULT_TENANT) == []


def test_of_two_who_make_a_tenant_at_the_same_moment_one_is_told_that_it_is_taken() -> None:
    def other_first(operation: str, _: object) -> None:
        if operation == "TransactWriteItems":
            raise Collision

    with watched(other_first), pytest.raises(TenantTaken):
        tenants.create(ANKARA, DECIDED)
    assert standing("security_event") == []


def test_names_that_strangers_make_up_are_not_remembered_for_ever(set_clock: SetClock) -> None:
    for n in range(50):
        tenants.settings_of(f"stranger{n}")
        set_clock.forward(REMEMBERED / 2)
    assert len(tenants._known._records) <= 3


@pytest.mark.parametrize("tenant", [DEFAULT_TENANT, ANKARA])
def test_settings_are_read_once_a_minute_also_where_there_is_nothing_to_read(tenant: str, set_clock: SetClock) -> None:
    def asked() -> list[str]:
        with watched() as called:
            assert tenants.settings_of(tenant) == DEFAULT_SETTINGS
        return called

    assert (asked(), asked()) == (["GetItem"], [])
    set_clock.forward(REMEMBERED - timedelta(milliseconds=1))
    assert asked() == []
    set_clock.forward(timedelta(milliseconds=1))
    assert asked() == ["GetItem"]
