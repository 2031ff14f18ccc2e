"""Helpers for tests of explained metrics: all pages of the inputs, and whether numbers follow from them alone."""

from typing import Any

from tests.floor import Plant
from tests.services import plain_inputs
from tests.services.plain_inputs import Inputs

PAGE = 3


def inputs_of(plant: Plant, path: str, limit: int = PAGE) -> tuple[dict[str, Any], Inputs]:
    """The metrics of an answer, and all inputs that explain them, read in small pages."""
    told = plant.planner.get(f"{path}?explain=1&limit={limit}").data
    rows, cursor = list(told["explanation"]["inputs"]), told["explanation"]["next_cursor"]
    while cursor:
        page = plant.planner.get(f"{path}?explain=1&limit={limit}&cursor={cursor}").data["explanation"]
        rows, cursor = [*rows, *page["inputs"]], page["next_cursor"]
    return told["metrics"], Inputs(rows, told["as_of"])


def assert_explained(plant: Plant, order_ids: list[str]) -> None:
    """The metrics of these orders and of their stages are those that plain Python computes from their inputs."""
    for order_id in order_ids:
        metrics, inputs = inputs_of(plant, f"/workorders/{order_id}/metrics")
        assert values(metrics) == plain_inputs.of_order(inputs)
        for stage in inputs.of("stage"):
            metrics, inputs = inputs_of(plant, f"/stages/{stage['id']}/metrics", limit=500)
            assert values(metrics) == plain_inputs.of_stage(inputs)


def values(metrics: dict[str, Any]) -> dict[str, Any]:
    """The values by name; numbers are exact."""
    told = {name: metric["value"] for name, metric in metrics.items()}
    return {
        name: plain_inputs.n(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        for name, value in told.items()
    }
