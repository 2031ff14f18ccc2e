"""The endpoint that ends a shift: open sessions on stages or on a machine are closed, with a result per stage."""

from typing import Any

import pytest

from chalicelib import settings
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.domain.instants import wire
from tests.conftest import SetClock
from tests.disturbances import Crash, after, crash, raising, times
from tests.floor import HOUR, MINUTE, MORNING, Person, Plant, Reply
from tests.machines import standing, watched

LIVE, DRY = "/stages/close-sessions", "/stages/close-sessions?dry_run=1"
END = "shift_end"
BUSY, RESTING, ELSEWHERE = "WO-1-01", "WO-1-02", "WO-2-01"


@pytest.fixture(autouse=True)
def _shift(floor: Plant, set_clock: SetClock) -> None:
    """Both workers are at work on one order, one of them at M1; the worker at M1 on another; eight hours go by."""
    both = {"assignee_ids": [floor.worker.id, floor.other.id]}
    floor.order({"name": "Enjeksiyon"} | both, {"name": "Montaj"} | both, id="WO-1")
    floor.order({"name": "Montaj"} | both, id="WO-2")
    at_m1 = {"machine_id": "M1"}
    for person, stage, body in ((floor.worker, BUSY, at_m1), (floor.other, BUSY, {}), (floor.worker, ELSEWHERE, at_m1)):
        assert person.post(f"/stages/{stage}/start", body).status == 200
    set_clock.forward(8 * HOUR)
    settings.signing_keys()


def close(person: Person, path: str = LIVE, key: str | None = None, **body: Any) -> Reply:
    return person.post(path, {"pause_reason": END} | body, key=key)


def results(reply: Reply) -> dict[str, str]:
    assert reply.status == 200, reply.body
    return {each["stage_id"]: each["result"] for each in reply.items}


def at_work(floor: Plant, stage: str) -> list[str]:
    return [each["worker_id"] for each in floor.planner.get(f"/stages/{stage}").data["open_sessions"]]


def test_each_stage_is_answered_in_the_order_given(floor: Plant) -> None:
    reply = close(floor.planner, stage_ids=[ELSEWHERE, RESTING, BUSY, ELSEWHERE])

    assert list(results(reply).items()) == [(ELSEWHERE, "closed"), (RESTING, "nothing_open"), (BUSY, "closed")]
    assert len(reply.items) == 3
    assert at_work(floor, BUSY) == at_work(floor, ELSEWHERE) == []
    sessions = floor.planner.get(f"/stages/{BUSY}/sessions").items
    assert [(each["pause_reason"], each["booked_by"]) for each in sessions] == [(END, floor.planner.id)] * 2


def test_an_order_is_changed_once_and_remembers_who_ended_the_shift(floor: Plant) -> None:
    before = floor.planner.get("/workorders/WO-1").data["version"]

    close(floor.admin, stage_ids=[BUSY, RESTING], at=wire(MORNING + HOUR))

    assert floor.planner.get("/workorders/WO-1").data["version"] == before + 1
    last = floor.planner.get("/workorders/WO-1/history").items[-1]
    assert (last["command"], last["actor"], last["at"]) == ("close_sessions", floor.admin.id, wire(MORNING + HOUR))
    assert last["changes"] == {"pause_reason": END, "stage_ids": [BUSY, RESTING]}


def test_where_nothing_is_open_nothing_is_written(floor: Plant) -> None:
    before, commands = floor.planner.get("/workorders/WO-1").data, len(standing("command"))

    assert results(close(floor.planner, stage_ids=[RESTING])) == {RESTING: "nothing_open"}
    assert floor.planner.get("/workorders/WO-1").data == before
    assert len(standing("command")) == commands


def test_whoever_began_after_the_shift_is_left_alone(floor: Plant, set_clock: SetClock) -> None:
    end = set_clock.forward(MINUTE)
    set_clock.forward(MINUTE)
    floor.other.post(f"/stages/{RESTING}/start")

    reply = close(floor.planner, stage_ids=[BUSY, RESTING], at=wire(end))

    assert results(reply) == {BUSY: "closed", RESTING: "nothing_open"}
    assert at_work(floor, RESTING) == [floor.other.id]
    assert {each["ended_at"] for each in floor.planner.get(f"/stages/{BUSY}/sessions").items} == {wire(end)}


