"""The numbers of days by product, customer, stage, worker, machine and line."""

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.numbers.day_sums import DaySums
from chalicelib.domain.tenants import DEFAULT_TENANT
from chalicelib.storage.numbers import daily_sums
from chalicelib.storage.numbers.daily_sums import Daily
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.machines import install
from tests.services.aggregating import assert_settled, dailies, settle
from tests.services.plain_days import recomputed, told

MONDAY = date(2026, 1, 5)


def rows(plant: Plant, asked: str) -> list[dict[str, Any]]:
    """All items of all pages."""
    reply = plant.planner.get(f"/metrics/daily?{asked}")
    items: list[dict[str, Any]] = reply.items
    while cursor := reply.data.get("next_cursor"):
        reply = plant.planner.get(f"/metrics/daily?{asked}&cursor={cursor}")
        items += reply.items
    return items


def by_value(plant: Plant, asked: str) -> dict[tuple[str, str | None], tuple[float, float]]:
    """The done stages and the run minutes by day and value."""
    return {
        (row["date"], row["value"]): (row["finished"]["stages"]["done"], row["time"]["run_minutes"])
        for row in rows(plant, asked)
    }


@pytest.fixture
def worked(plant: Plant, set_clock: SetClock) -> None:
    """Two people work on an order of two stages for half an hour; one of them ends a stage, on a machine."""
    install("M1")
    stages: list[dict[str, Any]] = [
        {"name": "pres", "machine_id": "M1", "assignee_ids": [plant.worker.id, plant.other.id]},
        {"name": "ç#b"},
    ]
    order = plant.order(*stages, product_code="P-1", customer="Arçelik")
    first, second = (stage["id"] for stage in order["stages"])
    plant.worker.post(f"/stages/{first}/start", {"machine_id": "M1"})
    plant.other.post(f"/stages/{first}/start")
    set_clock.forward(30 * MINUTE)
    plant.other.post(f"/stages/{first}/pause")
    plant.worker.post(f"/stages/{first}/done", {"good": 4})
    plant.planner.post(
        f"/stages/{second}/sessions",
        {"started_at": MORNING.isoformat(), "ended_at": MORNING.isoformat(), "good": 1, "worker_id": plant.other.id},
    )
    settle()


@pytest.mark.usefixtures("worked")
def test_a_day_is_summed_by_each_dimension(plant: Plant) -> None:
    day = "2026-01-05"
    assert by_value(plant, "group_by=product") == {(day, "P-1"): (1, 30)}
    assert by_value(plant, "group_by=customer") == {(day, "Arçelik"): (1, 30)}
    assert by_value(plant, "group_by=stage") == {(day, "pres"): (1, 30), (day, "ç#b"): (0, 0)}
    assert by_value(plant, "group_by=worker") == {(day, plant.worker.id): (1, 30), (day, plant.other.id): (1, 30)}
    assert by_value(plant, "group_by=machine") == {(day, "M1"): (1, 30)}
    assert by_value(plant, "group_by=line") == {}
    (product,) = rows(plant, "group_by=product")
    assert (product["group"], product["issues"], product["reason"]) == ("product", None, None)
    assert product["metrics"]["efficiency"]["value"] == 200


@pytest.mark.usefixtures("worked")
def test_each_dimension_is_as_recomputed_from_what_is_listed(plant: Plant) -> None:
    found = told(plant)

    assert found == recomputed(plant, [order["id"] for order in plant.planner.get("/workorders").items])
    assert {dimension for dimension, _, _ in found} == {"none", "product", "customer", "stage", "worker", "machine"}


@pytest.mark.usefixtures("worked")
def test_one_value_may_be_asked_for(plant: Plant) -> None:
    assert [row["value"] for row in rows(plant, "group_by=stage&value=%C3%A7%23b")] == ["ç#b"]
    assert rows(plant, "group_by=stage&value=kaynak") == []
    assert len(rows(plant, f"group_by=worker&value={plant.worker.id}&limit=2")) == 1


