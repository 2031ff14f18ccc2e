"""When boards are made again, what that costs, and what is written."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.boards.state import HEARTBEAT, STALE_AFTER
from chalicelib.services.boards import boards, following, looking
from chalicelib.services.numbers.aggregation import hand_out
from chalicelib.storage import markers
from functions.send_events import send_events
from tests.boards import look, set_up
from tests.conftest import SetClock, Told
from tests.floor import HOUR, MINUTE, Plant
from tests.lambdas import LambdaContext
from tests.machines import install, standing, watched, work
from tests.services.aggregating import run
from tests.telling import written

PLENTY = timedelta(minutes=1)
READS = {"GetItem", "BatchGetItem", "Query"}


@pytest.fixture
def key(floor: Plant) -> str:
    """The key of a screen that shows the whole plant, and has shown it."""
    key = set_up(floor)
    look(floor, key)
    return key


def minute() -> None:
    """What the clock does each minute."""
    following.mark_watched()
    run()


def begin(floor: Plant, order: str = "WO-1", who: str = "worker", **at: Any) -> None:
    person = floor.everybody()[who]
    floor.order({"name": "Montaj", "assignee_ids": [person.id]}, id=order, number=order)
    assert person.post(f"/stages/{order}-01/start", at).status == 200


def test_the_minute_makes_boards_again_after_the_numbers(floor: Plant, key: str, set_clock: SetClock) -> None:
    begin(floor)
    floor.planner.post("/workorders/WO-1/hold", {"reason": "no drawing"})
    set_clock.forward(MINUTE)
    minute()
    shown = look(floor, key).data
    assert (shown["tiles"]["held"], shown["rows"][0]["state"]) == (1, "held")
    assert standing("marker") == []


def test_the_clock_marks_the_tenants_that_have_a_screen_and_no_others(floor: Plant) -> None:
    hand_out()
    assert markers.pending() == []
    screen = floor.planner.post("/screens", {"name": "Hall A"}).data["id"]
    hand_out()
    hand_out()
    (marker,) = markers.pending()
    assert (marker.tenant, marker.boards) == ("default", True)
    floor.planner.delete(f"/screens/{screen}")
    run()
    assert standing("board") == []
    hand_out()
    assert markers.pending() == []


def test_marked_boards_do_not_make_days_incomplete(floor: Plant, key: str, set_clock: SetClock) -> None:
    begin(floor)
    floor.worker.post("/stages/WO-1-01/done", {"good": 1})
    set_clock.forward(48 * HOUR)
    work()
    following.mark_watched()
    (day,) = floor.planner.get("/metrics/daily?from=2026-01-05&to=2026-01-05").items
    assert day["complete"]


def test_a_command_shows_after_its_event(floor: Plant, key: str) -> None:
    begin(floor)
    assert look(floor, key).data["rows"] == []
    send_events({"Records": written()}, LambdaContext())
    assert [row["number"] for row in look(floor, key).data["rows"]] == ["WO-1"]


def test_a_batch_of_events_makes_the_boards_of_a_tenant_once(
    floor: Plant, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []
    monkeypatch.setattr(boards, "remake", lambda tenant, _tell: made.append(tenant))
    begin(floor)
    begin(floor, "WO-2", "other")
    send_events({"Records": written()}, LambdaContext())
    assert made == ["default"]


def test_a_board_that_cannot_be_made_keeps_no_event(
    floor: Plant, key: str, monkeypatch: pytest.MonkeyPatch, told: Told
) -> None:
    def fail(_tenant: str, _tell: object) -> int:
        raise TimeoutError

    monkeypatch.setattr(boards, "remake", fail)
    begin(floor)
    assert send_events({"Records": written()}, LambdaContext())["failed"] == 0
    assert standing("outgoing") == []
    assert "boards could not be made" in [line["message"] for line in told()]


def test_without_a_screen_a_board_costs_one_query(floor: Plant) -> None:
    with watched() as called:
        assert boards.remake("default") == 0
    assert called == ["Query"]


def test_what_shows_the_same_is_written_now_and_then_only(floor: Plant, key: str, set_clock: SetClock) -> None:
    made = []
    for _ in range(6):
        set_clock.forward(MINUTE)
        made.append(boards.remake("default"))
    assert made == [0, 1, 0, 1, 0, 1]
    assert timedelta(minutes=2) == HEARTBEAT


def test_the_same_board_has_the_same_etag_and_a_stale_one_another(floor: Plant, key: str, set_clock: SetClock) -> None:
    etag = look(floor, key).headers["ETag"]
    set_clock.forward(2 * MINUTE)
    boards.remake("default")
    assert look(floor, key, If_None_Match=etag).status == 304
    set_clock.forward(STALE_AFTER + MINUTE)
    reply = look(floor, key, If_None_Match=etag)
    assert (reply.status, reply.data["stale"]) == (200, True)
    assert floor.planner.get("/board").data["stale"] is False


def test_hundred_screens_cost_no_more_than_one(floor: Plant, key: str, set_clock: SetClock) -> None:
    def cost() -> Counter[str]:
        set_clock.forward(3 * MINUTE)
        with watched() as called:
            assert boards.remake("default") == 1
        return Counter(called)

    alone = cost()
    for _ in range(9):
        set_up(floor)
    assert cost() == alone


def test_what_others_wrote_meanwhile_is_made_again(floor: Plant, key: str, set_clock: SetClock) -> None:
    set_clock.forward(3 * MINUTE)
    raced: list[int] = []

    def race(operation: str, _: dict[str, Any]) -> None:
        if operation == "PutItem" and not raced:
            raced.append(0)
            raced.append(boards.remake("default"))

    begin(floor)
    with watched(race):
        boards.remake("default")
    assert raced == [0, 1]
    assert len(look(floor, key).data["rows"]) == 1


def test_whoever_always_loses_gives_up(floor: Plant, key: str, set_clock: SetClock) -> None:
    set_clock.forward(3 * MINUTE)
    tried: list[str] = []

    def lose(operation: str, parameters: dict[str, Any]) -> None:
        if operation == "PutItem":
            tried.append(operation)
            parameters["ExpressionAttributeValues"][":0"] = {"N": "99"}

    with watched(lose):
        assert boards.remake("default") == 0
    assert len(tried) == boards.MOST_ATTEMPTS


@pytest.fixture
def busy(floor: Plant, key: str, set_clock: SetClock) -> None:
    """Two lines, and three stages at work at machines."""
    for n in range(3):
        install(f"M1{n}", line="Kesim")
        begin(floor, f"WO-{n}", ("worker", "other", "planner")[n], machine_id=f"M1{n}")
    set_clock.forward(2 * HOUR)
    work()


@pytest.mark.usefixtures("busy")
def test_the_reads_of_a_remake_are_counted(floor: Plant, set_clock: SetClock) -> None:
    with watched() as called:
        boards.remake("default")
    plant = Counter(called)
    # Boards, stages at work, issues, machines with issues, machines, explanations; facts of two days, states of three,
    # and the sessions of three stages.
    assert plant == {"Query": 6 + 2 + 3 + 3, "GetItem": 1, "BatchGetItem": 4, "PutItem": 1}
    set_up(floor, "Kesim")
    set_up(floor, "Paket")
    set_clock.forward(MINUTE / 2)
    with watched() as called:
        boards.remake("default")
    assert Counter(called) - plant == {"Query": 2, "PutItem": 2}


@pytest.mark.usefixtures("busy")
def test_too_many_stages_are_told_and_not_read(
    floor: Plant, key: str, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "MOST_WORKED", 2)
    set_clock.forward(MINUTE)
    with watched() as called:
        boards.remake("default")
    assert called.count("Query") == 11
    shown = look(floor, key).data
    assert (shown["made_reason"], shown["verdict"]["unit"], len(shown["rows"])) == ("too_many_stages", "minutes", 2)
