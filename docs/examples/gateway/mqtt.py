"""MQTT in: a message is confirmed to the broker when it is on disk. What is not confirmed comes again."""

import json
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

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
QOS = 1


def read(broker: Mqtt, store: Store) -> None:
    """Keep what comes, until the connection ends, which raises ConnectionError."""
    arrived: SimpleQueue[MQTTMessage | None] = SimpleQueue()
    client = Client(CallbackAPIVersion.VERSION2, broker.client_id, clean_session=False, manual_ack=True)
    client.username_pw_set(broker.username, broker.password)
    if broker.tls:
        secure(client, broker.tls)

    def connected(_c: Client, _u: object, _f: ConnectFlags, reason: ReasonCode, _p: Properties | None) -> None:
        if not reason.is_failure:
            client.subscribe([(signal.topic, QOS) for signal in broker.signal])

    def ended(_c: Client, _u: object, _f: DisconnectFlags, _r: ReasonCode, _p: Properties | None) -> None:
        arrived.put(None)

    client.on_connect, client.on_disconnect = connected, ended
    client.on_message = lambda _client, _user, message: arrived.put(message)
    client.connect(broker.host, broker.port)
    client.loop_start()
    try:
        while message := arrived.get():
            store.add(readings_of(broker, message))
            client.ack(message.mid, message.qos)
    finally:
        client.disconnect()
        client.loop_stop()
    raise ConnectionError("the broker ended the connection")


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
