"""The command runner: what succeeded is answered again, what lost a race is run again, what crashed is booked once."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib import ids
from chalicelib.domain.errors import StorageUnavailable
from chalicelib.storage import table
from tests.conftest import SetClock
from tests.disturbances import Crash, at_commit, cancelled, crash, raising, times
from tests.floor import MINUTE, Person, Plant, Reply
from tests.machines import refusal, standing, watched

MONTH = timedelta(days=30)


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """A stage of two workers."""
    people = [plant.worker.id, plant.other.id]
    return str(plant.order({"name": "s", "assignee_ids": people}, id="WO-1")["stages"][0]["id"])


@pytest.fixture(autouse=True)
def waits(set_clock: SetClock, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits between attempts, which cost no time but the clock's."""
    taken: list[float] = []

    def sleep(seconds: float) -> None:
        taken.append(seconds)
        set_clock.forward(timedelta(seconds=seconds))

    monkeypatch.setattr(time, "sleep", sleep)
    monkeypatch.setattr(ids, "jitter", lambda longest: longest)
    return taken


def give(person: Person, stage: str, command: str, body: dict[str, Any] | None = None, key: str | None = "k") -> Reply:
    return person.post(f"/stages/{stage}/{command}", body, key=key)


def essence(reply: Reply) -> tuple[int, Any, str | None]:
    return reply.status, reply.body, reply.headers.get("ETag")


def commands() -> list[str]:
    """The audit trail, in order."""
    return [each.data["command"] for each in sorted(standing("command"), key=lambda each: each.SK)]


def test_a_repeated_command_is_answered_again_and_done_once(plant: Plant, stage: str) -> None:
    first, second = (give(plant.worker, stage, "start") for _ in range(2))

    assert essence(first) == essence(second)
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert commands() == ["create", "start"]


def test_a_repeated_command_gets_its_own_answer_after_the_state_moved_on(
    plant: Plant, stage: str, set_clock: SetClock
) -> None:
    first = give(plant.worker, stage, "start")
    give(plant.worker, stage, "report", {"good": 2}, key=None)
    set_clock.forward(MINUTE)
    give(plant.worker, stage, "done", {}, key=None)
    set_clock.forward(MONTH - MINUTE)

    again = give(plant.worker, stage, "start")

    assert essence(again) == essence(first)
    assert plant.worker.get(f"/stages/{stage}").data["status"] == "done"


def test_a_retry_is_answered_again_also_where_its_references_or_version_would_be_refused_now(
    plant: Plant, stage: str
) -> None:
    body = {"worker_id": plant.other.id}
    first = plant.planner.post(f"/stages/{stage}/start", body, key="k", If_Match='"1"')
    with_stale = plant.planner.post(f"/stages/{stage}/start", body, key="k", If_Match='"1"')

    assert essence(with_stale) == essence(first)