def test_values_and_days_are_read_page_by_page(plant: Plant, set_clock: SetClock) -> None:
    set_clock.set(MORNING)
    names = ["a", "a b", "b", "é", "x" * 200, "ğ" * 200, "ğ" * 199 + "h"]
    stages = [plant.order({"name": name})["stages"][0]["id"] for name in names]
    for hour in (24, 0):
        at = (MORNING - hour * HOUR - HOUR).isoformat()
        for stage in stages:
            body = {"started_at": at, "ended_at": at, "good": 1, "worker_id": plant.worker.id}
            assert plant.planner.post(f"/stages/{stage}/sessions", body).status == 201
    settle()

    whole = by_value(plant, "group_by=stage")
    assert {value for _, value in whole} == set(names)
    assert len(whole) == 14
    for limit in (1, 3, 14):
        assert list(by_value(plant, f"group_by=stage&limit={limit}")) == list(whole)
        assert list(by_value(plant, f"group_by=stage&value=b&limit={limit}")) == [
            ("2026-01-04", "b"),
            ("2026-01-05", "b"),
        ]


@pytest.mark.usefixtures("worked")
def test_a_day_of_an_earlier_release_says_that_its_groups_were_not_recorded(plant: Plant) -> None:
    for n in (1, 2):
        old = Daily(MONDAY - timedelta(days=n), DaySums(facts=3), MORNING, 1, ())
        daily_sums.put(DEFAULT_TENANT, old)

    for asked in ("group_by=product", "group_by=product&limit=1", "group_by=product&value=P-1&limit=1"):
        found = rows(plant, asked)

        assert [row["date"] for row in found] == ["2026-01-03", "2026-01-04", "2026-01-05"]
        for row in found[:2]:
            assert (row["reason"], row["finished"], row["time"]) == ("not_recorded", None, None)
            assert {each["reason"] for each in row["metrics"].values()} == {"not_recorded"}
        assert found[2]["reason"] is None


@pytest.mark.usefixtures("worked")
def test_a_day_with_facts_of_both_releases_is_not_told_by_groups(plant: Plant) -> None:
    (made,) = daily_sums.between(DEFAULT_TENANT, MONDAY, MONDAY)
    mixed = DaySums(made.sums.stages, made.sums.orders, made.sums.time, made.sums.facts + 1, made.sums.recorded)
    daily_sums.put(DEFAULT_TENANT, Daily(MONDAY, mixed, MORNING, made.revision + 1, ()))

    for limit in (1, 400):
        (row,) = rows(plant, f"group_by=worker&limit={limit}")
        assert (row["date"], row["value"], row["reason"]) == ("2026-01-05", None, "not_recorded")


def test_another_customer_moves_the_numbers_of_an_order_and_gives_both_new_revisions(
    plant: Plant, set_clock: SetClock
) -> None:
    order, other = (plant.order(customer=name, product_code="P-1") for name in ("Arçelik", "Vestel"))
    for each in (order, other):
        plant.worker.post(f"/stages/{each['stages'][0]['id']}/start")
        set_clock.forward(30 * MINUTE)
        plant.worker.post(f"/stages/{each['stages'][0]['id']}/pause")
    settle()
    before = {row["value"]: row["revision"] for row in rows(plant, "group_by=customer")}
    plant.planner.patch(f"/workorders/{order['id']}", {"customer": "Vestel", "reason": "sold"}, If_Match="*")
    settle()

    (vestel,) = rows(plant, "group_by=customer")
    assert (vestel["value"], vestel["time"]["run_minutes"], vestel["revision"]) == ("Vestel", 60, before["Vestel"] + 1)
    assert before["Arçelik"] == 1
    assert {daily.group.value: daily.revision for daily in dailies() if daily.group.dimension == "customer"} == {
        "ARÇELIK": 2,
        "VESTEL": before["Vestel"] + 1,
    }
    assert_settled()


def test_another_name_moves_the_numbers_of_a_stage(plant: Plant, set_clock: SetClock) -> None:
    stage = plant.order({"name": "pres", "assignee_ids": [plant.worker.id]})["stages"][0]["id"]
    plant.worker.post(f"/stages/{stage}/start")
    set_clock.forward(30 * MINUTE)
    plant.worker.post(f"/stages/{stage}/pause")
    settle()
    plant.planner.patch(f"/stages/{stage}", {"name": "press", "reason": "a typing error"}, If_Match="*")
    settle()

    assert by_value(plant, "group_by=stage") == {("2026-01-05", "press"): (0, 30)}
    assert_settled()


