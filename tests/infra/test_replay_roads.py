"""The roads of a replay: what a machine sends by each of them, and how it is sent."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from infra.problem import Problem
from infra.replay.api import Api
from infra.replay.plan import Machine, Reading, Sensor
from infra.replay.roads import Message, messages
from infra.replay.senders import sender
from infra.replay.target import Target
from tests import tahu
from tests.infra.scripted_server import Answer, serving
from tests.infra.test_replay_measured import Told

AT = datetime(2026, 1, 1, tzinfo=UTC)
PUMP = Machine(
    "m1", "Pump", "pump", "hall", (Sensor("oil", "temperature", 0, 99), Sensor("water", "temperature", 0, 9))
)
READINGS = (
    Reading("temperature", 81.5, AT, "oil"),
    Reading("temperature", 5.5, AT, "water"),
    Reading("temperature", 82.5, AT, "oil"),
    Reading("temperature", 83.5, AT + timedelta(seconds=1), "oil"),
)


def sent(road: str) -> list[tuple[str, object]]:
    """The topics and bodies of the readings by a road with JSON."""
    return [(message.topic, json.loads(message.body)) for message in messages(road, PUMP, READINGS)]


def test_a_message_names_its_machine_and_gives_every_reading_its_sensor_type_value_and_instant() -> None:
    (message,) = messages("queue", PUMP, READINGS[:1])
    assert message == Message(
        b'{"machine_id":"m1","readings":[{"type":"temperature","value":81.5,"at":"2026-01-01T00:00:00Z","sensor":"oil"}]}'
    )
    assert messages("http", PUMP, READINGS[:1]) == [message]
    assert messages("mqtt", PUMP, READINGS[:1]) == [Message(message.body, "takip/default/machines/m1/readings")]


def test_a_hub_publishes_the_values_of_one_instant_together_each_tag_once() -> None:
    topic = "umh/v1/default/replay/m1/_historian"
    assert sent("umh") == [
        (topic, {"timestamp_ms": 1767225600000, "oil": 81.5, "water": 5.5}),
        (topic, {"timestamp_ms": 1767225600000, "oil": 82.5}),
        (topic, {"timestamp_ms": 1767225601000, "oil": 83.5}),
    ]


def test_an_edge_node_says_its_aliases_in_a_birth_before_all_its_data() -> None:
    birth, data = messages("sparkplug", PUMP, READINGS)
    assert (birth.topic, data.topic) == ("spBv1.0/default/DBIRTH/replay/m1", "spBv1.0/default/DDATA/replay/m1")
    said, told = tahu.Payload.FromString(birth.body), tahu.Payload.FromString(data.body)
    names = {metric.alias: metric.name for metric in said.metrics}
    assert names == {0: "oil", 1: "water"}
    assert [(names[each.alias], each.double_value) for each in told.metrics] == [
        (reading.sensor, reading.value) for reading in READINGS
    ]
    assert said.timestamp <= min(each.timestamp for each in told.metrics)
    assert told.timestamp == max(each.timestamp for each in told.metrics)


def target(endpoint: str | None) -> Target:
    return Target("", endpoint, "eu-central-1", "queue", "ayse", "secret")


def test_over_http_each_message_is_a_request_with_a_key_of_its_own() -> None:
    taken = Answer(202, {"status": "success", "data": {"accepted": 4}})
    told = Told()
    told.begin("Messages", 2)
    with serving(taken, taken) as server, Api(server.url) as api, sender("http", target(None), api, told) as send:
        send(messages("http", PUMP, READINGS) * 2)
    assert [each.path for each in server.asked] == ["/v1/machines/m1/readings"] * 2
    assert len({each.headers["Idempotency-Key"] for each in server.asked}) == 2
    assert told.parts == [["Messages", 2, 2]]


@pytest.mark.parametrize("road", ["mqtt", "umh", "sparkplug"])
def test_without_a_certificate_only_the_local_broker_is_published_to(road: str) -> None:
    with (
        Api("http://127.0.0.1/v1") as api,
        pytest.raises(Problem, match=f"--via {road}"),
        sender(road, target(None), api, Told()),
    ):
        pass
