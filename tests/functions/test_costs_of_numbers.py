"""What each endpoint of numbers costs is written down, and is what it costs."""

import re

import pytest

from functions._rules import RULES
from infra.documents.derived import DOCS
from tests.floor import Plant
from tests.machines import watched

WEEK = "from=2026-01-05&to=2026-01-11"


def table() -> dict[str, str]:
    """The costs of the endpoints of numbers, by what is asked for."""
    page = (DOCS / "performance.md").read_text(encoding="utf-8")
    section = page.partition("## What it costs to read numbers")[2].partition("\n## ")[0]
    rows = (line.split(" | ") for line in section.splitlines() if line.startswith("| `GET"))
    return {cells[0]: cells[1] for cells in rows}


def test_every_endpoint_of_numbers_stands_in_the_table() -> None:
    asked = re.findall(r"`GET ([^`?]+)", " ".join(table()))
    numbers = {
        rule.path for rule in RULES if (rule.action or "").startswith(("metrics.", "export.")) and rule.method == "GET"
    }
    assert numbers - {*asked} == set()


@pytest.mark.parametrize(
    ("path", "row", "requests"),
    [
        ("/metrics/catalogue", "/metrics/catalogue`", 0),
        ("/metrics/summary", "/metrics/summary`", 3),
        (f"/metrics/issues?{WEEK}", "/metrics/issues`", 3),
        (f"/metrics/daily?{WEEK}", "/metrics/daily` of the plant", 4),
        ("/stages/WO-1-01/metrics", "/stages/{stage_id}/metrics`", 1),
        ("/stages/WO-1-01/metrics?explain=1", "/stages/{stage_id}/metrics`", 1),
        ("/workorders/WO-1/metrics", "/stages/{stage_id}/metrics`", 1),
        ("/workorders/WO-1/metrics?explain=1&limit=1", "/stages/{stage_id}/metrics`", 1),
        (f"/exports/daily?{WEEK}", "/exports/daily`", 4),
    ],
)
def test_an_endpoint_costs_what_is_written_down(plant: Plant, path: str, row: str, requests: int) -> None:
    plant.order(id="WO-1")
    plant.planner.get("/metrics/summary")  # the settings are known for a minute
    with watched() as called:
        assert plant.planner.get(path).status == 200
    assert len(called) == requests, called
    (written,) = (cost for asked, cost in table().items() if asked.startswith(f"| `GET {row}"))
    assert int(re.split(r"\D", written)[0]) == requests


@pytest.mark.parametrize(("what", "requests"), [("orders", 1), ("stages", 1), ("sessions", 7), ("issues", 2)])
def test_exports_of_a_week_cost_what_is_written_down(plant: Plant, what: str, requests: int) -> None:
    plant.order(id="WO-1")
    plant.planner.get("/metrics/summary")
    with watched() as called:
        assert plant.planner.get(f"/exports/{what}?{WEEK}").status == 200
    assert len(called) == requests, called
