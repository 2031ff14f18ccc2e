"""MQTT out: with a certificate, and nothing leaves the store before the broker has confirmed it."""

import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from docs.examples.gateway import outgoing
from docs.examples.gateway.config import Batch, Config, Iot, Modbus, Tls
from docs.examples.gateway.readings import Reading
from docs.examples.gateway.store import Store
from tests.gateway.broker import Broker, brokering
from tests.gateway.clouds import certificates
from tests.gateway.looped import looped

NOW = datetime(2026, 1, 5, 10, tzinfo=UTC)


@dataclass
class Cloud:
    """A broker that asks for a certificate of its own authority, and the settings of a gateway that has one."""

    broker: Broker
    settings: Config


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    context, files = certificates(tmp_path)
    with looped() as loop, brokering(loop, context) as broker:
        iot = Iot(host="127.0.0.1", port=broker.port, client_id="gateway-1", tls=Tls.model_validate(files))
        reads = Modbus.model_validate({"host": "m", "machine": "M1", "signal": [{"address": 0, "type": "custom"}]})
        yield Cloud(broker, Config(tenant="acme", iot=iot, modbus=(reads,), batch=Batch(readings=2, seconds=60)))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "store.db", megabytes=1)
    opened.add([Reading("M1", "temperature", "main", 20.0 + n, datetime.now(UTC)) for n in range(5)])
    yield opened
    opened.close()


def test_full_batches_go_to_the_topic_of_their_machine(cloud: Cloud, store: Store) -> None:
    way = outgoing.connect(cloud.settings)
    went = [outgoing.send_oldest(store, cloud.settings, way) for _ in range(3)]
    way.close()
    assert (went, store.waiting()) == ([True, True, False], 1)  # the fifth waits for a sixth, or for 60 seconds
    assert {topic for topic, _ in cloud.broker.published} == {"takip/acme/machines/M1/readings"}
    bodies = [json.loads(payload) for _, payload in cloud.broker.published]
    assert [[part["value"] for part in body["readings"]] for body in bodies] == [[20.0, 21.0], [22.0, 23.0]]


def test_what_the_broker_has_taken_and_not_confirmed_is_sent_again_the_same(
    cloud: Cloud, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "SECONDS_TO_CONFIRM", 0.2)
    cloud.broker.confirming = False
    way = outgoing.connect(cloud.settings)
    with pytest.raises(ConnectionError, match="did not confirm a message of M1"):
        outgoing.send_oldest(store, cloud.settings, way)
    way.close()
    assert store.waiting() == 5

    cloud.broker.confirming = True
    way = outgoing.connect(cloud.settings)
    assert outgoing.send_oldest(store, cloud.settings, way)
    way.close()
    first, again = cloud.broker.published
    assert (first == again, store.waiting()) == (True, 3)


def test_a_batch_goes_when_its_oldest_reading_is_old_enough_or_the_clock_was_set_back(
    cloud: Cloud, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = store.oldest(1)
    assert batch
    due = {}
    for seconds in (59, 60, -60):
        monkeypatch.setattr("time.time", lambda seconds=seconds: batch.received + seconds)
        due[seconds] = outgoing.is_due(batch, cloud.settings.batch)
    assert due == {59: False, 60: True, -60: True}


def test_without_its_certificate_a_gateway_is_refused(
    cloud: Cloud, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing, "SECONDS_TO_CONFIRM", 1)
    assert cloud.settings.iot
    without = Tls(ca=cloud.settings.iot.tls.ca)
    iot = cloud.settings.iot.model_copy(update={"tls": without})
    settings = cloud.settings.model_copy(update={"iot": iot})
    with pytest.raises((ConnectionError, ssl.SSLError)):
        outgoing.connect(settings)
    assert (cloud.broker.published, store.waiting()) == ([], 5)
