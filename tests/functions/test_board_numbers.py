"""The numbers of a board are those of the API's other doors, after any chain of commands."""

from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from chalicelib import clock
from chalicelib.domain.instants import wire
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Person, Plant, Reply, new_order
from tests.machines import install, work
from tests.sampling import sampled
from tests.shifts import tell

LINES = {"M2": "Kesim", "M3": "Kesim", "M4": "Paket"}
PLACES = [*LINES, None]
TYPES = ["quality", "tooling", "safety"]
EVERY_DAY = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
# By the plant's clock, three hours ahead of UTC.
SHIFT = {"name": "early", "start": "10:00", "end": "20:00", "breaks": [{"start": "12:30", "end": "13:00"}]}


def furnish(floor: Plant) -> list[str]:
    """Five orders of two stages at random machines or at none, with and without a standard. Returns the stages."""
    for machine_id, line in LINES.items():
        install(machine_id, line=line)
    plan = {"valid_from": "2026-01-01", "shifts": [{**SHIFT, "days": EVERY_DAY}]}
    assert floor.planner.put("/calendars/default", plan, If_Match="*").status == 200
    hands = [floor.worker.id, floor.other.id]
    found = []
    for n in range(5):
        stages = [
            {"name": f"S{n}", "assignee_ids": hands, "machine_id": PLACES[(n + k) % 4]}
            | ({"standard_seconds_per_unit": 40 + 20 * k} if n != 2 else {})
            for k in range(2)
        ]
        end = wire(MORNING + (n + 1) * HOUR)
        made = floor.planner.post("/workorders", new_order(id=f"WO-{n}", stages=stages, quantity=500, planned_end=end))
        assert made.status == 201, made.body
        found += [stage["id"] for stage in made.data["stages"]]
    return found


def chain(floor: Plant, set_clock: SetClock, chance: Random) -> None:
    """Do something at random, again and again, whether it is allowed or not, while time passes."""
    stages = furnish(floor)
    for _ in range(30):
        stage, who = chance.choice(stages), chance.choice([floor.worker, floor.other])
        at, good = chance.choice(PLACES), chance.randrange(1, 40)
        scrap = {"scrap": chance.randrange(1, 5), "scrap_reason": chance.choice(["surface", "material"])}
        act(floor, who, chance, stage, {"machine_id": at} if at else {}, {"good": good} | chance.choice([{}, scrap]))
        set_clock.forward(chance.randrange(1, 15) * MINUTE)
    tell(floor, {"08:01": "producing", "08:20": "unplanned_stop", "08:50": "producing"}, "M2")
    tell(floor, {f"{clock.now() - 20 * MINUTE:%H:%M}": "unplanned_stop"}, "M4")
    work()


def act(floor: Plant, who: Person, chance: Random, stage: str, at: Any, made: Any) -> None:
    """One command of somebody."""
    order, kind = stage.rpartition("-")[0], chance.choice(TYPES)
    issue = {"type": kind, "description": "Scratches", "blocking": chance.random() < 0.5}
    actions: list[Callable[[], Reply]] = [
        lambda: who.post(f"/stages/{stage}/start", at),
        lambda: who.post(f"/stages/{stage}/start", at),
        lambda: who.post(f"/stages/{stage}/start", at),
        lambda: who.post(f"/stages/{stage}/report", made),
        lambda: who.post(f"/stages/{stage}/report", made),
        lambda: who.post(f"/stages/{stage}/pause"),
        lambda: who.post(f"/stages/{stage}/done", made),
        lambda: floor.planner.post(f"/stages/{stage}/issue", issue),
        lambda: floor.planner.post(f"/workorders/{order}/hold", {"reason": "no drawing"}),
        lambda: floor.planner.post(f"/workorders/{order}/release", {"reason": "drawn"}),
    ]
    chance.choice(actions)()


@pytest.mark.parametrize("seed", list(sampled(range(5), 5, 3)))
def test_every_number_is_that_of_another_door(floor: Plant, set_clock: SetClock, seed: int) -> None:
    chain(floor, set_clock, Random(seed))  # noqa: S311  a chain that can be repeated
    plant = floor.planner.get("/board").data
    assert plant["rows"]
    assert_summary(floor, plant)
    assert_output(floor, plant, ["M1", *LINES])
    assert_rows(floor, plant)
    assert_losses(floor, plant)
    for line in sorted(set(LINES.values())):
        board = floor.planner.get(f"/board?line={line.lower()}").data
        assert_output(floor, board, [machine_id for machine_id, own in LINES.items() if own == line])
        assert_rows(floor, board)
        assert_line(floor, board, line)


def assert_summary(floor: Plant, board: Any) -> None:
    """The tiles of the plant are the numbers of the summary."""
    shown = floor.planner.get("/metrics/summary").data
    now, tiles = shown["now"], board["tiles"]
    for name in ("late_orders", "late_stages", "blocked", "held", "open_issues"):
        assert tiles[name] == now[name], name
    for tile, name in (("on_time", "on_time_rate"), ("orders_on_time", "order_on_time_rate")):
        metric = shown["today"]["metrics"][name]
        assert tiles[tile] == {"value": metric["value"], "reason": metric["reason"]}


