"""Two plants side by side: each uses its own settings."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.errors import InvalidFields
from chalicelib.domain.floor import stages as rules
from chalicelib.domain.floor.sessions import OverAllowedQuantity
from chalicelib.domain.floor.stages import Book, Pause, Report, Start
from chalicelib.domain.machines.readings import hour_of
from chalicelib.domain.markers import MachineHour
from chalicelib.domain.orders.commands import Command
from chalicelib.domain.people.users import Actor, Role
from chalicelib.domain.planning.opening import NewOrder, NewStage
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS, IssueCause, TenantSettings
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.remembered import REMEMBERED
from chalicelib.services import commands, tenants
from chalicelib.services.commands import Steps
from chalicelib.services.idempotency import Request
from chalicelib.services.machines import ingest, readings, rollups
from chalicelib.services.numbers import days, metrics
from chalicelib.services.numbers.aggregation import aggregate
from chalicelib.services.planning import opening
from chalicelib.storage import table
from chalicelib.storage.machines import machines
from chalicelib.storage.machines import rollups as stored_rollups
from chalicelib.storage.numbers import daily_sums
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING
from tests.machines import arrived, install, part, sent, standing, watched

pytestmark = pytest.mark.usefixtures("table", "set_clock")

ANKARA, NEW_YORK = "ankara", "new-york"
PERMISSIVE = TenantSettings(
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


@pytest.fixture
def two_plants(table: None, set_clock: SetClock) -> None:
    """A plant that has decided nothing, and one that has decided everything."""
    assert clock.now() == MORNING
    tenants.create(ANKARA, DEFAULT_SETTINGS)
    tenants.create(NEW_YORK, PERMISSIVE)


def planner(tenant: str) -> Actor:
    return Actor(tenant, "pelin", Role.PLANNER)


def open_order(tenant: str) -> str:
    """Open an order of ten pieces and two hours from the morning on; the id of its one stage."""
    stage = NewStage("Montaj")
    new = NewOrder("P-1", Decimal(10), MORNING, MORNING + 2 * HOUR, "L-1", id="WO-1", stages=(stage,))
    opening.open_work_order(planner(tenant), new, Request(), lambda order: order.id)
    return "WO-1-01"


def give(tenant: str, name: str, payload: Any) -> Any:
    """Give a command on the stage."""
    command = Command(f"{name}-{clock.now()}", name, "WO-1-01", payload, clock.now())
    steps = Steps(commands.by(getattr(rules, name)), lambda change, _: change.result)
    return commands.run(planner(tenant), command, Request(), steps).data


@pytest.mark.usefixtures("two_plants")
def test_a_change_is_in_force_within_a_minute(set_clock: SetClock) -> None:
    open_order(ANKARA)
    give(ANKARA, "start", Start())
    with pytest.raises(OverAllowedQuantity):
        give(ANKARA, "report", Report(good=Decimal(15)))
    tenants.change(ANKARA, {"tolerance": Decimal("0.5")})
    set_clock.forward(REMEMBERED)
    assert give(ANKARA, "report", Report(good=Decimal(15))).good == 15


@pytest.mark.usefixtures("two_plants")
def test_each_plant_decides_how_much_may_be_made_and_why_work_stops() -> None:
    for tenant in (ANKARA, NEW_YORK):
        open_order(tenant)
        give(tenant, "start", Start())
    assert give(NEW_YORK, "report", Report(good=Decimal(15), scrap=Decimal(1), scrap_reason="burr")).good == 15
    with pytest.raises(OverAllowedQuantity):
        give(ANKARA, "report", Report(good=Decimal(15)))
    with pytest.raises(InvalidFields, match="must be one of dimension, surface, material, setup, other"):
        give(ANKARA, "report", Report(scrap=Decimal(1), scrap_reason="burr"))
    with pytest.raises(InvalidFields, match="must be one of lunch, other"):
        give(NEW_YORK, "pause", Pause(pause_reason="break"))
    assert [give(NEW_YORK, "pause", Pause(pause_reason="lunch")).status, give(ANKARA, "pause", Pause()).status] == [
        "paused",
        "paused",
    ]


@pytest.mark.usefixtures("two_plants")
def test_each_plant_is_measured_by_its_own_clock_and_patience(set_clock: SetClock) -> None:
    night = MORNING + 20 * HOUR  # 4 in the morning of Tuesday in UTC: still Monday in New York
    for tenant in (ANKARA, NEW_YORK):
        set_clock.set(MORNING)
        open_order(tenant)
        set_clock.set(MORNING + 2 * HOUR + 5 * MINUTE)
        late = metrics.of_stage(planner(tenant), "WO-1-01").metrics["is_late"].value
        assert late == (tenant == ANKARA)
        assert metrics.of_order(planner(tenant), "WO-1").metrics["is_late"].value == late
        set_clock.set(night)
        give(tenant, "book", Book(started_at=night - HOUR, ended_at=night, good=Decimal(10)))
        assert days.today(tenant) == date(2026, 1, 6 if tenant == ANKARA else 5)
    assert not aggregate(lambda: timedelta(minutes=5)).failed

    def worked(tenant: str) -> list[tuple[date, int, bool]]:
        found = days.of_plant(planner(tenant), date(2026, 1, 4), date(2026, 1, 7), limit=7, cursor=None).items
        return [(each.day, each.sums.time.run, each.measured.complete) for each in found]

    an_hour = 3_600_000
    set_clock.set(MORNING + 46 * HOUR)  # 6 in the morning of Wednesday: both days are over, one since an hour ago
    assert worked(ANKARA) == [(date(2026, 1, 6), an_hour, False)]
    assert worked(NEW_YORK) == [(date(2026, 1, 5), an_hour, True)]
    assert daily_sums.between(DEFAULT_TENANT, date(2026, 1, 1), date(2026, 1, 31)) == []


def install_in(tenant: str) -> None:
    """Register the machine M1 of the default tenant with another."""
    install("M1")
    found = machines.find(DEFAULT_TENANT, "M1")
    assert found is not None
    for put in machines.creation(tenant, found).puts:
        table.put(put.item)


@pytest.mark.usefixtures("two_plants")
def test_each_plant_keeps_readings_as_long_as_it_decided(set_clock: SetClock) -> None:
    for tenant in (ANKARA, NEW_YORK):
        install_in(tenant)
    old, new = MORNING - 7 * HOUR, MORNING - HOUR
    parts = [part(at=at.isoformat()) for at in (old, new)]
    bodies = [json.dumps(sent(*parts) | {"tenant": tenant}) for tenant in (ANKARA, NEW_YORK)]
    assert ingest.ingest(arrived(*bodies)).readings == 3
    aside = standing("quarantined")
    assert [each.PK for each in aside] == ["T#new-york#QUARANTINE#2026-01-05"]
    taken = [readings.send(each, "M1", {"readings": parts}, dry_run=True) for each in (ANKARA, NEW_YORK)]
    assert [(each.accepted, each.quarantined) for each in taken] == [(2, 0), (1, 1)]

    complete = []
    for tenant in (ANKARA, NEW_YORK):
        rollups.remake(tenant, MachineHour("M1", hour_of(new)), new)
        (made,) = stored_rollups.of_hour(tenant, MachineHour("M1", hour_of(new)))
        complete.append(rollups.is_complete(planner(tenant), made))
    assert complete == [False, True]


def test_what_strangers_send_is_neither_worth_a_read_nor_remembered() -> None:
    with watched() as called:
        ingest.ingest(arrived(json.dumps(sent(part()) | {"tenant": "nobody"})))
    assert "GetItem" not in called
