"""Days that a former release summed: what it did not count is null until they are rebuilt, and no group is a part."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.services.numbers import rebuilding
from chalicelib.storage import table
from chalicelib.storage.items import Item, item
from chalicelib.storage.numbers import daily_sums
from chalicelib.storage.numbers.daily_sums import Daily
from tests.conftest import SetClock
from tests.floor import HOUR, Plant
from tests.services.aggregating import assert_settled, settle

MONDAY = date(2026, 1, 5)
TEXTS = {"product": "Kapak", "stage": "Pres"}


def as_formerly() -> None:
    """Leave the table as a release did that did not count what was given up, and kept each spelling by itself."""
    for stored in Item.scan():
        if stored.kind == "given_up_fact":
            stored.delete(add_version_condition=False)
        elif stored.kind == "daily":
            made = stored.read(Daily)
            sums = replace(
                made.sums,
                stages=replace(made.sums.stages, skipped=0, cancelled=0),
                orders=replace(made.sums.orders, cancelled=0),
            )
            stored.delete(add_version_condition=False)
            former = replace(made, sums=sums, group=made.shown, spellings={}, form=1)
            table.put(item(daily_sums.at(DEFAULT_TENANT, former.place), "daily", former, revision=made.revision))


def rebuild() -> int:
    for order_id in rebuilding.orders_of(DEFAULT_TENANT, [MONDAY]):
        rebuilding.rebuild_order(DEFAULT_TENANT, order_id)
    return rebuilding.rebuild_day(DEFAULT_TENANT, MONDAY)


def told(plant: Plant, asked: str) -> list[tuple[Any, ...]]:
    """Of each row of the day: its value, its reason, and what was done, skipped and cancelled."""
    found = plant.planner.get(f"/metrics/daily?from={MONDAY}&to={MONDAY}&{asked}").items
    none = dict.fromkeys(("done", "skipped", "cancelled"))
    stages = [row["finished"]["stages"] if row["finished"] else none for row in found]
    return [
        (row["value"], row["reason"], *(each[name] for name in none)) for row, each in zip(found, stages, strict=True)
    ]


@pytest.fixture
def worked(plant: Plant, set_clock: SetClock) -> None:
    """A stage that was done on Monday, and one that was skipped then; work on its order began two days later."""
    for n in (1, 2):
        stage = {"name": "Pres", "assignee_ids": [plant.worker.id]}
        plant.order(stage, stage, id=f"WO-{n}", product_code="Kapak")
    plant.worker.post("/stages/WO-1-01/start")
    set_clock.forward(HOUR)
    plant.worker.post("/stages/WO-1-01/done", {"good": 4})
    assert plant.planner.post("/stages/WO-2-02/skip", {"reason": "not needed"}).status == 200
    set_clock.forward(48 * HOUR)
    plant.worker.post("/stages/WO-2-01/start")
    settle()
    as_formerly()


@pytest.mark.usefixtures("worked")
def test_what_was_given_up_is_not_told_of_a_day_of_before(plant: Plant) -> None:
    assert told(plant, "group_by=none") == [(None, "not_recorded", 1, None, None)]
    assert told(plant, "group_by=worker") == [(plant.worker.id, "not_recorded", 1, None, None)]
    assert told(plant, "group_by=shift") == [(None, "not_recorded", 1, None, None)]
    (row,) = plant.planner.get(f"/exports/daily?from={MONDAY}&to={MONDAY}").items
    assert [row[name] for name in ("reason", "stages_done", "stages_skipped", "orders_cancelled", "orders_done")] == [
        "not_recorded",
        1,
        None,
        None,
        0,
    ]


@pytest.mark.usefixtures("worked")
@pytest.mark.parametrize("dimension", list(TEXTS))
def test_a_group_is_never_a_part_of_itself(plant: Plant, dimension: str) -> None:
    unknown = [(None, "not_recorded", None, None, None)]
    assert told(plant, f"group_by={dimension}") == unknown
    assert plant.planner.post("/stages/WO-1-01/reopen", {"reason": "not yet"}).status == 200
    settle()
    for asked in (f"group_by={dimension}", f"group_by={dimension}&value={TEXTS[dimension]}"):
        assert told(plant, asked)[0][1:] == unknown[0][1:]
    assert told(plant, "group_by=none") == [(None, "not_recorded", 0, None, None)]


@pytest.mark.usefixtures("worked")
def test_a_rebuild_tells_everything(plant: Plant) -> None:
    assert rebuild() > 0
    assert rebuild() == 0
    assert_settled()
    for asked, value in (("none", None), ("product", "Kapak"), ("stage", "Pres")):
        assert told(plant, f"group_by={asked}") == [(value, None, 1, 1, 0)]
    assert told(plant, "group_by=shift") == [(None, "outside_shifts", 1, 1, 0)]
