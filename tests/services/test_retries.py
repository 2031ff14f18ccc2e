"""Concurrent commands: they run again, are told apart, and are booked once."""

from datetime import datetime, timedelta

import pytest

from chalicelib.domain.errors import LostRace
from chalicelib.services.retries import PATIENCE, until_won
from chalicelib.storage.conflicts import Collision
from tests.conftest import SetClock
from tests.disturbances import at_commit, cancelled, raising, times
from tests.floor import Plant, Reply
from tests.functions.etags import version_in
from tests.machines import watched
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
    assert version_in(reply.headers["ETag"]) == 3


def test_patience_comes_to_an_end(plant: Plant, stage: str, waits: list[float]) -> None:
    # The first item of the transaction is the idempotency key; the second is the order.
    with watched(times(1000, raising(cancelled("None", "ConditionalCheckFailed")))):
        reply = give(plant.worker, stage, "start")

    assert (reply.status, reply.error["code"], reply.headers["Retry-After"]) == (409, "ERR_COMMAND_LOST_RACE", "1")
    assert 9 < sum(waits) < 12
    assert max(waits) == 1
    assert give(plant.worker, stage, "start").status == 200


@pytest.mark.parametrize(("spent", "attempts"), [(PATIENCE - timedelta(milliseconds=1), 2), (PATIENCE, 1)])
def test_an_attempt_that_fails_when_patience_is_just_spent_was_the_last(
    waits: list[float], set_clock: SetClock, spent: timedelta, attempts: int
) -> None:
    made: list[datetime] = []

    def lose() -> None:
        made.append(set_clock.forward(PATIENCE if made else spent))
        raise Collision

    with pytest.raises(LostRace):
        until_won(lose)

    assert (len(made), len(waits)) == (attempts, attempts - 1)
