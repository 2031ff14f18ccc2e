"""The board: what a screen is shown with its key, what it costs, and what a person is shown."""

import json
from typing import Any

import pytest

from chalicelib.domain.boards.explained import EXPLAINED
from chalicelib.domain.boards.rows import MOST_ROWS
from chalicelib.domain.numbers.catalogue import BY_NAME
from chalicelib.domain.people.users import Role
from chalicelib.domain.tenant_settings import DEFAULT_SETTINGS
from chalicelib.services import tenants
from tests.boards import look, set_up, wrong
from tests.conftest import SetClock
from tests.floor import HOUR, MINUTE, Plant, hire, new_order
from tests.functions.two_tenants import touching
from tests.machines import install, watched, work

LONG = "🏭" * 200
DOORS = {
    "GET /metrics/hourly",
    "GET /metrics/summary",
    "GET /metrics/pareto",
    "GET /stages/{stage_id}",
    "GET /stages/{stage_id}/metrics",
}


@pytest.fixture
def key(floor: Plant) -> str:
    """The key of a screen that shows the whole plant."""
    return set_up(floor)


def test_a_screen_is_shown_its_board_at_once(floor: Plant, key: str) -> None:
    reply = look(floor, key)
    assert reply.status == 200
    assert (reply.data["tenant"], reply.data["line"], reply.data["stale"]) == ("default", None, False)
    assert reply.data["verdict"] == {"value": None, "unit": None, "reason": "nothing_runs"}
    assert "explained" not in reply.data


def test_an_unchanged_board_costs_one_read(floor: Plant, key: str) -> None:
    etag = look(floor, key).headers["ETag"]
    with watched() as called:
        reply = look(floor, key, If_None_Match=etag)
    assert (reply.status, reply.body, called) == (304, None, ["BatchGetItem"])


def test_the_day_on_which_a_screen_was_last_seen_is_written_once_a_day(
    floor: Plant, key: str, set_clock: SetClock
) -> None:
    assert floor.planner.get("/screens").items[0]["last_seen_on"] is None
    look(floor, key)
    assert floor.planner.get("/screens").items[0]["last_seen_on"] == "2026-01-05"
    set_clock.forward(24 * HOUR)
    with watched() as called:
        look(floor, key)
        look(floor, key)
    assert called.count("TransactWriteItems") == 1


def test_a_revoked_key_is_refused_at_once(floor: Plant, key: str) -> None:
    assert look(floor, key).status == 200
    screen = floor.planner.get("/screens").items[0]["id"]
    floor.planner.delete(f"/screens/{screen}")
    reply = look(floor, key)
    assert (reply.status, reply.error["code"]) == (401, "ERR_SCREEN_KEY_INVALID")


@pytest.mark.parametrize("nonsense", ["", "nonsense", "takip-screen.default.plant.K." + "s" * 43])
def test_what_is_no_key_is_refused(floor: Plant, nonsense: str) -> None:
    reply = look(floor, nonsense)
    assert (reply.status, reply.error["code"]) == (401, "ERR_SCREEN_KEY_INVALID")
    assert floor.admin.get("/auth/events?kind=screen_refused").items == []


def test_wrong_keys_are_recorded_and_slowed_down_and_the_right_one_is_not(floor: Plant, key: str) -> None:
    assert [look(floor, wrong(key)).status for _ in range(6)] == [401] * 5 + [429]
    assert look(floor, key).status == 200
    recorded = floor.admin.get("/auth/events?kind=screen_refused").items
    assert len(recorded) == 5
    assert recorded[0]["detail"] == {"screen_id": floor.planner.get("/screens").items[0]["id"]}


def test_a_key_is_for_the_board_of_its_own_line(floor: Plant, key: str) -> None:
    line = floor.planner.post("/screens", {"name": "Hall B", "line": "Kesim"}).data["key"]
    plant_board = key.split(".")[2]
    moved = ".".join([*line.split(".")[:2], plant_board, *line.split(".")[3:]])
    assert look(floor, line).data["line"] == "Kesim"
    assert look(floor, moved).status == 401
    named = look(floor, line, "?line=Kesim")
    assert (named.status, named.error["code"]) == (400, "ERR_REQUEST_BAD_PARAMETER")


