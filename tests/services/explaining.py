"""Helpers for tests of explained metrics: all pages of the inputs, and whether numbers follow from them alone."""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from chalicelib.domain.numbers.catalogue_of_inputs import MADE_OF
from tests.floor import Plant
from tests.services import plain_days_explained, plain_inputs, plain_numbers
from tests.services.plain_days import EVER
from tests.services.plain_inputs import Inputs

PAGE = 20
COUNTED = ("stage", "order", "session", "issue")


def inputs_of(plant: Plant, path: str, limit: int = PAGE) -> tuple[dict[str, Any], Inputs]:
    """The metrics of an answer, and all inputs that explain them, read in small pages."""
    asked = f"{path}{'&' if '?' in path else '?'}explain=1&limit={limit}"
    told = plant.planner.get(asked).data
    rows, cursor = list(told["explanation"]["inputs"]), told["explanation"]["next_cursor"]
    while cursor:
        page = plant.planner.get(f"{asked}&cursor={cursor}").data["explanation"]
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


def assert_days_explained(plant: Plant, dimensions: Iterable[str], days: str = EVER) -> None:
    """The metrics of all days of these dimensions are those that plain Python computes from their inputs."""
    for dimension in dimensions:
        for row in plant.planner.get(f"/metrics/daily?group_by={dimension}&{days}").items:
            value = quote(row["value"] or "", safe="")
            asked = f"from={row['date']}&to={row['date']}&group_by={dimension}" + (f"&value={value}" if value else "")
            explained = inputs_of_day(plant, asked)
            compute = of_plant if dimension == "none" else plain_days_explained.of_day
            assert values(row["metrics"]) == compute(explained), asked
            assert_made_of(row["metrics"], explained, "window", compute)
            assert plain_days_explained.told_sums(row) == plain_days_explained.sums_of(explained), asked
            assert row["inputs_count"] == sum(each["kind"] in COUNTED for each in explained.rows), asked


def assert_in_catalogue(plant: Plant, rows: Iterable[dict[str, Any]]) -> None:
    """Whatever these inputs say is explained in the catalogue."""
    catalogue = plant.planner.get("/metrics/catalogue").data
    names = catalogue["inputs"]
    for row in rows:
        assert row["kind"] in names["kinds"]
        assert {*filter(None, [row["why"]]), *row["left_out_of"].values()} <= {*names["reasons"]}
        assert {*row["amounts"], *row["times"], *row["facts"]} <= {*names["names"]}
        assert {*row["left_out_of"]} <= {metric["name"] for metric in catalogue["metrics"]}


def of_plant(inputs: Inputs) -> dict[str, Any]:
    """The metrics of a day of the plant."""
    return plain_days_explained.of_day(inputs) | plain_days_explained.of_issues(inputs)


def inputs_of_day(plant: Plant, asked: str) -> Inputs:
    """All inputs of a day, read in small pages."""
    path = f"/metrics/daily?{asked}&explain=1&limit={PAGE}"
    reply = plant.planner.get(path)
    (day,) = reply.items
    rows = day["explanation"]["inputs"]
    while cursor := reply.data.get("next_cursor"):
        reply = plant.planner.get(f"{path}&cursor={cursor}")
        rows += reply.items[0]["explanation"]["inputs"]
    return Inputs(rows, day["as_of"])


def assert_made_of(
    metrics: dict[str, Any], inputs: Inputs, subject: str, compute: Callable[[Inputs], dict[str, Any]]
) -> None:
    """Each metric follows from its subject and the kinds of inputs alone that the catalogue names for it."""
    for name, value in values(metrics).items():
        kinds = {subject, *MADE_OF[name]}
        assert compute(inputs.only(*kinds)).get(name) == value, name


def values(metrics: dict[str, Any]) -> dict[str, Any]:
    """The values by name; numbers are exact."""
    told = {name: metric["value"] for name, metric in metrics.items()}
    return {
        name: plain_numbers.n(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
        for name, value in told.items()
    }