def test_on_a_machine_only_those_who_work_at_it_are_paused(floor: Plant) -> None:
    reply = close(floor.planner, machine_id="M1")

    assert results(reply) == {BUSY: "closed", ELSEWHERE: "closed"}
    assert (at_work(floor, BUSY), at_work(floor, ELSEWHERE)) == ([floor.other.id], [])
    assert results(close(floor.planner, machine_id="M1")) == {}


def test_the_list_of_what_goes_on_only_leads_to_the_orders_which_decide(floor: Plant) -> None:
    paused = times(1, lambda: floor.worker.post(f"/stages/{ELSEWHERE}/pause"), "TransactWriteItems")

    with watched(paused):
        reply = close(floor.planner, machine_id="M1")

    assert results(reply) == {BUSY: "closed", ELSEWHERE: "nothing_open"}


def test_the_list_of_what_goes_on_is_read_to_its_end(floor: Plant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("moto.dynamodb.models.table.RESULT_SIZE_LIMIT", 1000)

    with watched() as called:
        assert results(close(floor.planner, DRY, machine_id="M1")) == {BUSY: "closed", ELSEWHERE: "closed"}

    assert called.count("Query") > 3


@pytest.mark.parametrize("unknown", ["WO-1-99", "WO-9-01", "nothing", "WO-1-1"])
def test_a_stage_that_is_not_there_is_rejected_alone(floor: Plant, unknown: str) -> None:
    reply = close(floor.planner, stage_ids=[unknown, BUSY])

    assert results(reply) == {unknown: "rejected", BUSY: "closed"}
    assert (reply.items[0]["error"]["code"], "error" in reply.items[1]) == ("ERR_STAGE_NOT_FOUND", False)


def test_a_session_that_would_be_too_long_rejects_its_order_alone(floor: Plant, set_clock: SetClock) -> None:
    set_clock.forward(366 * 24 * HOUR)
    floor.other.post(f"/stages/{RESTING}/start")
    floor.planner.post(f"/stages/{ELSEWHERE}/pause", {"worker_id": floor.worker.id, "at": wire(MORNING + HOUR)})
    floor.worker.post(f"/stages/{ELSEWHERE}/start")

    reply = close(floor.planner, stage_ids=[BUSY, RESTING, ELSEWHERE])

    assert results(reply) == {BUSY: "rejected", RESTING: "rejected", ELSEWHERE: "closed"}
    assert [each["code"] for each in reply.items[0]["error"]["errors"]] == ["too_long"]


@pytest.mark.parametrize("path", [LIVE, DRY])
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"body": "value_error"}),
        ({"stage_ids": [BUSY], "machine_id": "M1"}, {"body": "value_error"}),
        ({"stage_ids": []}, {"stage_ids": "too_short"}),
        ({"stage_ids": [5]}, {"stage_ids[0]": "string_type"}),
        ({"stage_ids": [f"WO-{n}-01" for n in range(101)]}, {"stage_ids": "value_error"}),
        ({"machine_id": "M9", "pause_reason": "nap"}, {"machine_id": "unknown", "pause_reason": "unknown"}),
        ({"stage_ids": [BUSY], "at": wire(MORNING + 9 * HOUR)}, {"at": "in_future"}),
        ({"stage_ids": [BUSY], "pause_reason": None}, {"pause_reason": "string_type"}),
    ],
)
def test_what_is_wrong_with_the_whole_is_refused_before_anything_is_closed(
    floor: Plant, path: str, body: dict[str, Any], fields: dict[str, str]
) -> None:
    reply = close(floor.planner, path, key="k", **body)

    assert (reply.status, reply.fields()) == (422, fields)
    assert len(at_work(floor, BUSY)) == 2


def test_either_stages_or_a_machine_are_named_and_repeated_stages_count_once(floor: Plant) -> None:
    detail = close(floor.planner).error["detail"]

    assert "stage_ids" in detail
    assert "machine_id" in detail
    assert results(close(floor.planner, stage_ids=[BUSY] * 101)) == {BUSY: "closed"}