def test_a_key_opens_no_other_door_and_is_no_token(floor: Plant, key: str) -> None:
    paths = ("/screens", "/metrics/summary", "/machines/M1", "/auth/me", "/stages")
    replies = [floor.stranger.get(path, X_Screen_Key=key) for path in paths]
    replies += [floor.stranger.get("/board", Authorization=f"Bearer {key}"), floor.stranger.get("/board")]
    replies += [floor.stranger.get("/board", X_Machine_Key=key)]
    assert [reply.status for reply in replies] == [401] * 8


def test_whoever_sends_a_token_too_is_taken_for_the_person(floor: Plant, key: str) -> None:
    assert floor.worker.get("/board", X_Screen_Key=key).status == 403
    assert floor.planner.get("/board?line=Kesim", X_Screen_Key="nonsense").data["line"] == "Kesim"


def test_a_person_reads_the_board_that_screens_show_and_any_other_is_made_for_them(floor: Plant, key: str) -> None:
    shown = look(floor, key).data
    work()
    floor.order(id="WO-9")
    with watched() as called:
        assert floor.planner.get("/board").data["rows"] == shown["rows"]
    assert called[0] == "GetItem"
    assert floor.planner.get("/board?line=Kesim").data["machines"] == 0


def test_two_tenants_never_see_each_other(floor: Plant, key: str) -> None:
    tenants.create("acme", DEFAULT_SETTINGS)
    planner = hire(floor.client, "the planner of acme", Role.PLANNER, tenant="acme")
    theirs = planner.post("/screens", {"name": "Hall A"}).data["key"]
    planner.post("/machines", {"id": "M7", "name": "Press"})
    planner.post("/machines", {"id": "M8", "name": "Press"})
    for sent, tenant, machines in ((key, "default", 1), (theirs, "acme", 2)):
        with touching() as touched:
            shown = look(floor, sent).data
        assert (shown["tenant"], shown["machines"], touched) == (tenant, machines, {tenant})
    assert look(floor, key.replace(".default.", ".acme.")).status == 401


def test_what_needs_action_is_shown_with_its_age(floor: Plant, set_clock: SetClock) -> None:
    order = floor.order(id="WO-1", number="N-1")
    stage = order["stages"][0]["id"]
    floor.worker.post(f"/stages/{stage}/start", {"machine_id": "M1"})
    floor.worker.post(f"/stages/{stage}/issue", {"type": "quality", "description": LONG, "priority": "high"})
    set_clock.forward(MINUTE)
    floor.worker.post("/machines/M1/issue", {"type": "tooling", "description": "It rattles"})
    work()
    set_clock.forward(13 * HOUR)
    shown = floor.planner.get("/board").data
    assert [(need["kind"], need.get("number"), need.get("machine"), need.get("what")) for need in shown["needs"]] == [
        ("issue", "N-1", None, "quality"),
        ("issue", None, "M1", "tooling"),
        ("forgotten_session", "N-1", "M1", None),
    ]
    assert shown["needs"][0]["text"].endswith("🏭…")
    assert (shown["needs"][2]["person"], shown["more_needs"]) == (floor.worker.user.name, 0)  # type: ignore[union-attr]
    assert (shown["tiles"]["open_issues"]["high"], shown["idle"]) == (1, 0)


def test_work_at_no_machine_counts_for_the_line_for_whose_machine_it_is_planned(
    floor: Plant, set_clock: SetClock
) -> None:
    install("M2", line="Kesim")
    stage = floor.order()["stages"][0]["id"]
    floor.worker.post(f"/stages/{stage}/start")
    set_clock.forward(MINUTE)
    floor.worker.post(f"/stages/{stage}/report", {"good": 3})
    floor.worker.post(f"/stages/{stage}/pause")
    set_clock.forward(MINUTE)
    work()
    made = [floor.planner.get(path).data["made"]["good"] for path in ("/board", "/board?line=kesim")]
    assert made == [3, 0]
    planned = {"machine_id": "M2", "reason": "another machine"}
    assert floor.planner.patch(f"/stages/{stage}", planned, If_Match="*").status == 200
    shown = floor.planner.get("/board?line=kesim").data
    assert (shown["made"]["good"], shown["rows"][0]["state"], shown["rows"][0]["machine"]) == (3, "paused", "M2")


