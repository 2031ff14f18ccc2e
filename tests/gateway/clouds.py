"""The two ways to Takip, as a gateway sees them: SQS, and AWS IoT with certificates."""

import json
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import trustme

from tests.gateway.broker import Broker, brokering
from tests.gateway.looped import Loop
from tests.gateway.sqs import Queue, queueing


class Cloud(Protocol):
    """Where a gateway sends."""

    @property
    def port(self) -> int: ...

    @property
    def bodies(self) -> list[str]:
        """The messages that have reached Takip's queue."""

    def mute(self, *, is_mute: bool) -> None:
        """Take messages, and close the connection instead of confirming them; or confirm them again."""

    def settings(self, port: int) -> str:
        """The lines of gateway.toml that lead there by a port."""


@dataclass
class Sqs:
    """SQS."""

    queue: Queue

    @property
    def port(self) -> int:
        return self.queue.server_port

    @property
    def bodies(self) -> list[str]:
        return self.queue.bodies[:]

    def mute(self, *, is_mute: bool) -> None:
        self.queue.mute = is_mute

    def settings(self, _port: int) -> str:
        return 'sqs = { queue_url = "http://sqs/1/readings", region = "eu-central-1" }'


@dataclass
class Iot:
    """AWS IoT, with the rule that puts what devices publish into Takip's queue."""

    broker: Broker
    files: dict[str, Path]

    @property
    def port(self) -> int:
        return self.broker.port

    @property
    def bodies(self) -> list[str]:
        """What the rule `takip_<environment>_readings` of infra/resources.yaml selects."""
        selected = []
        for topic, payload in self.broker.published:
            _, tenant, _, machine_id, _ = topic.split("/")
            readings = json.loads(payload)["readings"]
            selected.append(json.dumps({"readings": readings, "tenant": tenant, "machine_id": machine_id}))
        return selected

    def mute(self, *, is_mute: bool) -> None:
        self.broker.hanging_up = is_mute

    def settings(self, port: int) -> str:
        files = ", ".join(f"{name} = '{path}'" for name, path in self.files.items())
        return f'iot = {{ host = "127.0.0.1", port = {port}, client_id = "gateway-1", tls = {{ {files} }} }}'


def certificates(folder: Path) -> tuple[ssl.SSLContext, dict[str, Path]]:
    """A broker's TLS that asks for a certificate of its own authority, and the files of a gateway that has one."""
    ca = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ca.issue_cert("127.0.0.1").configure_cert(context)
    ca.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    files = {name: folder / f"{name}.pem" for name in ("ca", "certificate", "key")}
    gateway = ca.issue_cert("gateway-1")
    ca.cert_pem.write_to_path(str(files["ca"]))
    gateway.cert_chain_pems[0].write_to_path(str(files["certificate"]))
    gateway.private_key_pem.write_to_path(str(files["key"]))
    return context, files


@contextmanager
def clouded(way: str, loop: Loop, folder: Path) -> Iterator[Cloud]:
    """The cloud by the name of the way to it, as long as the context lasts."""
    if way == "sqs":
        with queueing() as queue:
            yield Sqs(queue)
    else:
        context, files = certificates(folder)
        with brokering(loop, context) as broker:
            yield Iot(broker, files)
