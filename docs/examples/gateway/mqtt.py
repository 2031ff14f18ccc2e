"""MQTT in: a message is confirmed to the broker when it is on disk. What is not confirmed comes again."""

import json
import logging
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from queue import SimpleQueue

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, topic_matches_sub
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from .config import Mqtt, MqttSignal
from .outgoing import secure
from .readings import Reading, written
from .store import Store

log = logging.getLogger(__name__)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QOS = 1


def read(broker: Mqtt, store: Store) -> None:
    """Keep what comes, until the connection ends, which raises ConnectionError."""
    arrived: SimpleQueue[MQTTMessage | str] = SimpleQueue()  # a text says why there is no connection any more
    client = Client(CallbackAPIVersion.VERSION2, broker.client_id, clean_session=False, manual_ack=True)
    topics = [signal.topic for signal in broker.signal]
    client.username_pw_set(broker.username, broker.password)
    if broker.tls:
        secure(client, broker.tls)

    def connected(_c: Client, _u: object, _f: ConnectFlags, reason: ReasonCode, _p: Properties | None) -> None:
        if reason.is_failure:
            arrived.put(str(reason))
        else:
            client.subscribe([(topic, QOS) for topic in topics])

    def subscribed(_c: Client, _u: object, _m: int, reasons: list[ReasonCode], _p: Properties | None) -> None:
        for topic, reason in zip(topics, reasons, strict=True):
            if reason.is_failure:
                log.error("%s refuses the topic %s: %s", broker.host, topic, reason)

    def ended(_c: Client, _u: object, _f: DisconnectFlags, reason: ReasonCode, _p: Properties | None) -> None:
        arrived.put(f"the connection has ended: {reason}")

    client.on_connect, client.on_subscribe, client.on_disconnect = connected, subscribed, ended
    client.on_message = lambda _client, _user, message: arrived.put(message)
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        while isinstance(message := arrived.get(), MQTTMessage):
            store.add(readings_of(broker, message))
            client.ack(message.mid, message.qos)
    finally:
        client.disconnect()
        client.loop_stop()
    raise ConnectionError(message)


def readings_of(broker: Mqtt, message: MQTTMessage) -> list[Reading]:
    """The readings of a message: one for each signal of its topic."""
    received_at = datetime.now(UTC)
    text = message.payload.decode(errors="replace")
    signals = (signal for signal in broker.signal if topic_matches_sub(signal.topic, message.topic))
    return [reading_of(signal, text, received_at) for signal in signals]


def reading_of(signal: MqttSignal, text: str, received_at: datetime) -> Reading:
    """A reading of a payload. If the payload does not hold it, the whole text is its value: Takip then shows it."""
    try:
        payload = json.loads(text)
    except (ValueError, RecursionError):  # a word, such as a state
        payload = text
    if signal.value is None:
        return Reading(signal.machine, signal.type, signal.sensor, signal.read(payload), received_at)
    fields = payload if isinstance(payload, dict) else {}
    value = signal.read(fields[signal.value]) if signal.value in fields else text
    at, seq = (fields.get(name) if name else None for name in (signal.at, signal.seq))
    return Reading(signal.machine, signal.type, signal.sensor, value, received_at, instant(at), seq)


def instant(at: object) -> str | None:
    """The device's time as text. A number is milliseconds since 1970. Text stays as it is; Takip checks it."""
    if isinstance(at, int | float):
        with suppress(OverflowError, ValueError):  # no instant; as text Takip refuses it, and shows it
            return written(EPOCH + timedelta(milliseconds=at))
    return None if at is None else str(at)