def test_what_stands_still_comes_first_with_its_reason(floor: Plant, set_clock: SetClock) -> None:
    for n, who in enumerate((floor.worker, floor.other, floor.planner)):
        floor.order({"name": "Montaj", "assignee_ids": [who.id]}, id=f"WO-{n}", number=f"N-{n}")
        who.post(f"/stages/WO-{n}-01/start")
    set_clock.forward(MINUTE)
    floor.planner.post("/workorders/WO-1/hold", {"reason": "no drawing"})
    floor.planner.post("/stages/WO-2-01/issue", {"type": "safety", "description": "Oil", "blocking": True})
    work()
    rows = floor.planner.get("/board").data["rows"]
    assert {row["number"]: (row["state"], row["since"][11:19]) for row in rows} == {
        "N-1": ("held", "08:01:00"),
        "N-2": ("blocked", "08:01:00"),
        "N-0": ("running", "08:00:00"),
    }
    assert rows[-1]["number"] == "N-0"


@pytest.fixture
def crowd(floor: Plant, set_clock: SetClock) -> None:
    """Fifteen stages at work, with the longest names that there may be, and twenty issues."""
    install("x" * 64)
    hands = [hire(floor.client, f"{n} {LONG}"[:200], Role.WORKER) for n in range(15)]
    for n, hand in enumerate(hands):
        stage = {"name": f"{n} {LONG}"[:200], "assignee_ids": [hand.id], "standard_seconds_per_unit": 1}
        wanted = new_order(number=f"{n}-{LONG}"[:200], product_code=LONG, stages=[stage], quantity=123456789.125)
        made = floor.planner.post("/workorders", wanted)
        assert made.status == 201, made.body
        path = f"/stages/{made.data['stages'][0]['id']}"
        assert hand.post(f"{path}/start", {"machine_id": "x" * 64}).status == 200
        assert hand.post(f"{path}/issue", {"type": "quality", "description": LONG}).status == 201
    set_clock.forward(HOUR + MINUTE)


@pytest.mark.usefixtures("crowd")
def test_a_board_has_five_kilobytes_at_most_and_counts_what_has_no_room(floor: Plant) -> None:
    reply = floor.planner.get("/board")
    shown = reply.data
    assert size_of(reply.body) <= 5 * 1024
    assert len(shown["rows"]) >= 5
    assert len(shown["rows"]) + shown["more_rows"] == 15
    assert (len(shown["needs"]), shown["more_needs"]) == (6, 9)


def test_a_usual_board_has_room_for_all_of_its_rows(floor: Plant, set_clock: SetClock) -> None:
    for n in range(13):
        hand = floor.hire(f"Ayşe Yılmaz {n}", Role.WORKER)
        stage = {"name": "Enjeksiyon", "assignee_ids": [hand.id], "standard_seconds_per_unit": 20}
        made = floor.planner.post("/workorders", new_order(number=f"2026-{n:04}", stages=[stage])).data
        assert hand.post(f"/stages/{made['stages'][0]['id']}/start").status == 200
    set_clock.forward(MINUTE)
    shown = floor.planner.get("/board").data
    assert (len(shown["rows"]), shown["more_rows"]) == (MOST_ROWS, 1)


def size_of(body: Any) -> int:
    return len(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode())


def test_every_number_says_how_it_was_made(floor: Plant, key: str) -> None:
    shown = look(floor, key, "?explain=1").data
    told = {each["number"]: each for each in shown["explained"]}
    assert len(told) == len(EXPLAINED)
    assert told["made.expected"]["formula"] == BY_NAME["expected"].formula
    assert told["made.expected"]["window"] == {"from": shown["shift"]["from"], "to": shown["as_of"]}
    assert told["tiles.on_time"]["window"]["from"] == "2026-01-04T21:00:00.000Z"
    assert (told["tiles.held"]["formula"], told["tiles.held"]["window"]) == (None, None)
    assert {each["door"].partition("?")[0] for each in told.values()} <= DOORS
