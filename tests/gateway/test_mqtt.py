"""MQTT in: what a payload becomes, and when it is confirmed."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from paho.mqtt.client import MQTTMessage

from chalicelib.domain.machines import messages
from docs.examples.gateway import mqtt
from docs.examples.gateway.config import Mqtt, MqttSignal
from docs.examples.gateway.readings import message
from docs.examples.gateway.store import Store, StoreFull
from tests.gateway.broker import Session, brokering
from tests.gateway.looped import PATIENCE_SECONDS, looped, until
from tests.gateway.stores import NOW, empty, fill, reading

FIELDS = {"value": "celsius", "at": "time", "seq": "n"}


def json_values() -> st.SearchStrategy[object]:
    leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    values = st.recursive(leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
    return values | st.fixed_dictionaries({"celsius": values}, optional={"time": values, "n": values})


def signal(**fields: Any) -> MqttSignal:
    given = {"topic": "plant/+/t", "machine": "M1", "type": "temperature"} | fields
    return MqttSignal.model_validate(given)


@pytest.mark.parametrize(
    ("fields", "payload", "sent"),
    [
        ({}, "81.5", {"value": 81.5}),
        ({"scale": 0.1}, "815", {"value": 81.5}),
        ({"type": "state", "states": {"RUN": "producing"}}, "RUN", {"value": "producing"}),
        ({}, "hot", {"value": "hot"}),
        (FIELDS, '{"celsius": 81.5}', {"value": 81.5}),
        (
            FIELDS,
            '{"celsius": 81.5, "time": 1767607200250, "n": 7}',
            {"value": 81.5, "at": "2026-01-05T10:00:00.250000Z", "seq": 7},
        ),
        (
            FIELDS,
            '{"celsius": 81.5, "time": "2026-01-05T12:00:00.25+02:00"}',
            {"value": 81.5, "at": "2026-01-05T12:00:00.25+02:00"},
        ),
        (FIELDS, '{"fahrenheit": 178}', {"value": '{"fahrenheit": 178}'}),
        (FIELDS, "[81.5]", {"value": "[81.5]"}),
        (FIELDS, "x" * 1000, {"value": "x" * 200}),
        (FIELDS, '{"celsius": null, "time": 1e300}', {"value": None, "at": "1e+300"}),
    ],
)
def test_a_payload_becomes_a_reading_or_a_text_that_takip_shows(
    fields: dict[str, Any], payload: str, sent: dict[str, object]
) -> None:
    part = json.loads(mqtt.reading_of(signal(**fields), payload, NOW).as_sent())
    received = "2026-01-05T10:00:00.000000Z"
    clock = {"received_at": received} if "at" in sent else {"at": received}
    kind = fields.get("type", "temperature")
    assert part == {"type": kind, "sensor": "main"} | clock | sent


def test_one_payload_may_hold_several_signals() -> None:
    both = [signal(value="celsius"), signal(value="bar", type="pressure"), signal(topic="plant/1/other")]
    broker = Mqtt.model_validate({"host": "b", "signal": both})
    message = MQTTMessage(topic=b"plant/1/t")
    message.payload = b'{"celsius": 81.5, "bar": 2}'
    assert [(each.type, each.value) for each in mqtt.readings_of(broker, message)] == [
        ("temperature", 81.5),
        ("pressure", 2),
    ]


@given(st.text() | json_values().map(json.dumps), st.sampled_from([{}, FIELDS, FIELDS | {"scale": 0.1}]))
def test_no_payload_stops_the_gateway_or_spoils_the_message_that_carries_it(text: str, fields: dict[str, Any]) -> None:
    parts = [mqtt.reading_of(signal(**fields), text, NOW).as_sent(), reading(20.0).as_sent()]
    decoded = messages.decode(message("default", "M1", parts))
    assert (decoded.problems, len(decoded.parts)) == ((), 2)


@pytest.mark.parametrize("payload", ["[" * 100_000, "9" * 400, "9" * 5_000, '{"celsius": NaN, "time": NaN}'])
@pytest.mark.parametrize("scale", [1, 0.1])
def test_a_payload_made_to_break_a_reader_is_a_reading_too(payload: str, scale: float) -> None:
    part = mqtt.reading_of(signal(scale=scale), payload, NOW).as_sent()
    assert messages.decode(message("default", "M1", [part])).problems == ()


def test_what_the_store_cannot_take_is_not_confirmed_and_comes_again(
    tmp_path: Path,
) -> None:
    store = Store(tmp_path / "store.db", megabytes=1)
    fill(store)
    with looped() as loop, brokering(loop) as broker:
        settings = Mqtt.model_validate({"host": "127.0.0.1", "port": broker.port, "signal": [signal(topic="#")]})
        session = broker.sessions[settings.client_id] = Session({"#"})
        session.deliver(b"plant/1/t", b"81.5")
        with pytest.raises(StoreFull):
            mqtt.read(settings, store)
        assert broker.unconfirmed == 1
        empty(store)
        with ThreadPoolExecutor() as beside:
            reader = beside.submit(mqtt.read, settings, store)
            try:
                until(lambda: broker.unconfirmed == 0)
            finally:
                loop.do(broker.end())
            with pytest.raises(ConnectionError, match="the connection has ended"):
                reader.result(PATIENCE_SECONDS)
    kept = store.oldest(5)
    assert kept
    assert [json.loads(part)["value"] for part in kept.parts] == [81.5]
    store.close()


def test_a_topic_that_the_broker_refuses_is_told_and_the_others_come(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(tmp_path / "store.db", megabytes=1)
    with looped() as loop, brokering(loop) as broker, ThreadPoolExecutor() as beside:
        broker.refused = {"secret"}
        both = [signal(topic="secret"), signal(topic="plant/1")]
        settings = Mqtt.model_validate({"host": "127.0.0.1", "port": broker.port, "signal": both})
        reader = beside.submit(mqtt.read, settings, store)
        try:
            until(lambda: broker.is_subscribed)
            broker.sessions[settings.client_id].deliver(b"plant/1", b"20")
            until(lambda: store.waiting() == 1)
        finally:
            loop.do(broker.end())
        assert reader.exception(PATIENCE_SECONDS)
    store.close()
    assert caplog.messages == ["127.0.0.1 refuses the topic secret: Unspecified error"]
