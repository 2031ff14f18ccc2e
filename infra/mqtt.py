"""Publishes over MQTT, as a device does, to the broker of the AWS on this machine."""

from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

from paho.mqtt.client import Client, MQTTMessageInfo
from paho.mqtt.enums import CallbackAPIVersion

from infra.aws import Aws
from infra.problem import Problem

PATIENCE_SECONDS = 30.0


class Publisher:
    """A connection to the broker. What it publishes is delivered at least once (QoS 1)."""

    def __init__(self, aws: Aws) -> None:
        self._place = urlsplit(aws.endpoint or "")
        host = aws.client("iot").describe_endpoint(endpointType="iot:Data-ATS")["endpointAddress"].partition(":")[0]
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=uuid4().hex, transport="websockets")
        self._client.ws_set_options(headers=lambda headers: headers | {"Host": host})
        self._on_the_way: list[MQTTMessageInfo] = []

    def __enter__(self) -> Self:
        self._client.connect(self._place.hostname or "", self._place.port or 0)
        self._client.loop_start()
        return self

    def __exit__(self, *_: object) -> None:
        self._client.disconnect()
        self._client.loop_stop()

    def publish(self, topic: str, payload: bytes) -> None:
        """Publish a message. It is on its way until `settle`."""
        self._on_the_way.append(self._client.publish(topic, payload, qos=1))

    def settle(self) -> None:
        """Wait until the broker has everything. Raises Problem if it does not take a message."""
        for message in self._on_the_way:
            message.wait_for_publish(PATIENCE_SECONDS)
            if not message.is_published():
                raise Problem("The MQTT broker did not take a message. `python takip.py logs` shows why.")
        self._on_the_way.clear()
