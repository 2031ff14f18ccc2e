"""Telling what happened: nothing is lost, and a repeat carries the same id."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest

from chalicelib.domain.telling.events import Event
from chalicelib.outbound import topic
from chalicelib.services.telling import sending
from chalicelib.services.telling.sending import Outcome
from chalicelib.storage import table
from chalicelib.storage.items import Item
from tests.conftest import SetClock, Told
from tests.disturbances import Crash, at_commit, crash
from tests.floor import MINUTE, Plant
from tests.machines import standing
from tests.telling import swept
from tests.topic import attributes, published

SCRATCHES = {"type": "quality", "description": "Scratches.", "priority": "high"}


@pytest.fixture
def stage(plant: Plant, set_clock: SetClock) -> str:
    """A stage that waits to be started. That its order was opened has been told."""
    path = f"/stages/{plant.order(id='WO-1')['stages'][0]['id']}"
    set_clock.forward(2 * MINUTE)
    assert swept() == Outcome(sent=1)
    return path


def told_types() -> list[str]:
    return [event["type"].removeprefix("dev.takip.") for event in published()]


def waiting() -> list[Item]:
    return standing("outgoing")


def test_what_a_command_did_is_told_within_two_minutes(plant: Plant, stage: str, set_clock: SetClock) -> None:
    plant.worker.post(f"{stage}/start")
    assert swept() == Outcome()
    set_clock.forward(2 * MINUTE)

    assert swept() == Outcome(sent=2)

    assert told_types() == ["order.opened", "stage.started", "order.started"]
    assert (swept(), waiting()) == (Outcome(), [])


def test_a_message_has_attributes_to_filter_on(plant: Plant, stage: str, set_clock: SetClock) -> None:
    plant.worker.post(f"{stage}/issue", SCRATCHES)
    set_clock.forward(2 * MINUTE)
    swept()

    assert attributes() == [
        {"tenant": "default", "event": "order.opened"},
        {"tenant": "default", "event": "issue.reported", "type": "quality", "priority": "high"},
    ]
    assert [event["source"] for event in published()] == ["/takip/local/tenants/default"] * 2


def test_a_command_that_tells_nothing_writes_nothing_to_tell(plant: Plant, stage: str) -> None:
    plant.planner.put(f"{stage}/assignees", {"user_ids": [plant.worker.id]})
    plant.worker.post(f"{stage}/start?dry_run=true")
    assert waiting() == []


def test_a_command_that_crashes_is_told_if_it_was_written(plant: Plant, stage: str) -> None:
    with at_commit(before=crash), pytest.raises(Crash):
        plant.worker.post(f"{stage}/start", key="k")
    assert waiting() == []
    with at_commit(after=crash), pytest.raises(Crash):
        plant.worker.post(f"{stage}/start", key="k")
    assert plant.worker.post(f"{stage}/start", key="k").headers["Idempotent-Replayed"] == "true"
    assert len(waiting()) == 1


def dying(_: Any) -> None:
    """What is called when the process crashes."""
    raise Crash


@pytest.mark.parametrize(
    ("where", "times"),
    [((sending, "WAYS", (dying,)), 1), ((table, "batch_delete", dying), 2)],
    ids=["before sending", "after sending"],
)
def test_what_crashes_is_sent_again_with_the_same_id(
    plant: Plant, stage: str, set_clock: SetClock, where: tuple[Any, str, Any], times: int
) -> None:
    plant.worker.post(f"{stage}/start")
    set_clock.forward(2 * MINUTE)
    with patch.object(*where), pytest.raises(Crash):
        swept()

    assert swept() == Outcome(sent=2)

    ids = [event["id"] for event in published()][1:]
    assert len(set(ids)) == 2
    assert ids == ids[:2] * times


def test_what_the_topic_refuses_stays_until_it_takes_it(
    plant: Plant, stage: str, set_clock: SetClock, told: Told, aws: Any
) -> None:
    plant.worker.post(f"{stage}/start")
    set_clock.forward(2 * MINUTE)
    (arn,) = [each["TopicArn"] for each in aws.sns.list_topics()["Topics"]]
    aws.sns.delete_topic(TopicArn=arn)
    told()

    assert swept() == Outcome(failed=1)

    (line,) = told()
    assert (line["level"], line["message"], line["event"]) == ("ERROR", "an event could not be sent", "stage.started")
    aws.sns.create_topic(Name=arn.rpartition(":")[2])
    assert swept() == Outcome(sent=2)
    assert told_types() == ["stage.started", "order.started"]


def test_a_way_that_fails_stops_neither_the_other_ways_nor_other_events(
    plant: Plant, stage: str, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant.worker.post(f"{stage}/issue", SCRATCHES)
    plant.worker.post(f"{stage}/start")
    set_clock.forward(2 * MINUTE)
    taken: list[str] = []

    def picky(event: Event) -> None:
        if event.type == "stage.started":
            raise ValueError(event.id)
        taken.append(event.type)

    monkeypatch.setattr(sending, "WAYS", (picky, topic.publish))
    assert swept() == Outcome(sent=1, failed=1)

    assert taken == ["issue.reported"]
    assert sorted(told_types()) == ["issue.reported", "order.opened", "order.started", "stage.started"]
    assert len(waiting()) == 1


def test_what_cannot_be_read_stays_and_stops_nothing(plant: Plant, stage: str, set_clock: SetClock, told: Told) -> None:
    plant.worker.post(f"{stage}/issue", SCRATCHES)
    (good,) = waiting()
    bad = Item.of(good.attribute_values | {"SK": f"{good.SK}0", "data": {"id": "bad"}})
    table.put(bad)
    set_clock.forward(2 * MINUTE)
    told()

    assert swept() == Outcome(sent=1, failed=1)

    assert [(line["level"], line["message"]) for line in told()] == [("ERROR", "events cannot be read")]
    assert [each.key for each in waiting()] == [bad.key]


def test_nothing_is_begun_when_the_time_is_short(plant: Plant, stage: str, set_clock: SetClock) -> None:
    plant.worker.post(f"{stage}/start")
    set_clock.forward(2 * MINUTE)
    assert swept(timedelta(seconds=20)) == Outcome()
    assert swept() == Outcome(sent=2)


def test_many_are_sent_in_one_sweep(plant: Plant, stage: str, set_clock: SetClock) -> None:
    for n in range(sending.BATCH + 1):
        plant.order(id=f"MANY-{n}")
    set_clock.forward(2 * MINUTE)
    assert swept() == Outcome(sent=sending.BATCH + 1)
    assert waiting() == []
