"""Rebuilding: past days come out as the changes had left them, whatever was lost or wrong meanwhile."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import BadParameter
from chalicelib.domain.numbers.day_facts import Fact, FactKey, SessionFact
from chalicelib.domain.numbers.day_sums import DaySums, FinishedStages
from chalicelib.domain.numbers.dimensions import WHOLE, Dimension, Group, Place
from chalicelib.domain.tenants import DEFAULT_TENANT, TenantNotFound
from chalicelib.services.numbers import rebuilding
from chalicelib.storage import streams, table
from chalicelib.storage.items import Item, item
from chalicelib.storage.numbers import aggregates, daily_sums, issue_days
from chalicelib.storage.numbers.aggregates import KIND_OF, KINDS
from chalicelib.storage.numbers.daily_sums import Daily
from tests.conftest import SetClock
from tests.domain.real_factories import Worked
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.sampling import sampled
from tests.services.aggregating import assert_settled, settle
from tests.stored_log import FIRST, LAST, stored_job_shop

Standing = Mapping[tuple[str, str], Any]
MONDAY, TUESDAY = date(2026, 1, 5), date(2026, 1, 6)
NUMBERS = {*KINDS, "daily", "daily_issues", "projected"}


def numbers() -> Standing:
    """All facts, entries and sums in the table that are not empty, without revisions and when they were made."""
    found: dict[tuple[str, str], Any] = {}
    for stored in Item.scan():
        if stored.kind == "daily":
            made = stored.read(Daily)
            if made.sums != DaySums():
                found[stored.key] = (made.sums, made.covered, made.spellings)
        elif stored.kind in NUMBERS:
            found[stored.key] = {
                name: each for name, each in stored.data.items() if name not in ("revision", "made_at")
            }
    return found


def rebuild(first: date, last: date) -> int:
    """Rebuild days as the command line does; returns how many sums were wrong."""
    rebuilding.begin(DEFAULT_TENANT)
    days = rebuilding.days_of(first, last)
    for order_id in rebuilding.orders_of(DEFAULT_TENANT, days):
        rebuilding.rebuild_order(DEFAULT_TENANT, order_id)
    changed = sum(rebuilding.rebuild_day(DEFAULT_TENANT, day) for day in days)
    for day, issue_id in rebuilding.issues_of(DEFAULT_TENANT, days):
        rebuilding.rebuild_issue(DEFAULT_TENANT, day, issue_id)
    return changed


@pytest.fixture
def shop(plant: Plant) -> list[Worked]:
    """Orders of a real quarter, as each change left their numbers."""
    return list(stored_job_shop(one_in=36))


def facts() -> list[Item]:
    return [stored for stored in Item.scan() if stored.kind in KINDS]


def as_earlier_releases_wrote(stored: Item) -> None:
    """Write a fact without what later releases added to it."""
    fact: Fact = replace(stored.read(KINDS[stored.kind]), groups=None)
    table.put(item(stored.key, KIND_OF[type(fact)], fact))


def test_a_rebuilt_quarter_is_as_the_changes_left_it(shop: list[Worked]) -> None:
    left = numbers()

    assert rebuild(FIRST, LAST) == 0
    assert numbers() == left


@pytest.mark.timeout(900)
def test_what_was_lost_or_wrong_is_made_again(shop: list[Worked]) -> None:
    left = numbers()
    for n, stored in enumerate(facts()):
        if n % 3 == 0:
            as_earlier_releases_wrote(stored)
        elif n % 3 == 1:
            stored.delete(add_version_condition=False)
    for stored in [stored for stored in Item.scan() if stored.kind == "daily"][::2]:
        made = replace(stored.read(Daily), sums=DaySums(stages=FinishedStages(done=99)), covered=())
        table.put(item(stored.key, "daily", made, revision=made.revision))
    made = Daily(date(2012, 2, 1), DaySums(facts=1, recorded=1), MORNING, 1, (), Group(Dimension.LINE, "L9"))
    daily_sums.put(DEFAULT_TENANT, made)
    assert numbers() != left

    assert rebuild(FIRST, LAST) > 0
    assert numbers() == left
    assert rebuild(FIRST, LAST) == 0


def test_numbers_that_earlier_releases_did_not_keep_come_with_a_rebuild(plant: Plant, set_clock: SetClock) -> None:
    stage = plant.order()["stages"][0]["id"]
    plant.worker.post(f"/stages/{stage}/start")
    set_clock.forward(HOUR)
    plant.worker.post(f"/stages/{stage}/done", {"good": 4})
    settle()
    path = "/metrics/daily?group_by=product"
    (day,) = plant.planner.get(path).items
    for stored in facts():
        as_earlier_releases_wrote(stored)
    rebuilding.rebuild_day(DEFAULT_TENANT, MONDAY)
    (unknown,) = plant.planner.get(path).items
    assert (unknown["finished"], unknown["reason"]) == (None, "not_recorded")

    rebuild(MONDAY, MONDAY)

    (again,) = plant.planner.get(path).items
    assert (again["value"], again["finished"], again["reason"]) == ("P-1", day["finished"], None)


def test_only_orders_that_touch_the_days_are_computed_again(plant: Plant, set_clock: SetClock) -> None:
    for n in range(3):
        plant.order(id=f"WO-{n}")
        plant.worker.post(f"/stages/WO-{n}-01/start")
        set_clock.forward(HOUR)
        plant.worker.post(f"/stages/WO-{n}-01/done", {"good": 1})
        set_clock.forward(23 * HOUR)
    plant.order(id="WO-later")
    settle()

    asked = {day: rebuilding.orders_of(DEFAULT_TENANT, [MONDAY + day * timedelta(days=1)]) for day in range(4)}
    assert asked == {0: ["WO-0"], 1: ["WO-1"], 2: ["WO-2"], 3: ["WO-later"]}


def test_an_order_that_has_facts_where_it_says_nothing_of_them_is_computed_again(
    plant: Plant, worked_stage: str
) -> None:
    settle()
    stored = next(stored for stored in facts() if stored.PK.endswith(MONDAY.isoformat()))
    fact = _fact(stored)
    assert isinstance(fact, SessionFact)
    nameless = replace(fact, stage_id=None)
    at = aggregates._fact_at(DEFAULT_TENANT, FactKey(date(2025, 12, 1), "SESSION", "s"))
    table.put(item(at, stored.kind, nameless))
    table.put(item(aggregates._fact_at(DEFAULT_TENANT, _key(stored, date(2026, 2, 1))), stored.kind, _fact(stored)))

    assert rebuilding.orders_of(DEFAULT_TENANT, [date(2025, 12, 1)]) == []
    assert rebuilding.orders_of(DEFAULT_TENANT, [date(2026, 2, 1)]) == ["WO-1"]


def _fact(stored: Item) -> Fact:
    return stored.read(KINDS[stored.kind])


def _key(stored: Item, day: date) -> Any:
    subject, _, identity = stored.SK.partition("#")
    return FactKey(day, subject, identity)


def test_a_command_while_a_day_is_rebuilt_is_in_its_numbers(
    plant: Plant, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    stage = plant.order()["stages"][0]["id"]
    plant.worker.post(f"/stages/{stage}/start")
    set_clock.forward(MINUTE)
    plant.worker.post(f"/stages/{stage}/pause")
    settle()
    table.put(_wrong(MONDAY))
    read = aggregates.facts_of
    interrupted: list[bool] = []

    def read_and_work(*asked: Any, **more: Any) -> list[Fact]:
        found = read(*asked, **more)
        if not interrupted:
            interrupted.append(True)
            plant.worker.post(f"/stages/{stage}/start")
            set_clock.forward(timedelta(seconds=5))
            plant.worker.post(f"/stages/{stage}/done", {"good": 5})
            settle()
        return found

    with monkeypatch.context() as patched:
        patched.setattr(aggregates, "facts_of", read_and_work)
        rebuilding.rebuild_day(DEFAULT_TENANT, MONDAY)

    assert_settled()
    assert len(waits) == 1


def _wrong(day: date) -> Item:
    """Wrong sums of a day, at the revision that it has."""
    ((_, made),) = daily_sums.find(DEFAULT_TENANT, [Place(day, WHOLE)]).items()
    wrong = replace(made, sums=replace(made.sums, facts=made.sums.facts + 7))
    return item(daily_sums.at(DEFAULT_TENANT, wrong.place), "daily", wrong, revision=wrong.revision)


def test_issues_of_days_are_made_again(plant: Plant, set_clock: SetClock) -> None:
    stage = plant.order()["stages"][0]["id"]
    made = [
        plant.worker.post(f"/stages/{stage}/issue", {"type": kind, "description": "x"}).data["id"]
        for kind in ("quality", "safety")
    ]
    set_clock.forward(HOUR)
    plant.planner.patch(f"/issues/{made[0]}", {"status": "resolved"})
    settle()
    left = numbers()
    day = issue_days.of_day(DEFAULT_TENANT, MONDAY)
    foreign = replace(day.issues[0], id=f"{made[0]}x")
    issue_days.put(DEFAULT_TENANT, replace(day, issues=(foreign, day.issues[1]), revision=day.revision + 1))

    assert rebuilding.issues_of(DEFAULT_TENANT, [TUESDAY]) == []
    assert [issue_id for _, issue_id in rebuilding.issues_of(DEFAULT_TENANT, [MONDAY])] == sorted([made[0], foreign.id])
    rebuild(MONDAY, TUESDAY)

    again = numbers()
    assert {key: sorted(map(str, each["issues"])) for key, each in again.items() if "issues" in each} == {
        key: sorted(map(str, each["issues"])) for key, each in left.items() if "issues" in each
    }


def test_a_list_is_read_to_its_end_page_by_page(shop: list[Worked], monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rebuilding.orders_of(DEFAULT_TENANT, rebuilding.days_of(FIRST, LAST))
    for size in sampled((1, 2, 3), 3):
        monkeypatch.setattr(streams, "A_PAGE", size)
        assert rebuilding.orders_of(DEFAULT_TENANT, rebuilding.days_of(FIRST, LAST)) == whole
    assert whole == sorted(worked.order.id for worked in shop)


def test_a_rebuild_needs_days_in_order_and_a_tenant(plant: Plant) -> None:
    with pytest.raises(BadParameter):
        rebuilding.days_of(TUESDAY, MONDAY)
    with pytest.raises(TenantNotFound):
        rebuilding.begin("nobody")
