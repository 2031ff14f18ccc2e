"""Rollups over HTTP: the statistics of hours, and how they were made."""

from datetime import timedelta

import pytest

from tests.conftest import SetClock
from tests.floor import Plant
from tests.machines import AT, READINGS, ROLLUPS, part, sent, work


def test_nobody_unknown_reads_rollups(floor: Plant) -> None:
    assert floor.stranger.get(ROLLUPS).status == 401


def test_rollups_of_a_machine_that_is_not_there_are_not_found(floor: Plant) -> None:
    assert floor.worker.get("/machines/M2/rollups").status == 404


def test_a_rollup_says_how_it_was_made(floor: Plant, set_clock: SetClock) -> None:
    floor.planner.post(READINGS, sent(part(20.0), part(23.0, at="2026-01-05T07:20:00Z")))
    work()
    (rollup,) = floor.worker.get(ROLLUPS).items
    digest = rollup["inputs"].pop("digest")
    assert len(digest) == 32
    assert rollup == {
        "machine_id": "M1",
        "sensor": "main",
        "type": "temperature",
        "hour": "2026-01-05T07:00:00.000Z",
        "count": 2,
        "sum": 43.0,
        "min": 20.0,
        "max": 23.0,
        "mean": 21.5,
        "first": 20.0,
        "first_at": "2026-01-05T07:10:00.000Z",
        "last": 23.0,
        "last_at": "2026-01-05T07:20:00.000Z",
        "conflicts": 0,
        "inputs": {"count": 2},
        "revision": 1,
        "as_of": "2026-01-05T08:00:00.000Z",
        "complete": False,
    }
    set_clock.forward(timedelta(days=1))
    assert floor.worker.get(ROLLUPS).items[0]["complete"]


def test_counters_and_states_show_what_is_theirs(floor: Plant) -> None:
    states = [part(state, at=f"2026-01-05T07:1{n}:00Z", type="state") for n, state in enumerate(["idle", "off", "off"])]
    counts = [part(count, at=f"2026-01-05T07:1{n}:00Z", type="cycle_count") for n, count in enumerate([7, 9, 2])]
    floor.planner.post(READINGS, sent(*states, *counts))
    work()
    counter, state = floor.worker.get(f"{ROLLUPS}?type=state&type=cycle_count").items
    assert (counter["produced"], counter["resets"], counter["sum"]) == (4.0, 1, 18.0)
    assert "seconds_by_state" not in counter
    assert (state["first"], state["last"], state["seconds_by_state"]) == ("idle", "off", {"idle": 60.0, "off": 60.0})
    assert (state["sum"], state["mean"]) == (None, None)
    assert "produced" not in state


@pytest.mark.parametrize(
    "query",
    ["from=yesterday", "from=2026-01-05T10:00:00", f"from={AT}&to={AT}", "limit=0", "limit=101", "cursor=x", "since=1"],
)
def test_a_parameter_that_cannot_be_is_refused(floor: Plant, query: str) -> None:
    assert floor.worker.get(f"{ROLLUPS}?{query}").status == 400


def test_a_list_of_rollups_is_read_page_by_page(floor: Plant) -> None:
    floor.planner.post(READINGS, sent(*(part(at=f"2025-12-3{day}T23:59:00Z") for day in (0, 1)), part()))
    work()
    query = "from=2025-12-01T00:00:00Z&to=2026-01-06T00:00:00Z&limit=1&sensor=main"
    hours: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = floor.worker.get(f"{ROLLUPS}?{query}{cursor}").data
        hours += [each["hour"][:10] for each in page["items"]]
        cursor = f"&cursor={page['next_cursor']}" if "next_cursor" in page else None
    assert hours == ["2025-12-30", "2025-12-31", "2026-01-05"]