def test_the_same_number_in_another_form_is_the_same_command(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start", key=None)
    bodies = (b'{"good": 1}', b'{"good":1.000, "scrap": 0}', b'{"good": 1.0, "scrap": null}'.replace(b"null", b"0.0"))

    replies = [plant.worker.call("POST", f"/stages/{stage}/report", body, key="r") for body in bodies]

    assert len({str(essence(reply)) for reply in replies}) == 1
    assert plant.worker.get(f"/stages/{stage}").data["good"] == 1


def test_a_key_means_one_request_only(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start", key=None)
    give(plant.worker, stage, "report", {"good": 1})

    for command, body in (("report", {"good": 2}), ("pause", {}), ("start", {})):
        reply = give(plant.worker, stage, command, body)
        assert (reply.status, reply.error["code"]) == (422, "ERR_IDEMPOTENCY_KEY_REUSED")
    assert commands() == ["create", "start", "report"]


def test_a_key_belongs_to_its_person_and_its_order(plant: Plant, stage: str) -> None:
    elsewhere = plant.order(id="WO-2")["stages"][0]["id"]

    replies = [
        give(plant.worker, stage, "start"),
        give(plant.other, stage, "start"),
        give(plant.worker, elsewhere, "start"),
    ]

    assert [reply.status for reply in replies] == [200, 200, 200]
    assert not any("Idempotent-Replayed" in reply.headers for reply in replies)


def test_a_refusal_is_not_kept_under_the_key(plant: Plant, stage: str) -> None:
    assert give(plant.worker, stage, "pause").status == 409
    give(plant.worker, stage, "start", key=None)

    assert give(plant.worker, stage, "pause").status == 200


@pytest.mark.parametrize(
    "beyond", [timedelta(milliseconds=1), timedelta(milliseconds=500), timedelta(seconds=1, days=9)]
)
def test_a_key_is_forgotten_after_30_days_however_late_the_table_deletes_it(
    plant: Plant, stage: str, set_clock: SetClock, beyond: timedelta
) -> None:
    give(plant.worker, stage, "start")
    give(plant.worker, stage, "pause", key=None)
    set_clock.forward(MONTH + beyond)

    again = give(plant.worker, stage, "start")

    assert again.status == 200
    expired = beyond >= timedelta(seconds=1)
    assert ("Idempotent-Replayed" in again.headers) is not expired
    assert commands().count("start") == 1 + expired


@pytest.mark.parametrize("reasons", [["TransactionConflict"], ["None", "TransactionConflict", "None"]])
@pytest.mark.parametrize("losses", [1, 5])
def test_a_collision_is_attempted_again(
    plant: Plant, stage: str, waits: list[float], reasons: list[str], losses: int
) -> None:
    with watched(times(losses, raising(cancelled(*reasons)))) as called:
        reply = give(plant.worker, stage, "start")

    assert reply.status == 200
    assert called == ["Query", "TransactWriteItems"] * (losses + 1)
    assert waits == [0.05, 0.1, 0.2, 0.4, 0.8][:losses]


def test_a_lost_race_is_decided_again_on_what_is_now(plant: Plant, stage: str) -> None:
    give(plant.other, stage, "start", key=None)
    give(plant.worker, stage, "start", key=None)

    with at_commit(before=lambda: give(plant.other, stage, "report", {"good": 7}, key=None)):
        fits = give(plant.worker, stage, "report", {"good": 2}, key=None)
    with at_commit(before=lambda: give(plant.other, stage, "report", {"good": 1}, key=None)):
        beyond = give(plant.worker, stage, "report", {"good": 1}, key=None)

    assert fits.data["good"] == 9
    assert beyond.error["code"] == "ERR_STAGE_OVER_QUANTITY"
    assert plant.worker.get(f"/stages/{stage}").data["good"] == 10


def test_the_same_command_twice_at_once_is_booked_once(plant: Plant, stage: str) -> None:
    replies: list[Reply] = []

    with at_commit(before=lambda: replies.append(give(plant.worker, stage, "start"))):
        replies.append(give(plant.worker, stage, "start"))

    first, second = replies
    assert essence(first) == essence(second)
    assert second.headers["Idempotent-Replayed"] == "true"
    assert commands() == ["create", "start"]


def test_two_workers_at_once_both_start(plant: Plant, stage: str) -> None:
    with at_commit(before=lambda: give(plant.other, stage, "start")):
        reply = give(plant.worker, stage, "start")

    assert [session["worker_id"] for session in reply.data["open_sessions"]] == [plant.other.id, plant.worker.id]
    assert reply.headers["ETag"] == '"3"'


def test_patience_comes_to_an_end(plant: Plant, stage: str, waits: list[float]) -> None:
    with watched(times(1000, raising(cancelled("ConditionalCheckFailed")))):
        reply = give(plant.worker, stage, "start")

    assert (reply.status, reply.error["code"], reply.headers["Retry-After"]) == (409, "ERR_COMMAND_LOST_RACE", "1")
    assert 9 < sum(waits) < 12
    assert max(waits) == 1
    assert give(plant.worker, stage, "start").status == 200


@pytest.mark.parametrize(
    ("wanted", "error"),
    [
        ("Query", EndpointConnectionError(endpoint_url="https://dynamodb")),
        ("Query", refusal("ThrottlingException", "Query")),
        ("TransactWriteItems", EndpointConnectionError(endpoint_url="https://dynamodb")),
        ("TransactWriteItems", refusal("InternalServerError", "TransactWriteItems")),
        ("TransactWriteItems", cancelled("ThrottlingError")),
        ("TransactWriteItems", cancelled("None", "ProvisionedThroughputExceeded")),
    ],
)
def test_storage_that_is_away_is_told_at_once(plant: Plant, stage: str, wanted: str, error: Exception) -> None:
    with watched(times(1, raising(error), wanted)):
        reply = give(plant.worker, stage, "start")

    assert (reply.status, reply.error["code"], reply.headers["Retry-After"]) == (503, "ERR_STORAGE_UNAVAILABLE", "2")
    assert give(plant.worker, stage, "start").status == 200


def test_a_crash_before_the_commit_leaves_nothing(plant: Plant, stage: str) -> None:
    with pytest.raises(Crash), at_commit(before=crash):
        give(plant.worker, stage, "start")

    reply = give(plant.worker, stage, "start")

    assert reply.status == 200
    assert "Idempotent-Replayed" not in reply.headers
    assert commands() == ["create", "start"]


@pytest.mark.parametrize("lost", [crash, raising(table.Collision()), raising(StorageUnavailable("gone"))])
def test_an_answer_that_was_lost_after_the_commit_is_given_again(
    plant: Plant, stage: str, lost: Callable[[], None]
) -> None:
    try:
        with at_commit(after=lost):
            give(plant.worker, stage, "start")
    except Crash:
        pass

    reply = give(plant.worker, stage, "start")

    assert (reply.status, reply.headers["Idempotent-Replayed"]) == (200, "true")
    assert commands() == ["create", "start"]


def test_a_command_costs_a_query_and_a_transaction_and_its_refusal_one_read_more(plant: Plant, stage: str) -> None:
    with watched() as done:
        give(plant.worker, stage, "start")
    with watched() as refused:
        give(plant.worker, stage, "start", key="other")

    assert done == ["Query", "TransactWriteItems"]
    assert refused == ["Query", "GetItem"]


def test_every_command_is_written_down_with_what_it_did(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start")
    give(plant.planner, stage, "report", {"good": 11, "reason": "agreed", "worker_id": plant.worker.id})

    start, report = (each.data for each in sorted(standing("command"), key=lambda each: each.SK)[1:])

    assert (start["source"], start["to"], start["actor"], start["target"]) == (
        "planned",
        "in_progress",
        plant.worker.id,
        stage,
    )
    assert (report["reason"], report["changes"]["good"], report["actor"]) == ("agreed", 11, plant.planner.id)


def test_a_marker_is_left_only_where_a_day_comes_out_differently(plant: Plant, stage: str) -> None:
    give(plant.worker, stage, "start", key=None)
    give(plant.worker, stage, "report", {"good": 1}, key=None)
    assert standing("marker") == []

    give(plant.worker, stage, "pause", key=None)
    assert [marker.data["order_ids"] for marker in standing("marker")] == [["WO-1"]]
    give(plant.worker, stage, "done", {}, key=None)
    assert len(standing("marker")) == 2
