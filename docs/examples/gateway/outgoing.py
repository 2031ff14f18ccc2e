"""The way out: the oldest readings go first, and leave the store only when the receiver has confirmed them."""

import logging
import ssl
import time
from threading import Event
from typing import Protocol

import boto3
from botocore.config import Config as ClientConfig
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

from . import config
from .readings import message
from .store import Batch, Store

log = logging.getLogger(__name__)

SECONDS_BETWEEN_LOOKS = 0.2
SECONDS_TO_CONFIRM = 20


class Way(Protocol):
    """A connection to Takip."""

    def send(self, machine: str, body: str) -> None:
        """Send a message, and wait until it is confirmed. Raises an error if it is not; then it is sent again."""

    def close(self) -> None:
        """Close the connection."""


class Sqs:
    """Takip's readings queue."""

    def __init__(self, settings: config.Sqs) -> None:
        self._queue_url = settings.queue_url
        limits = ClientConfig(connect_timeout=5, read_timeout=SECONDS_TO_CONFIRM, retries={"total_max_attempts": 1})
        self._client = boto3.client("sqs", region_name=settings.region, config=limits)

    def send(self, machine: str, body: str) -> None:  # noqa: ARG002  the body names the machine
        """Send a message. SQS answers when the queue holds it."""
        self._client.send_message(QueueUrl=self._queue_url, MessageBody=body)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


class Iot:
    """A machine's topic in AWS IoT, over MQTT 3.1.1 with a certificate.

    In 3.1.1 a PUBACK always means that the message was taken. MQTT 5 has PUBACKs that refuse.
    """

    def __init__(self, tenant: str, settings: config.Iot) -> None:
        self._tenant = tenant
        self._client = Client(CallbackAPIVersion.VERSION2, client_id=settings.client_id)
        secure(self._client, settings.tls)
        answered = Event()
        self._client.on_connect = lambda *_: answered.set()
        self._client.connect(settings.host, settings.port)
        self._client.loop_start()
        if not answered.wait(SECONDS_TO_CONFIRM) or not self._client.is_connected():
            self.close()
            raise ConnectionError("the broker did not let the gateway in")

    def send(self, machine: str, body: str) -> None:
        """Publish with QoS 1. The broker answers with PUBACK when it has taken the message."""
        sent = self._client.publish(f"takip/{self._tenant}/machines/{machine}/readings", body, qos=1)
        deadline = time.monotonic() + SECONDS_TO_CONFIRM
        while not sent.is_published():
            if time.monotonic() > deadline or not self._client.is_connected():
                raise ConnectionError(f"the broker did not confirm a message of {machine}")
            sent.wait_for_publish(0.1)

    def close(self) -> None:
        """Close the connection, and forget what it was about to send: it is still in the store."""
        self._client.disconnect()
        self._client.loop_stop()


def secure(client: Client, tls: config.Tls) -> None:
    """Have an MQTT client speak TLS with these certificates."""
    context = ssl.create_default_context(cafile=tls.ca)
    if tls.certificate:
        context.load_cert_chain(tls.certificate, tls.key)
    client.tls_set_context(context)


def forward(store: Store, settings: config.Config) -> None:
    """Send what waits, for ever. Raises what the way out raises; everything unconfirmed is still in the store."""
    way = connect(settings)
    try:
        log.info("Sending to Takip. Readings that wait: %s.", store.waiting())
        while True:
            if not send_oldest(store, settings, way):
                time.sleep(SECONDS_BETWEEN_LOOKS)
    finally:
        way.close()


def send_oldest(store: Store, settings: config.Config, way: Way) -> bool:
    """Send the batch that waits longest, if it is due, and delete it when it is confirmed. Whether there was one."""
    batch = store.oldest(settings.batch.readings)
    if batch is None or not is_due(batch, settings.batch):
        return False
    way.send(batch.machine, message(settings.tenant, batch.machine, batch.parts))
    store.remove(batch)
    return True


def is_due(batch: Batch, wanted: config.Batch) -> bool:
    """Whether a batch is full, or its oldest reading old enough. If the clock was set back, it does not wait longer."""
    return len(batch.parts) >= wanted.readings or abs(time.time() - batch.received) >= wanted.seconds


def connect(settings: config.Config) -> Way:
    """A connection to Takip, by the way that the settings name."""
    return Iot(settings.tenant, settings.iot) if settings.iot else Sqs(settings.sqs)  # type: ignore[arg-type]
