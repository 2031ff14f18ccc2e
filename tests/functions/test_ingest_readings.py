"""The queue's handler, as Lambda calls it: real readings give the checked rollups, and errors are raised."""

import json
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.errors import StorageUnavailable
from chalicelib.services.machines.groups import Arrived
from chalicelib.services.machines.ingest import Ingested
from chalicelib.storage import markers
from functions import ingest_readings as door
from functions.aggregate_bucket import aggregate_bucket
from functions.ingest_readings import ingest_readings
from tests import real_machines
from tests.conftest import SetClock
from tests.floor import MORNING
from tests.lambdas import LambdaContext, handed_out
from tests.machines import install, message, part, refusal, standing, standing_rollups, watched
from tests.real_machines import RIG_SENSORS, assert_equal, bodies

pytestmark = pytest.mark.usefixtures("table", "set_clock")

SENT = int(MORNING.timestamp() * 1000)
LARGEST_BATCH = 200


def records(messages: Iterable[str]) -> dict[str, Any]:
    """The event that Lambda makes of messages."""
    return {"Records": [{"body": body, "attributes": {"SentTimestamp": str(SENT)}} for body in messages]}


def take(*messages: str) -> Any:
    """Hand a batch over as Lambda does."""
    return ingest_readings(records(messages), LambdaContext())


def work_through(messages: list[str], clock: SetClock) -> None:
    """Hand everything over in large batches. After each, even the largest hour becomes due, and the workers work."""
    for start in range(0, len(messages), LARGEST_BATCH):
        take(*messages[start : start + LARGEST_BATCH])
        clock.forward(timedelta(minutes=5))
        aggregate_bucket(handed_out(*markers.BUCKETS), LambdaContext())


def test_a_batch_is_taken_and_told(capsys: pytest.CaptureFixture[str]) -> None:
    install("M1")
    take(message("M1", part(), part("warm")))
    assert len(standing("chunk")) == 1
    (aside,) = standing("quarantined")
    assert aside.GSI2SK.startswith("2026-01-05T08:00:00.000Z")
    line, numbers = (json.loads(each) for each in capsys.readouterr().out.splitlines())
    assert (line["level"], line["message"]) == ("WARNING", "ingested")
    assert (line["readings"], line["chunks"], line["quarantined"]) == (1, 1, 1)
    assert (numbers["IngestedMessages"], numbers["IngestedReadings"], numbers["IngestedQuarantined"]) == ([1], [1], [1])


def test_a_thousand_readings_of_three_hours_are_a_chunk_and_a_rollup_of_each(set_clock: SetClock) -> None:
    install("M1")
    first = MORNING - timedelta(hours=3)
    instants = [(first + timedelta(seconds=10.8 * n)).isoformat() for n in range(1_000)]
    body = message("M1", *(part(n / 10, at) for n, at in enumerate(instants)))
    work_through([body, body], set_clock)
    assert len(standing("chunk")) == 3
    made = {hour: rollup for (_, hour, _, _), rollup in standing_rollups().items()}
    assert {(hour - first) // timedelta(hours=1): rollup.count for hour, rollup in made.items()} == {
        0: 334,
        1: 333,
        2: 333,
    }
    assert [made[hour].numbers.last for hour in sorted(made)] == [33.3, 66.6, 99.9]


def test_the_door_raises_when_storage_is_away_so_that_the_batch_comes_again() -> None:
    install("M1")

    def away(operation: str, _: dict[str, Any]) -> None:
        if operation == "BatchWriteItem":
            raise refusal("ThrottlingException", operation)

    with watched(away), pytest.raises(StorageUnavailable):
        take(message("M1", part()))
    take(message("M1", part()))
    aggregate_bucket(handed_out(*markers.BUCKETS), LambdaContext())
    assert [rollup.count for rollup in standing_rollups().values()] == [1]


def dies_of(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let ingest die of every message that holds a word, as it would of a fault of its own."""
    known: Callable[[list[Arrived]], Ingested] = vars(door)["ingest"]

    def ingest(batch: Iterable[Arrived]) -> Ingested:
        arrived = list(batch)
        if any(word in each.body for each in arrived):
            raise ZeroDivisionError
        return known(arrived)

    monkeypatch.setattr(door, "ingest", ingest)


def test_a_message_that_ingest_dies_of_comes_again_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    install("M1")
    dies_of("poison", monkeypatch)
    instants = [(MORNING - timedelta(minutes=n)).isoformat() for n in range(9)]
    bodies = ["poison", *(message("M1", part(1.5, at)) for at in instants), "more poison"]
    event = records(bodies)
    for number, record in enumerate(event["Records"]):
        record["messageId"] = f"m-{number}"
    answer = ingest_readings(event, LambdaContext())
    assert answer["batchItemFailures"] == [{"itemIdentifier": "m-0"}, {"itemIdentifier": "m-10"}]
    assert answer["readings"] == 9
    assert capsys.readouterr().out.count('"message":"messages failed"') == 2
    aggregate_bucket(handed_out(*markers.BUCKETS), LambdaContext())
    assert sum(rollup.count for rollup in standing_rollups().values()) == 9


def test_when_little_time_is_left_all_that_are_in_question_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    dies_of("poison", monkeypatch)
    event = records(["poison", "good"])
    for number, record in enumerate(event["Records"]):
        record["messageId"] = f"m-{number}"
    answer = ingest_readings(event, LambdaContext(remaining_milliseconds=19_000))
    assert answer["batchItemFailures"] == [{"itemIdentifier": "m-0"}, {"itemIdentifier": "m-1"}]


def test_the_valve_rig_sent_twice_and_out_of_order_comes_out_as_checked(set_clock: SetClock) -> None:
    install("rig", sensors=RIG_SENSORS)
    messages = list(bodies("rig", real_machines.rig()))
    work_through(sorted(messages * 2, key=lambda body: hash(body[-60:])), set_clock)
    answers = real_machines.rig_answers()
    made = {(sensor, hour): rollup for (_, hour, sensor, _), rollup in standing_rollups().items()}
    assert made.keys() == answers.keys()
    for place, rollup in made.items():
        assert_equal(rollup, answers[place])


def test_the_days_around_two_values_at_one_instant_come_out_as_checked(set_clock: SetClock) -> None:
    install("oven")
    window = ("2014-01-06T00", "2014-01-08T00")
    readings = [each for each in real_machines.temperatures() if window[0] <= each["at"] < window[1]]
    work_through(list(bodies("oven", readings)), set_clock)
    answers = real_machines.temperature_answers()
    made = {(sensor, hour): rollup for (_, hour, sensor, _), rollup in standing_rollups().items()}
    assert len(made) == 48
    for place, rollup in made.items():
        assert_equal(rollup, answers[place])
    set_clock.forward(timedelta(minutes=1))
    assert standing("marker") == []
