"""The OEE of machines over HTTP: from their states, their calendar and the sessions that name them."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services import tenants
from tests.conftest import SetClock
from tests.floor import HOUR, Plant
from tests.functions.test_calendars import EARLY, PLAN
from tests.machines import READINGS, install, part, sent, work

METRICS, OEE = "/machines/M1/metrics", "/metrics/oee"
SHIFT = "from=2026-01-05T03:00:00Z&to=2026-01-05T11:00:00Z"
DAY = timedelta(days=1)
STATES = {"03:00": "setup", "03:15": "producing", "05:00": "unplanned_stop", "05:45": "producing"}


def state(value: str, at: str) -> dict[str, object]:
    return part(value, f"2026-01-05T{at}:00Z", type="state")


def tell(floor: Plant, states: dict[str, str], machine_id: str = "M1") -> None:
    parts = [state(word, at) for at, word in states.items()]
    reply = floor.planner.post(f"/machines/{machine_id}/readings", sent(*parts) | {"machine_id": machine_id})
    assert reply.status < 300, reply.body


def start(floor: Plant, order: str, machine_id: str = "M1", **stage: Any) -> None:
    """Begin to work on an order on a machine."""
    mine = {"name": "Enjeksiyon", "assignee_ids": [floor.worker.id], "machine_id": machine_id} | stage
    floor.order(mine, id=order, number=order, quantity=300)
    assert floor.worker.post(f"/stages/{order}-01/start").status == 200


def end(floor: Plant, order: str, made: int, scrap: int) -> None:
    """Report so many pieces made, and how many of them are scrap."""
    reply = floor.worker.post(f"/stages/{order}-01/pause", {"good": made - scrap, "scrap": {"material": scrap}})
    assert reply.status == 200, reply.body


@pytest.fixture
def shift(floor: Plant, set_clock: SetClock) -> Plant:
    """The worked example: 480 minutes with 30 of breaks, 45 of breakdown and 15 of setup; 300 pieces, 12 of them scrap.

    It is an hour after the shift.
    """
    floor.planner.put("/calendars/default", PLAN, If_Match="*")
    tell(floor, STATES)
    start(floor, "WO-1", standard_seconds_per_unit=60)
    set_clock.forward(2 * HOUR)
    end(floor, "WO-1", 300, 12)
    set_clock.forward(2 * HOUR)
    work()
    return floor


def values(data: Any) -> dict[str, Any]:
    return {name: metric["reason"] or metric["value"] for name, metric in data["metrics"].items()}


EXAMPLE = {"availability": 86.667, "oee_effectiveness": 76.923, "oee_quality": 96.0, "oee": 64.0}


def test_nobody_unknown_reads_the_oee_of_a_machine(floor: Plant) -> None:
    assert floor.stranger.get(METRICS).status == 401
    assert floor.stranger.get(OEE).status == 401
    assert floor.worker.get(OEE).status == 403


def test_a_machine_that_is_not_there_is_not_found(floor: Plant) -> None:
    assert floor.worker.get("/machines/M9/metrics").status == 404
    assert floor.planner.get(f"{OEE}?machine_id=M9").items == []


def test_the_worked_example_of_a_shift(shift: Plant, set_clock: SetClock) -> None:
    data = shift.worker.get(f"{METRICS}?{SHIFT}").data
    assert values(data) == EXAMPLE
    assert data["metrics"]["oee"] == {
        "value": 64.0,
        "unit": "percent",
        "formula": "oee.v1",
        "numerator": 288.0,
        "denominator": 450.0,
        "reason": None,
        "implausible": False,
        "doubt": None,
    }
    assert data["seconds"] == {
        "planned": 27_000.0,
        "planned_busy": 27_000.0,
        "producing": 23_400.0,
        "setup": 900.0,
        "idle": 0.0,
        "unplanned_stop": 2_700.0,
        "planned_stop": 0.0,
        "off": 0.0,
        "unknown": 0.0,
        "producing_unplanned": 1_800.0,
    }
    assert data["pieces"] == {"produced": 300.0, "good": 288.0, "scrap": 12.0, "rework": 0.0, "without_standard": 0.0}
    assert (data["calendar_id"], data["sources"], data["inputs_count"]) == ("default", ["states"], 1)
    assert (data["complete"], data["window"]["timezone"]) == (False, "Europe/Istanbul")
    set_clock.forward(2 * DAY)
    assert shift.worker.get(f"{METRICS}?{SHIFT}").data["complete"]
