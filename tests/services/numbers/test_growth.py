"""Growth: one more costs the same, in bytes as DynamoDB counts them, with ten before and with thousands."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest

from chalicelib.domain.instants import wire
from chalicelib.domain.numbers.day_facts import Fact, FactKey, SessionFact, StageFact
from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group
from chalicelib.domain.numbers.running_sums import of_facts
from chalicelib.domain.orders.session_records import Session, SessionKind
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.machines.groups import Arrived
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers import days as local_days
from chalicelib.services.numbers import summary
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.keys import numbers as keys
from chalicelib.storage.keys.shape import Key
from chalicelib.storage.numbers import aggregates, daily_sums
from chalicelib.storage.numbers.daily_sums import Daily
from chalicelib.storage.orders import order_items, work_orders
from infra.bench.metering import Meter
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import install, message, part
from tests.sampling import IS_FULL
from tests.services.aggregating import book, run, settle

FEW, MANY = 10, 10_000 if IS_FULL else 2_000
FEW_DONE, MANY_DONE, COMPLETIONS = (1_000, 20_000, 100) if IS_FULL else (10, 1_000, 5)
ONE = Decimal(1)
MONDAY = date(2026, 1, 5)
Units = tuple[int, float, int]


def units(act: Callable[[], object]) -> Units:
    """The requests, the read units and the write units of what is done."""
    with Meter(Item._get_connection().connection.client).running() as meter:
        act()
    return meter.requests, meter.read, meter.write


def fill(day: date, sessions: int) -> None:
    """Let a day have so many sessions, by many people at once, with their sums."""
    at = MORNING + (day - MONDAY)
    known: dict[str, Fact] = {
        f"s{n:05d}": SessionFact(at + n % 600 * MINUTE, at + (n % 600 + 2) * MINUTE, SessionKind.RUN, Decimal(1))
        for n in range(sessions)
    }
    table.batch_put(
        [
            item(keys.day_fact(DEFAULT_TENANT, day.isoformat(), "SESSION", name), "session_fact", fact)
            for name, fact in known.items()
        ]
    )
    running = of_facts(known.values())
    daily_sums.put(DEFAULT_TENANT, Daily(day, running.sums, MORNING, 1, running.covered))


def test_one_more_session_costs_a_large_day_what_it_costs_a_small_one(plant: Plant, set_clock: SetClock) -> None:
    def cost(day: date, sessions: int) -> list[Units]:
        fill(day, sessions)
        at = MORNING + (day - MONDAY)
        set_clock.set(at + 2 * HOUR)
        stage = plant.order(planned_end=wire(at + 48 * HOUR))["stages"][0]["id"]
        session = {"started_at": wire(at), "ended_at": wire(at + HOUR), "worker_id": plant.worker.id}
        booked = units(lambda: plant.planner.post(f"/stages/{stage}/sessions", session))
        return [booked, units(run), units(lambda: summary.of_plant(plant.planner.actor))]

    few, many = cost(MONDAY, FEW), cost(MONDAY + timedelta(days=1), MANY)

    assert many == few
    assert daily_sums.between(DEFAULT_TENANT, date.min, date.max)[-1].sums.facts == MANY + 1


def fill_done(plant: Plant, day: date, stages: int) -> None:
    """Let a day have so many stages that were done, each in a session, with the sums of all their groups."""
    at = MORNING + (day - MONDAY)
    values = {Dimension.PRODUCT: "P-1", Dimension.STAGE: "Montaj", Dimension.WORKER: plant.worker.id}
    groups = tuple(Group(dimension, value) for dimension, value in values.items())
    known: dict[FactKey, Fact] = {}
    for n in range(stages):
        ended = at + n % 50 * MINUTE
        known[FactKey(day, "SESSION", f"s{n:05d}")] = SessionFact(at, ended, SessionKind.RUN, ONE, groups=groups)
        known[FactKey(day, "STAGE", f"o{n:05d}-01")] = StageFact(
            60_000, 60_000, 60_000, 0, late=False, good=ONE, scrap=ONE, rework=ONE, groups=groups, ended_at=ended
        )
    of_day = day.isoformat()
    places = [(keys.day_fact(DEFAULT_TENANT, of_day, key.subject, key.identity), fact) for key, fact in known.items()]
    table.batch_put([item(place, aggregates.KIND_OF[type(fact)], fact) for place, fact in places])
    running = of_facts(known.values())
    for group in (WHOLE, *groups):
        daily_sums.put(DEFAULT_TENANT, Daily(day, running.sums, MORNING, 1, running.covered, group))


def test_new_completions_cost_the_same_after_thousands_of_done_stages(plant: Plant, set_clock: SetClock) -> None:
    """Nothing reads what did not change: neither older facts, nor the sums of other values."""

    def cost(day: date, stages: int) -> Units:
        fill_done(plant, day, stages)
        at = MORNING + (day - MONDAY)
        for _ in range(COMPLETIONS):
            set_clock.set(at + HOUR)
            stage = plant.order(planned_end=wire(at + 48 * HOUR))["stages"][0]["id"]
            plant.worker.post(f"/stages/{stage}/start")
            set_clock.set(at + 2 * HOUR)
            plant.worker.post(f"/stages/{stage}/done", {"good": 4})
        return units(settle)

    few, many = cost(MONDAY, FEW_DONE), cost(MONDAY + timedelta(days=1), MANY_DONE)

    assert many == few
    of_tuesday = daily_sums.between(DEFAULT_TENANT, date(2026, 1, 6), date(2026, 1, 6), Dimension.WORKER)
    assert [each.sums.stages.done for each in of_tuesday] == [MANY_DONE + COMPLETIONS]


def test_one_more_day_costs_the_same_after_thousands_of_days(plant: Plant, set_clock: SetClock) -> None:
    stage = plant.order()["stages"][0]["id"]

    def cost(days: int) -> list[Units]:
        past = (MONDAY - timedelta(days=n + 1) for n in range(days))
        partition = keys.daily(DEFAULT_TENANT, Dimension.NONE, "").pk
        table.batch_put(
            [item(Key(partition, day.isoformat()), "daily", Daily(day, DaySums(), MORNING, 1, ())) for day in past]
        )
        book(plant, stage, hours=1)
        last_week = (MONDAY - timedelta(days=5), MONDAY + timedelta(days=1))
        return [units(run), units(lambda: local_days.of_plant(plant.planner.actor, *last_week, limit=400, cursor=None))]

    set_clock.set(MORNING + 24 * HOUR)
    cost(FEW)
    few, many = cost(FEW), cost(MANY)

    assert many == few


@pytest.mark.usefixtures("table", "set_clock")
def test_one_more_reading_costs_the_same_after_thousands_of_readings() -> None:
    install("M1")

    def send(readings: int, minute: int) -> None:
        parts = [part(n, f"2026-01-05T07:{minute:02d}:{n % 60:02d}.{n // 60:03d}Z") for n in range(readings)]
        ingest([Arrived(message("M1", *parts[n : n + 1_000]), MORNING) for n in range(0, readings, 1_000)])

    def cost(readings: int, minute: int) -> Units:
        send(readings, minute)
        return units(lambda: send(1, minute + 1))

    assert cost(MANY, 20) == cost(FEW, 10)


def test_one_more_session_of_a_long_order_writes_the_same_and_reads_its_sessions(
    plant: Plant, stage: str, set_clock: SetClock
) -> None:
    """A run reads all sessions of the order and their entries: two thirds of a kilobyte for each session."""
    order = work_orders.load(DEFAULT_TENANT, "WO-1")

    def cost(sessions: int) -> Units:
        spans = [MORNING + n * MINUTE for n in range(sessions)]
        known = [
            Session(f"s{n:05d}", stage, "w", SessionKind.RUN, at, at + MINUTE, at, "w") for n, at in enumerate(spans)
        ]
        table.batch_put([order_items.session_item(DEFAULT_TENANT, order, session) for session in known])
        set_clock.set(MORNING + 24 * HOUR)
        book(plant, stage, hours=1)
        settle()
        book(plant, stage, hours=1)
        return units(run)

    (few, read_few, written_few), (many, read_many, written_many) = cost(FEW), cost(500)

    assert (many, written_many) == (few, written_few)
    assert read_many - read_few <= 500 / 6
