"""Shifts for tests: states of machines, and sessions on machines with what was made in them."""

from typing import Any

from tests.conftest import SetClock
from tests.floor import HOUR, Plant
from tests.machines import part, sent, work


def state(value: str, at: str) -> dict[str, object]:
    return part(value, f"2026-01-05T{at}:00Z", type="state")


def tell(floor: Plant, states: dict[str, str], machine_id: str = "M1") -> None:
    parts = [state(word, at) for at, word in states.items()]
    if parts:
        reply = floor.planner.post(f"/machines/{machine_id}/readings", sent(*parts) | {"machine_id": machine_id})
        assert reply.status == 202, reply.data


def start(floor: Plant, order: str, machine_id: str | None = "M1", who: str = "worker", **stage: Any) -> None:
    """Begin to work on an order on a machine."""
    person = floor.everybody()[who]
    mine = {"name": "Enjeksiyon", "assignee_ids": [person.id], "machine_id": machine_id} | stage
    floor.order(mine, id=order, number=order, quantity=300)
    assert person.post(f"/stages/{order}-01/start").status == 200


def end(floor: Plant, order: str, made: int, scrap: int, who: str = "worker") -> None:
    """Report so many pieces made, and how many of them are scrap."""
    person, stage = floor.everybody()[who], f"/stages/{order}-01"
    waste = {"scrap": scrap, "scrap_reason": "material"} if scrap else {}
    assert person.post(f"{stage}/report", {"good": made - scrap} | waste).status == 200
    assert person.post(f"{stage}/pause").status == 200


def run(floor: Plant, set_clock: SetClock, states: dict[str, str], **stage: Any) -> None:
    """A shift in which 300 pieces are made, 12 of them scrap. It is an hour after the shift."""
    start(floor, "WO-1", **stage)
    set_clock.forward(2 * HOUR)
    end(floor, "WO-1", 300, 12)
    set_clock.forward(2 * HOUR)
    tell(floor, states)
    work()
