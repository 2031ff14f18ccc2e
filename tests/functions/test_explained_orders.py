"""An order and its stages, explained: each number follows from the listed inputs, and there is one for each metric."""

from collections.abc import Callable
from typing import Any

from chalicelib.domain.instants import wire
from chalicelib.domain.numbers import catalogue
from chalicelib.domain.numbers.catalogue_entries import Of
from tests.conftest import SetClock
from tests.floor import MINUTE, MORNING, Plant
from tests.services.explaining import assert_in_catalogue, assert_made_of, inputs_of, values
from tests.services.plain_inputs import of_order, of_stage

BECAUSE = {"reason": "no drawing"}


def done(reply: Any) -> Any:
    assert reply.status in (200, 201), reply.body
    return reply.data


def opened(plant: Plant) -> Any:
    """Open an order of two stages with standards: the first will be in time, the second late."""
    people = [plant.worker.id, plant.other.id]
    half, most = ({"planned_start": wire(MORNING), "planned_end": wire(MORNING + n * MINUTE)} for n in (30, 58))
    moulded = {"name": "a", "standard_seconds_per_unit": 24, "assignee_ids": people, **most}
    late = {"name": "b", "standard_seconds_per_unit": 60, "assignee_ids": people, **half}
    return plant.order(moulded, late, quantity=50)


def hinder(plant: Plant, order_id: str, stage: str, told: Callable[[int], None]) -> None:
    """Block a stage and hold its order, so that both overlap."""
    told(3)
    issue = done(plant.worker.post(f"{stage}/issue", {"type": "quality", "description": "bent", "blocking": True}))
    told(7)
    done(plant.planner.post(f"/workorders/{order_id}/hold", BECAUSE))
    told(4)
    answer = {"status": "resolved", "cause": "chips"}
    done(plant.planner.patch(f"/issues/{issue['id']}", answer, If_Match="*"))
    told(6)
    done(plant.planner.post(f"/workorders/{order_id}/release", BECAUSE))


def finish(plant: Plant, stage: str, told: Callable[[int], None]) -> None:
    """Begin and finish a stage."""
    told(1)
    done(plant.other.post(f"{stage}/start"))
    told(9)
    done(plant.other.post(f"{stage}/done", {"good": 40}))
    told(10)


def test_an_order_with_everything_in_it_follows_from_its_inputs(plant: Plant, set_clock: SetClock) -> None:
    order = opened(plant)
    first, second = (f"/stages/{stage['id']}" for stage in order["stages"])
    seen: dict[str, Any] = {}
    rows: list[Any] = []

    def told(after: int) -> None:
        """So many minutes later the numbers follow from their inputs. Keep those that are not null and not zero."""
        set_clock.forward(after * MINUTE)
        for path in (f"/workorders/{order['id']}", first, second):
            metrics, inputs = inputs_of(plant, f"{path}/metrics", limit=500)
            subject, compute = ("stage", of_stage) if path in (first, second) else ("order", of_order)
            assert values(metrics) == compute(inputs)
            assert_made_of(metrics, inputs, subject, compute)
            seen.update({name: value for name, value in values(metrics).items() if value})
            rows.extend(inputs.rows)

    told(5)
    done(plant.worker.post(f"{first}/start"))
    told(10)
    done(plant.worker.post(f"{first}/report", {"good": 20, "scrap": 1, "scrap_reason": "surface", "rework": 2}))
    done(plant.other.post(f"{first}/start", {"kind": "rework"}))
    told(5)
    done(plant.other.post(f"{first}/report", {"good": 1}))
    done(plant.other.post(f"{first}/pause", {"pause_reason": "break"}))
    done(plant.worker.post(f"{first}/pause", {"pause_reason": "material"}))
    hinder(plant, order["id"], first, told)
    told(2)
    done(plant.worker.post(f"{first}/start"))
    told(5)
    done(plant.worker.post(f"{first}/done", {"good": 27}))
    session = plant.planner.get(f"{first}/sessions").items[0]
    done(plant.planner.post(f"{first}/sessions/{session['id']}/correct", {"reason": "counted again", "good": 18}))
    finish(plant, second, told)
    assert_in_catalogue(plant, rows)
    wanted = {entry.name for entry in catalogue.ENTRIES if {Of.STAGE, Of.ORDER} & {*entry.of}}
    assert wanted - {*seen} == set()
