"""Commands at once and commands that break off: run again, told apart, and booked once."""

from collections.abc import Callable

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.storage import table
from tests.disturbances import Crash, at_commit, cancelled, crash, raising, times
from tests.floor import Plant, Reply
from tests.machines import refusal, watched
from tests.services.commanding import commands, essence, give


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