def test_a_machine_out_of_use_is_closed_like_any_other(floor: Plant) -> None:
    floor.planner.post("/machines", {"id": "OLD", "name": "Old press", "status": "retired"})

    assert results(close(floor.planner, machine_id="OLD")) == {}


@pytest.mark.parametrize("meant", [{"machine_id": "M1"}, {"stage_ids": [ELSEWHERE, "WO-9-01", BUSY]}])
def test_the_same_key_answers_the_same_and_closes_nothing_new(floor: Plant, meant: dict[str, Any]) -> None:
    first = close(floor.planner, key="k" * 128, **meant)
    floor.worker.post(f"/stages/{BUSY}/start", {"machine_id": "M1"})

    with watched() as called:
        again = close(floor.planner, key="k" * 128, **meant)

    assert (again.data, again.headers["Idempotent-Replayed"]) == (first.data, "true")
    assert called == ["GetItem"]
    assert floor.worker.id in at_work(floor, BUSY)
    assert close(floor.planner, key="k" * 128, stage_ids=[RESTING]).error["code"] == "ERR_IDEMPOTENCY_KEY_REUSED"


def test_a_dry_run_tells_what_would_be_closed_and_closes_nothing(floor: Plant) -> None:
    tried = close(floor.planner, DRY, key="k", stage_ids=[BUSY, RESTING, "WO-9-01"])

    assert results(tried) == {BUSY: "closed", RESTING: "nothing_open", "WO-9-01": "rejected"}
    assert len(at_work(floor, BUSY)) == 2
    done = close(floor.planner, key="k", stage_ids=[BUSY, RESTING])
    assert results(done) == {BUSY: "closed", RESTING: "nothing_open"}
    assert "Idempotent-Replayed" not in done.headers


@pytest.mark.parametrize("requests", range(7))
def test_after_a_crash_it_goes_on_where_it_was(floor: Plant, requests: int) -> None:
    meant: dict[str, Any] = {"stage_ids": [BUSY, ELSEWHERE]}
    with pytest.raises(Crash), watched(after(requests, crash)):
        close(floor.planner, key="k", **meant)
    restarted = floor.worker.post(f"/stages/{BUSY}/start", {"machine_id": "M1"})

    assert results(close(floor.planner, key="k", **meant)) == {BUSY: "closed", ELSEWHERE: "closed"}
    assert (floor.worker.id in at_work(floor, BUSY)) is (restarted.status == 200)
    ended = [each.data["stage_id"] for each in standing("session")]
    assert sorted(ended) == [BUSY, BUSY, ELSEWHERE]


def test_the_same_request_twice_at_once_is_done_once(floor: Plant) -> None:
    replies: list[Reply] = []

    with watched(times(1, lambda: replies.append(close(floor.planner, key="k", machine_id="M1")))):
        replies.append(close(floor.planner, key="k", machine_id="M1"))

    assert replies[0].data == replies[1].data
    assert len(standing("session")) == 2


def test_while_storage_is_away_the_whole_is_to_be_sent_again(floor: Plant) -> None:
    away = raising(StorageUnavailable("Away.", retry_after=2))

    with watched(after(4, away)):
        reply = close(floor.planner, key="k", stage_ids=[BUSY, ELSEWHERE])

    assert (reply.status, reply.headers["Retry-After"]) == (503, "2")
    assert results(close(floor.planner, key="k", stage_ids=[BUSY, ELSEWHERE])) == {BUSY: "closed", ELSEWHERE: "closed"}


def test_it_costs_a_query_and_a_transaction_for_each_order(floor: Plant) -> None:
    close(floor.planner, DRY, machine_id="M1")  # the settings of a plant are remembered for a minute

    with watched() as without_key:
        close(floor.planner, stage_ids=[BUSY, RESTING, ELSEWHERE])
    with watched() as with_key:
        close(floor.planner, key="k", machine_id="M1")

    assert without_key == ["Query", "TransactWriteItems"] * 2
    assert with_key == ["GetItem", "Query", "TransactWriteItems"]