def assert_output(floor: Plant, board: Any, machines: list[str]) -> None:
    """Pieces are the sum over the machines, and over the stages that nobody works on at a machine."""
    window = f"&from={board['shift']['from']}&to={board['as_of']}"
    found = [floor.planner.get(f"/metrics/hourly?machine_id={each}{window}").data for each in machines]
    if board["line"] is None:
        found += [floor.planner.get(f"/metrics/hourly?stage_id={each}{window}").data for each in free(floor)]
    found = [each for each in found if each["stages"]]
    assert board["made"]["good"] == sum(each["total"]["good"] for each in found)
    expected = [each["total"] for each in found if each["total"]["metrics"]["expected"]["value"] is not None]
    assert_equal(board["made"]["expected"], [each["metrics"]["expected"]["value"] for each in expected])
    if expected:
        ahead = [each["good"] - each["metrics"]["expected"]["value"] for each in expected]
        assert board["verdict"]["unit"] == "pieces"
        assert_equal(board["verdict"]["value"], ahead)
    hours = list(zip(*(each["hours"] for each in found), strict=True))
    for hour, parts in zip(board["hours"], hours, strict=True):
        assert (hour["from"], hour["good"]) == (parts[0]["from"], sum(part["good"] for part in parts))
        values = [part["metrics"]["expected"]["value"] for part in parts]
        assert_equal(hour["expected"], [value for value in values if value is not None])


def assert_equal(shown: float | None, values: list[float]) -> None:
    if values:
        assert shown == pytest.approx(sum(values), abs=1e-9)
    else:
        assert shown is None


def free(floor: Plant) -> list[str]:
    """The stages that were worked on, and at no machine."""
    stages = [stage for n in range(5) for stage in floor.planner.get(f"/workorders/WO-{n}").data["stages"]]
    found = []
    for stage in stages:
        sessions = floor.planner.get(f"/stages/{stage['id']}/sessions").items + stage["open_sessions"]
        if sessions and not any(session["machine_id"] for session in sessions):
            found.append(stage["id"])
    return found


def assert_rows(floor: Plant, board: Any) -> None:
    """The numbers of a row are those of its stage."""
    for row in board["rows"]:
        stage = floor.planner.get(f"/stages/{row['stage_id']}").data
        metrics = floor.planner.get(f"/stages/{row['stage_id']}/metrics").data["metrics"]
        assert (row["good"], row["is_late"]) == (stage["good"], metrics["is_late"]["value"])
        late = metrics["expected_delay" if "projected_end" in row else "delay"]["value"]
        assert (row["late_minutes"], row.get("projected_end")) == (late, metrics["projected_end"]["value"])
        assert (row["state"] == "running") == bool(stage["open_sessions"])
        since = f"stage_id={row['stage_id']}&from={stage['started_at']}&to={board['as_of']}"
        hours = floor.planner.get(f"/metrics/hourly?{since}").data
        assert row.get("expected") == hours["total"]["metrics"]["expected"]["value"]


def assert_losses(floor: Plant, board: Any) -> None:
    """The reasons are the first of today's Pareto, and are called as the list of the plant calls them."""
    labels = floor.planner.get("/meta").data["labels"]
    for kind, known in (("stops", labels["stop_reason"]), ("scrap", labels["scrap_reason"])):
        found = floor.planner.get(f"/metrics/pareto?of={kind}&from=2026-01-05&to=2026-01-05").data["reasons"]
        shown = [
            {"reason": each["reason"], "size": each["size"], "share": each["metrics"]["share"]["value"]}
            | ({"label": known[each["reason"]]} if each["reason"] in known else {})
            for each in found[:3]
        ]
        assert board[kind] == shown


def assert_line(floor: Plant, board: Any, line: str) -> None:
    """The tiles of a line are counted from its stages as the API shows them, and from its sums of today."""
    own = {machine_id for machine_id, of in LINES.items() if of == line}
    stages = [stage for n in range(5) for stage in floor.planner.get(f"/workorders/WO-{n}").data["stages"]]
    there = [
        stage
        for stage in stages
        if stage["ended_at"] is None
        and ({each["machine_id"] for each in stage["open_sessions"]} - {None} or {stage["machine_id"]}) & own
    ]
    metrics = {each["id"]: floor.planner.get(f"/stages/{each['id']}/metrics").data["metrics"] for each in there}
    assert board["tiles"]["late_stages"] == sum(each["is_late"]["value"] for each in metrics.values())
    assert board["tiles"]["blocked"] == sum(bool(each["blocked_by"]) for each in there)
    held = {n for n in range(5) if floor.planner.get(f"/workorders/WO-{n}").data["held"]}
    assert board["tiles"]["held"] == len(held & {int(each["id"].split("-")[1]) for each in there})
    days = floor.planner.get(f"/metrics/daily?from=2026-01-05&group_by=line&value={line}").items
    rate = days[0]["metrics"]["on_time_rate"]["value"] if days else None
    assert board["tiles"]["on_time"]["value"] == rate
    assert Decimal(board["idle"]) <= board["machines"] == len(own)