def test_a_session_stays_on_the_line_on_which_its_machine_was(plant: Plant, set_clock: SetClock) -> None:
    install("M1", line="L1")
    stage = plant.order({"name": "pres", "assignee_ids": [plant.worker.id]})["stages"][0]["id"]

    def work() -> None:
        plant.worker.post(f"/stages/{stage}/start", {"machine_id": "M1"})
        set_clock.forward(30 * MINUTE)
        plant.worker.post(f"/stages/{stage}/pause")
        settle()

    work()
    plant.planner.patch("/machines/M1", {"line": "L2"}, If_Match="*")
    set_clock.forward(2 * MINUTE)
    work()
    assert by_value(plant, "group_by=line") == {("2026-01-05", "L1"): (0, 30), ("2026-01-05", "L2"): (0, 30)}
    plant.planner.patch("/machines/M1", {"line": None}, If_Match="*")
    set_clock.forward(2 * MINUTE)
    work()
    assert by_value(plant, "group_by=line") == {("2026-01-05", "L1"): (0, 30), ("2026-01-05", "L2"): (0, 30)}
    assert by_value(plant, "group_by=machine") == {("2026-01-05", "M1"): (0, 90)}
    plant.worker.post(f"/stages/{stage}/done")
    settle()
    assert [done for done, _ in by_value(plant, "group_by=line").values()] == [1, 1]


def test_a_correction_stays_on_the_line_of_what_it_corrects(plant: Plant, set_clock: SetClock) -> None:
    for machine_id, line in (("M1", "L1"), ("M2", "L3")):
        install(machine_id, line=line)
    stage = plant.order({"name": "pres", "assignee_ids": [plant.worker.id]})["stages"][0]["id"]
    plant.worker.post(f"/stages/{stage}/start", {"machine_id": "M1"})
    set_clock.forward(30 * MINUTE)
    plant.worker.post(f"/stages/{stage}/pause")
    settle()
    plant.planner.patch("/machines/M1", {"line": "L2"}, If_Match="*")
    set_clock.forward(2 * MINUTE)

    def correct(**fields: object) -> None:
        (session,) = plant.planner.get(f"/stages/{stage}/sessions").items
        body = {**fields, "reason": "miscounted"}
        assert plant.planner.post(f"/stages/{stage}/sessions/{session['id']}/correct", body).status == 200

    correct(good=1)
    correct(good=2)  # before the first correction was aggregated
    settle()
    assert by_value(plant, "group_by=line") == {("2026-01-05", "L1"): (0, 30)}
    correct(good=3)
    settle()
    assert by_value(plant, "group_by=line") == {("2026-01-05", "L1"): (0, 30)}
    correct(machine_id="M2")
    settle()
    assert by_value(plant, "group_by=line") == {("2026-01-05", "L3"): (0, 30)}


def test_scrap_pauses_and_the_pieces_of_last_stages_are_told(plant: Plant, set_clock: SetClock) -> None:
    names = [{"name": name, "assignee_ids": [plant.worker.id]} for name in ("pres", "montaj")]
    first, last = (stage["id"] for stage in plant.order(*names)["stages"])
    plant.worker.post(f"/stages/{first}/start")
    set_clock.forward(10 * MINUTE)
    plant.worker.post(f"/stages/{first}/report", {"good": 5, "scrap": 1, "scrap_reason": "surface"})
    plant.worker.post(f"/stages/{first}/pause", {"pause_reason": "material"})
    set_clock.forward(15 * MINUTE)
    for stage in (first, last):
        plant.worker.post(f"/stages/{stage}/start")
        set_clock.forward(10 * MINUTE)
        plant.worker.post(f"/stages/{stage}/done", {"good": 4})
    settle()

    (day,) = plant.planner.get("/metrics/daily").items
    assert day["time"]["scrap_by_reason"] == {"surface": 1}
    assert day["time"]["pauses_by_reason"] == {"material": 1}
    assert day["time"]["paused_minutes_by_reason"] == {"material": 15}
    assert (day["time"]["pieces"], day["time"]["last_stage_pieces"], day["finished"]["orders"]["good"]) == (13, 4, 4)
    assert day["finished"]["stages"]["good"] == 13
    assert day["metrics"]["throughput"]["value"] == 0.167
