"""What machines counted becomes the good pieces of a stage that was finished without any, if the plant wants it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.instants import wire
from chalicelib.domain.tenant_settings import CountedPieces
from tests.conftest import SetClock, Told
from tests.floor import HOUR, MINUTE, MORNING, Plant
from tests.functions.booked import (
    LOOK,
    SIX,
    STAGE,
    booked,
    correct,
    done,
    furnished,
    good,
    late,
    sessions,
    waiting,
    want,
)
from tests.machines import work
from tests.services.andon.escalations import tick


@pytest.fixture
def shop(floor: Plant) -> Plant:
    """A plant that books what its machine counted."""
    return furnished(floor)


def test_the_count_becomes_the_good_pieces_once_the_readings_are_in_the_numbers(
    shop: Plant, set_clock: SetClock
) -> None:
    done(shop)
    assert (good(shop), booked()) == (0, 0)
    set_clock.forward(LOOK)
    assert (booked(), good(shop)) == (1, 120)
    (session,) = sessions(shop)
    assert (session["good"], session["booked_by"], session["worker_id"]) == (120, "takip", shop.worker.id)
    history = shop.planner.get("/workorders/WO-1/history").items[-1]
    assert (history["command"], history["actor"], history["reason"]) == ("correct", "takip", "counted by the machine")
    work()
    assert (
        shop.planner.get("/metrics/daily?from=2026-01-05&to=2026-01-05").items[0]["finished"]["stages"]["good"] == 120
    )


def test_late_readings_move_it_and_nothing_is_booked_twice(shop: Plant, set_clock: SetClock) -> None:
    done(shop)
    set_clock.forward(LOOK)
    tick()
    late("07:30:30.000", 1000.0)  # a counter that ran on for half a minute, and then began at 0 again
    set_clock.forward(LOOK)
    assert (booked(), good(shop), len(sessions(shop))) == (1, 1120, 1)
    set_clock.forward(2 * LOOK)
    assert (booked(), good(shop)) == (0, 1120)
    set_clock.forward(timedelta(days=3))
    assert (booked(), waiting(), good(shop)) == (0, [], 1120)


def test_scrap_and_earlier_reports_are_in_the_count(shop: Plant, set_clock: SetClock) -> None:
    shop.worker.post(f"/stages/{STAGE}/report", {"good": 50, "scrap": 5})
    done(shop, scrap=3, rework=2)
    set_clock.forward(LOOK)
    assert (booked(), good(shop)) == (1, 110)


def test_people_who_reported_more_are_not_lowered(shop: Plant, set_clock: SetClock) -> None:
    shop.worker.post(f"/stages/{STAGE}/report", {"good": 150})
    done(shop)
    set_clock.forward(LOOK)
    assert (booked(), good(shop)) == (0, 150)


def test_a_booking_is_lowered_to_what_is_counted_but_not_below_what_people_reported(
    shop: Plant, set_clock: SetClock
) -> None:
    shop.worker.post(f"/stages/{STAGE}/report", {"good": 50})
    done(shop)
    set_clock.forward(LOOK)
    tick()
    correct(shop, ended_at=wire(SIX + HOUR))
    set_clock.forward(LOOK)
    assert (booked(), good(shop)) == (1, 60)
    correct(shop, ended_at=wire(SIX + HOUR / 2))
    set_clock.forward(2 * LOOK)
    assert (booked(), good(shop)) == (1, 50)


def test_more_than_the_order_allows_is_not_booked_and_a_planner_decides(
    shop: Plant, set_clock: SetClock, told: Told
) -> None:
    done(shop)
    late("07:30:30.000", 3000.0)
    set_clock.forward(LOOK)
    assert (booked(), good(shop)) == (0, 0)
    (refused,) = [each for each in told() if "cannot be booked" in each["message"]]
    assert (refused["level"], refused["code"]) == ("INFO", "ERR_STAGE_OVER_QUANTITY")
    correct(shop, good=2500)
    set_clock.forward(LOOK)
    assert (booked(), good(shop), waiting()) == (0, 2500, [])


@pytest.mark.parametrize("spoken", [{"good": 118}, {"void": True}])
def test_what_people_say_afterwards_stands(shop: Plant, set_clock: SetClock, spoken: Mapping[str, Any]) -> None:
    done(shop)
    set_clock.forward(LOOK)
    tick()
    correct(shop, **spoken)
    set_clock.forward(LOOK)
    assert (booked(), good(shop), waiting()) == (0, spoken.get("good", 0), [])


def test_good_pieces_of_a_session_that_is_booked_afterwards_stand_too(shop: Plant, set_clock: SetClock) -> None:
    done(shop)
    set_clock.forward(MINUTE)
    body = {"started_at": wire(SIX), "ended_at": wire(SIX), "worker_id": shop.worker.id, "good": 7}
    assert shop.planner.post(f"/stages/{STAGE}/sessions", body).status == 201
    set_clock.forward(LOOK)
    assert (booked(), good(shop), waiting()) == (0, 7, [])


def test_a_time_that_is_booked_afterwards_on_the_machine_is_counted_too(shop: Plant, set_clock: SetClock) -> None:
    shop.worker.post(f"/stages/{STAGE}/pause", {"at": wire(SIX + HOUR)})
    done(shop)
    body = {"started_at": wire(SIX + HOUR), "ended_at": wire(MORNING), "worker_id": shop.worker.id, "machine_id": "M1"}
    assert shop.planner.post(f"/stages/{STAGE}/sessions", body).status == 201
    set_clock.forward(LOOK)
    assert (booked(), good(shop)) == (1, 120)


@pytest.mark.parametrize("wanted", [CountedPieces.SHOWN, CountedPieces.PROPOSED])
def test_nothing_is_booked_where_the_plant_does_not_want_it(
    shop: Plant, set_clock: SetClock, wanted: CountedPieces
) -> None:
    done(shop)
    want(wanted)
    set_clock.forward(LOOK)
    assert (booked(), good(shop), waiting()) == (0, 0, [])


def test_a_done_with_good_pieces_or_under_another_setting_waits_for_no_count(shop: Plant) -> None:
    done(shop, good=119)
    assert waiting() == []
    shop.planner.post(f"/stages/{STAGE}/reopen", {"reason": "one is missing"})
    want(CountedPieces.SHOWN)
    done(shop)
    assert waiting() == []


def test_a_reopened_stage_waits_until_it_is_done_again(shop: Plant, set_clock: SetClock) -> None:
    done(shop)
    shop.planner.post(f"/stages/{STAGE}/reopen", {"reason": "one is missing"})
    set_clock.forward(LOOK)
    assert (booked(), good(shop), waiting()) == (0, 0, [])
    done(shop)
    set_clock.forward(LOOK)
    assert (booked(), good(shop)) == (1, 120)


def test_a_stage_without_a_machine_or_without_counts_stays_as_it_is(shop: Plant, set_clock: SetClock) -> None:
    assert shop.worker.post("/stages/WO-1-02/start", {}).status == 200
    assert shop.worker.post("/stages/WO-1-02/done", {}).status == 200
    set_clock.forward(LOOK)
    assert booked() == 0
    assert shop.planner.get("/stages/WO-1-02").data["good"] == 0


def test_a_booking_that_the_order_refuses_is_tried_again(shop: Plant, set_clock: SetClock, told: Told) -> None:
    """In a streaming flow the stage before must have made the pieces."""
    window = {"planned_start": wire(MORNING - 4 * HOUR), "planned_end": wire(MORNING + 4 * HOUR)}
    stages = [{"name": name, "assignee_ids": [shop.worker.id]} for name in ("Enjeksiyon", "Montaj")]
    order = {"id": "WO-2", "product_code": "P-1", "lot_no": "L-1", "quantity": 1000, "stages": stages, **window}
    assert shop.planner.post("/workorders", {**order, "flow": "streaming"}).status == 201
    assert shop.worker.post("/stages/WO-2-01/start", {}).status == 200
    assert shop.worker.post("/stages/WO-2-01/report", {"good": 10}).status == 200
    shop.planner.post(f"/stages/{STAGE}/pause", {"worker_id": shop.worker.id, "at": wire(SIX)})
    begin = {"worker_id": shop.worker.id, "machine_id": "M1", "at": wire(SIX)}
    assert shop.planner.post("/stages/WO-2-02/start", begin).status == 200
    assert shop.worker.post("/stages/WO-2-02/done", {}).status == 200
    set_clock.forward(LOOK)
    assert booked() == 0
    (refused,) = [each for each in told() if "cannot be booked" in each["message"]]
    assert (refused["level"], refused["code"]) == ("INFO", "ERR_STAGE_UPSTREAM_SHORT")
    shop.worker.post("/stages/WO-2-01/report", {"good": 200})
    set_clock.forward(LOOK)
    assert booked() == 1
    assert shop.planner.get("/stages/WO-2-02").data["good"] == 120
