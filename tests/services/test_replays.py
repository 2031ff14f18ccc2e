"""A repeated command gets its first answer again; a key belongs to one request only."""

from datetime import timedelta

import pytest

from tests.conftest import SetClock
from tests.floor import MINUTE, Plant
from tests.services.commanding import commands, essence, give

MONTH = timedelta(days=30)


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
