"""What machines counted for a stage, over HTTP, beside what people reported."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.instants import wire
from chalicelib.domain.machines.readings import Reading, microseconds
from chalicelib.domain.tenant_settings import CountedPieces
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from chalicelib.services.machines.ingest import ingest
from chalicelib.services.numbers import attribution
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import arrived, install, message, part, watched, work, written

STAGE, OTHER = "WO-1-01", "WO-1-02"
COUNTED = f"/stages/{STAGE}/counted"
SIX, DAY = MORNING - 2 * HOUR, timedelta(days=1)


@pytest.fixture
def shop(floor: Plant) -> Plant:
    """A plant with an order of two stages of one worker, and a machine that makes a piece a minute from 6 to 8."""
    stages = [{"name": name, "assignee_ids": [floor.worker.id]} for name in ("Enjeksiyon", "Montaj")]
    assert floor.planner.post("/workorders", {**_order(), "id": "WO-1", "stages": stages}).status == 201
    counts = [Reading("M1", "main", "cycle_count", microseconds(SIX + n * MINUTE), float(n)) for n in range(120)]
    ingest(arrived(message("M1", *written(counts))))
    tell(("05:00", "producing"), ("06:30", "idle"), ("06:50", "producing"))
    return floor


def _order() -> dict[str, Any]:
    window = {"planned_start": wire(MORNING - 4 * HOUR), "planned_end": wire(MORNING + 4 * HOUR)}
    return {"product_code": "P-1", "lot_no": "L-1", "quantity": 1000, **window}


def tell(*states: tuple[str, str]) -> None:
    ingest(arrived(message("M1", *(part(word, f"2026-01-05T{at}:00Z", type="state") for at, word in states))))
    work()


def book(shop: Plant, begin: datetime, end: datetime, stage: str = STAGE, **fields: Any) -> None:
    times = {"started_at": wire(begin), "ended_at": wire(end), "worker_id": shop.worker.id}
    booked = shop.planner.post(f"/stages/{stage}/sessions", {**times, "machine_id": "M1", **fields})
    assert booked.status == 201, booked.body
    work()


def counted(shop: Plant, *names: str, stage: str = STAGE) -> list[Any]:
    found = shop.worker.get(f"/stages/{stage}/counted").data
    there = found["machines"][0] if found["machines"] else {}
    return [{**there, **found}[name] for name in names]


def test_nobody_unknown_reads_what_was_counted(shop: Plant) -> None:
    assert shop.stranger.get(COUNTED).status == 401


def test_the_stage_of_somebody_else_is_not_there(shop: Plant) -> None:
    assert shop.other.get(COUNTED).status == 404


def test_a_stage_has_what_its_machine_counted_beside_what_was_reported(shop: Plant) -> None:
    book(shop, SIX + 10 * MINUTE, SIX + 40 * MINUTE, good=25, scrap=2)
    told = {"started_at": wire(SIX), "ended_at": wire(SIX + HOUR), "reason": "material"}
    shop.worker.post("/machines/M1/stops/explain", told)
    assert shop.worker.get(COUNTED).data == {
        "stage_id": STAGE,
        "counted": 30,
        "reason": None,
        "good": 25,
        "scrap": 2,
        "rework": 0,
        "difference": 3,
        "proposed_good": None,
        "machines": [
            {
                "machine_id": "M1",
                "counted": 30,
                "shared": 0,
                "before_first_start": 9,
                "between_sessions": 0,
                "after_last_end": 80,
                "resets": 0,
                "gaps": 0,
                "seconds_by_state": {"idle": 600.0, "producing": 1200.0},
                "unknown_seconds": 0.0,
                "stopped_seconds": 600.0,
                "stopped_seconds_by_reason": {"material": 600.0},
            }
        ],
        "as_of": "2026-01-05T08:00:00.000Z",
        "complete": False,
    }


def test_stages_at_once_on_one_machine_share_what_it_counted(shop: Plant) -> None:
    book(shop, SIX, SIX + HOUR)
    book(shop, SIX + HOUR / 2, SIX + 1.5 * HOUR, OTHER)
    assert counted(shop, "counted", "shared", "after_last_end") == [44, 15, 0]
    assert counted(shop, "counted", "shared", "before_first_start", stage=OTHER) == [45, 15, 0]


def test_open_sessions_of_others_share_too_and_one_own_is_counted_until_now(shop: Plant) -> None:
    working = {"worker_id": shop.worker.id, "machine_id": "M1"}
    shop.planner.post(f"/stages/{STAGE}/start", {"at": wire(SIX + HOUR), **working})
    assert counted(shop, "counted", "shared", "complete") == [60, 0, False]
    shop.planner.post(f"/stages/{OTHER}/start", {"at": wire(SIX + 1.5 * HOUR), **working})
    assert counted(shop, "counted", "shared") == [45, 15]


def test_late_readings_and_corrections_move_the_count(shop: Plant, set_clock: SetClock) -> None:
    book(shop, SIX, SIX + HOUR)
    assert counted(shop, "counted", "gaps") == [59, 0]
    ingest(arrived(message("M1", part(3.0, "2026-01-05T05:59:00Z", type="cycle_count"))))
    work()
    assert counted(shop, "counted", "resets") == [59, 1]
    (session,) = shop.planner.get(f"/stages/{STAGE}/sessions").items
    correction = {"ended_at": wire(SIX + HOUR / 2), "reason": "mistyped"}
    assert shop.planner.post(f"/stages/{STAGE}/sessions/{session['id']}/correct", correction).status == 200
    assert counted(shop, "counted") == [29]
    set_clock.forward(timedelta(days=2))
    assert counted(shop, "complete") == [True]


def test_a_count_is_proposed_where_the_plant_wants_it(shop: Plant) -> None:
    tenants.change(DEFAULT_TENANT, {"counted_pieces": CountedPieces.PROPOSED})
    tenants.forget_settings()
    book(shop, SIX + 10 * MINUTE, SIX + 40 * MINUTE, good=20, scrap=2)
    assert counted(shop, "difference", "proposed_good") == [8, 8]
    proposed = counted(shop, "proposed_good")[0]
    assert shop.worker.post(f"/stages/{STAGE}/done", {"good": proposed}).data["good"] == 28
    assert counted(shop, "difference", "proposed_good") == [0, None]


def test_a_stage_without_a_machine_or_without_counts_says_so(shop: Plant) -> None:
    assert counted(shop, "counted", "reason", "machines", "difference") == [None, "no_machine", [], None]
    install("M2")
    book(shop, SIX, SIX + HOUR, machine_id="M2")
    assert counted(shop, "counted", "reason", "before_first_start") == [None, "no_data", 0]


def test_what_would_cost_too_much_is_not_counted(
    shop: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    book(shop, SIX, SIX + HOUR)
    book(shop, SIX + HOUR / 2, SIX + 2 * HOUR, OTHER)
    monkeypatch.setattr(attribution, "MOST_CUTS", 5)
    assert counted(shop, "counted", "reason") == [44, None]
    monkeypatch.setattr(attribution, "MOST_CUTS", 4)
    assert counted(shop, "counted", "reason") == [None, "too_long"]
    install("M2")
    set_clock.forward(timedelta(days=32))
    book(shop, MORNING + 31 * DAY, MORNING + 32 * DAY, OTHER, machine_id="M2")
    assert counted(shop, "counted", "reason", stage=OTHER) == [None, "too_long"]


def test_work_that_names_no_machine_or_another_takes_no_part(shop: Plant) -> None:
    install("M2")
    book(shop, SIX, SIX + HOUR)
    book(shop, SIX, SIX + HOUR, OTHER, machine_id="M2")
    book(shop, SIX, SIX + HOUR, OTHER, machine_id=None)
    at = {"worker_id": shop.worker.id, "at": wire(SIX)}
    assert shop.planner.post(f"/stages/{OTHER}/start", at).status == 200
    assert counted(shop, "counted", "shared") == [59, 0]


def test_a_count_costs_requests_of_its_days_machines_and_the_hours_that_people_cut(shop: Plant) -> None:
    book(shop, SIX + 10 * MINUTE, SIX + 40 * MINUTE)
    counted(shop, "counted")  # the settings are known now
    with watched() as called:
        shop.worker.get(COUNTED)
    # the order, the stages at work, two days; of the machine its rollups of two months, explanations, and two cut hours
    assert called == ["Query"] * 8
