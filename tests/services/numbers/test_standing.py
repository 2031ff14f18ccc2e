"""What stands open in all plants together."""

import pytest

from chalicelib.services.numbers import standing
from chalicelib.services.numbers.standing import Standing
from tests.floor import Plant
from tests.services.aggregating import settle


@pytest.mark.usefixtures("table")
def test_nothing_stands_open_where_nothing_was_ever_counted() -> None:
    assert standing.of_all() == Standing()


def test_orders_issues_and_people_of_all_plants_are_added_up(plant: Plant) -> None:
    stage = plant.order()["stages"][0]["id"]
    assert plant.worker.post(f"/stages/{stage}/start").status == 200
    issue = {"type": "machine_failure", "description": "It smokes."}
    assert plant.worker.post(f"/stages/{stage}/issue", issue).status == 201
    settle()
    assert standing.of_all() == Standing(orders=1, issues=1, people=1)
