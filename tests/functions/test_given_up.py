"""What was skipped and cancelled, in the numbers of days, their explanation and their export."""

from typing import Any

from tests.conftest import SetClock
from tests.floor import HOUR, Plant
from tests.services.aggregating import assert_settled, assert_sums_follow_facts, settle
from tests.services.explaining import assert_days_explained
from tests.services.plain_days import recomputed, told

MONDAY = "from=2026-01-05&to=2026-01-05"
BECAUSE = {"reason": "not needed"}


def given_up(plant: Plant) -> tuple[Any, ...]:
    settle()
    (day,) = plant.planner.get(f"/metrics/daily?{MONDAY}").items
    stages, orders = day["finished"]["stages"], day["finished"]["orders"]
    return stages["done"], stages["skipped"], stages["cancelled"], orders["done"], orders["cancelled"]


def test_days_count_what_was_given_up_and_follow_when_it_is_not(plant: Plant, set_clock: SetClock) -> None:
    order, other = (plant.order({"name": "a"}, {"name": "b"}) for _ in range(2))
    set_clock.forward(HOUR)
    skipped = f"/stages/{order['stages'][0]['id']}"
    assert plant.planner.post(f"{skipped}/skip", BECAUSE).status == 200
    assert given_up(plant) == (0, 1, 0, 0, 0)
    assert plant.planner.post(f"{skipped}/reopen", BECAUSE).status == 200
    assert plant.planner.post(f"/workorders/{other['id']}/cancel", BECAUSE).status == 200
    assert given_up(plant) == (0, 0, 2, 0, 1)
    assert plant.planner.post(f"{skipped}/skip", BECAUSE).status == 200
    assert given_up(plant) == (0, 1, 2, 0, 1)

    assert_sums_follow_facts()
    assert_settled()
    assert told(plant) == recomputed(plant, [order["id"], other["id"]])
    assert_days_explained(plant, ["none", "stage"], MONDAY)
    (row,) = plant.planner.get(f"/exports/daily?{MONDAY}").items
    assert (row["stages_skipped"], row["stages_cancelled"], row["orders_cancelled"]) == (1, 2, 1)
