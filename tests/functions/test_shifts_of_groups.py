"""The numbers of days by shift and by a dimension: the parts add up to the shifts of the plant and to the groups."""

from collections import defaultdict
from typing import Any

import pytest

from chalicelib.services.numbers import shift_days
from tests.conftest import SetClock
from tests.floor import HOUR, MORNING, Plant
from tests.functions.test_shift_days import DAYS, HOURS
from tests.machines import install, watched
from tests.services.aggregating import settle

ONCE = ("product", "customer", "stage", "worker", "line")
SUMS = ("labour_minutes", "pieces", "setup_minutes", "paused_minutes_without_reason")


def rows(plant: Plant, asked: str) -> list[dict[str, Any]]:
    reply = plant.planner.get(f"/metrics/daily?{asked}")
    assert reply.status == 200, reply.body
    items: list[dict[str, Any]] = reply.items
    while cursor := reply.data.get("next_cursor"):
        reply = plant.planner.get(f"/metrics/daily?{asked}&cursor={cursor}")
        items += reply.items
    return items


def added(found: list[dict[str, Any]], *names: str) -> dict[tuple[Any, ...], dict[str, float]]:
    """The sums of rows, by what they have in the fields of these names."""
    sums: dict[tuple[Any, ...], dict[str, float]] = defaultdict(lambda: dict.fromkeys((*SUMS, "done"), 0.0))
    for row in found:
        of = sums[tuple(row[name] for name in names)]
        for name in SUMS:
            of[name] += row["time"][name]
        of["done"] += row["finished"]["stages"]["done"]
    return {key: value for key, value in sums.items() if any(value.values())}


def plan(shifts: list[tuple[str, str, str]]) -> dict[str, Any]:
    listed = [{"name": name, "start": start, "end": end, "days": DAYS} for name, start, end in shifts]
    return {"valid_from": "2026-01-01", "shifts": listed, "special_days": []}


@pytest.fixture
def worked(plant: Plant, set_clock: SetClock) -> None:
    """Monday and Tuesday: sessions on two machines of two lines, over the ends of shifts and over midnight.

    The plant has two shifts; M2 has one of its own, over midnight.
    """
    install("M1", line="Hat 1")
    install("M2", line="Hat 2")
    assert plant.planner.put("/calendars/default", plan(HOURS), If_Match="*").status in (200, 201)
    assert plant.planner.put("/calendars/M2", plan([("night", "20:00", "04:00")]), If_Match="*").status in (200, 201)
    set_clock.set(MORNING)
    orders = [plant.order(product_code=code, customer="Vestel", quantity=100) for code in ("P-1", "P-2")]
    set_clock.set(MORNING + 30 * HOUR)
    for n in range(6):
        start = MORNING + (3 * n - 2) * HOUR
        body = {
            "started_at": start.isoformat(),
            "ended_at": (start + 2 * HOUR).isoformat(),
            "good": n + 1,
            "kind": "setup" if n == 3 else "run",
            "worker_id": (plant.worker if n % 3 else plant.other).id,
            "machine_id": f"M{n % 2 + 1}",
        }
        booked = plant.planner.post(f"/stages/{orders[n // 3]['stages'][0]['id']}/sessions", body)
        assert booked.status == 201, booked.body
    settle()


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("dimension", ONCE)
def test_the_groups_of_a_shift_add_up_to_it_and_the_shifts_of_a_group_to_the_group(
    plant: Plant, dimension: str
) -> None:
    found = rows(plant, f"group_by={dimension}&per=shift")

    assert added(found, "date", "shift") == added(rows(plant, "group_by=shift"), "date", "shift")
    assert added(found, "date", "value") == added(rows(plant, f"group_by={dimension}"), "date", "value")
    for limit in (1, 3):
        assert rows(plant, f"group_by={dimension}&per=shift&limit={limit}") == found
    value = found[0]["value"]
    assert rows(plant, f"group_by={dimension}&per=shift&value={value}") == [r for r in found if r["value"] == value]


@pytest.mark.usefixtures("worked")
def test_a_machine_has_the_shifts_of_its_own_calendar(plant: Plant) -> None:
    found = rows(plant, "group_by=machine&per=shift")

    assert {(row["value"], row["shift"]) for row in found} == {
        ("M1", "early"),
        ("M1", "late"),
        ("M1", None),
        ("M2", "night"),
        ("M2", None),
    }
    assert {row["reason"] for row in found if row["shift"] is None} == {"outside_shifts"}
    assert added(found, "value") == added(rows(plant, "group_by=machine"), "value")
    (night,) = [row for row in found if row["shift"] == "night" and row["date"] == "2026-01-05"]
    assert night["window"]["to"] == "2026-01-06T01:00:00.000Z"


@pytest.mark.usefixtures("worked")
def test_the_plant_per_shift_is_the_list_of_shifts(plant: Plant) -> None:
    assert rows(plant, "per=shift") == rows(plant, "group_by=shift")
    refused = plant.planner.get("/metrics/daily?per=shift&explain=1&from=2026-01-05&to=2026-01-05")
    assert refused.error["code"] == "ERR_REQUEST_BAD_PARAMETER"
    refused = plant.planner.get("/metrics/daily?per=shift&group_by=worker&from=2026-01-01&to=2026-02-01")
    assert refused.error["code"] == "ERR_REQUEST_BAD_PARAMETER"


@pytest.mark.usefixtures("worked")
def test_shifts_of_machines_cost_a_request_more_than_those_of_the_plant(
    plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = "from=2026-01-04&to=2026-01-06"
    costs = {}
    for asked in ("group_by=shift", "group_by=worker&per=shift", "group_by=machine&per=shift"):
        with watched() as called:
            rows(plant, f"{asked}&{days}")
        costs[asked] = len(called)
    of_plant, of_workers, of_machines = costs.values()
    assert (of_workers, of_machines) == (of_plant, of_plant + 1)
    monkeypatch.setattr(shift_days, "MOST_FACTS", 1)
    assert len(plant.planner.get(f"/metrics/daily?group_by=machine&per=shift&{days}").items) < 6


@pytest.mark.usefixtures("worked")
def test_an_export_has_the_same_rows(plant: Plant) -> None:
    for asked in ("group_by=machine&per=shift", "group_by=shift", "per=shift"):
        exported = plant.planner.get(f"/exports/daily?{asked}", Accept="application/x-ndjson").items
        found = plant.planner.get(f"/metrics/daily?{asked}").items
        names = ("date", "group", "value", "value_key", "shift", "reason")
        assert [[row[name] for name in names] for row in exported] == [[row[name] for name in names] for row in found]
        assert [row["labour_seconds"] for row in exported] == [row["time"]["labour_minutes"] * 60 for row in found]
