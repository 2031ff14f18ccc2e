"""OPC UA: the server tells each change of a variable, with the time at which the device measured it."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

from asyncua import ua
from asyncua.client.client import Client
from asyncua.common.subscription import DataChangeEvent, Subscription
from asyncua.crypto.security_policies import SecurityPolicyBasic256Sha256

from .config import OpcUa, OpcUaSignal
from .readings import Reading, written
from .store import Store

log = logging.getLogger(__name__)

SERVER_QUEUE = 1_000
"""How many changes of a variable the server keeps for the gateway between two answers."""
MOST_AT_ONCE = 1_000
DAY = timedelta(days=1)


def read(server: OpcUa, store: Store) -> None:
    """Keep what the server tells, until the connection ends, which raises an error."""
    asyncio.run(Reader(server, store).read())


class Reader:
    """Reads one server."""

    def __init__(self, server: OpcUa, store: Store) -> None:
        self._server = server
        self._store = store
        self._signals = {ua.NodeId.from_string(signal.node): signal for signal in server.signal}
        self._bad: set[str] = set()

    async def read(self) -> None:
        """Subscribe, then ask for what was missed, then keep what comes."""
        async with await self._client() as client:
            every = self._server.publish_seconds * 1000
            subscription = await client.create_subscription(every, queue_maxsize=0)
            nodes = [client.get_node(node) for node in self._signals]
            told = await subscription.subscribe_data_change(
                nodes, queuesize=SERVER_QUEUE, sampling_interval=ua.Duration(self._server.sample_seconds * 1000)
            )
            for node, answer in zip(self._signals, told, strict=True):
                if isinstance(answer, ua.StatusCode):
                    log.error("%s refuses %s: %s", self._server.url, node.to_string(), answer.name)
            if self._server.history:
                for node in self._signals:
                    await self._ask_for_missed(client, node)
            while True:
                self._keep(await changes(subscription))

    async def _client(self) -> Client:
        client = Client(self._server.url)
        if security := self._server.security:
            client.application_uri = security.application_uri
            await client.set_security(
                SecurityPolicyBasic256Sha256,
                security.certificate,
                security.key,
                server_certificate=str(security.server_certificate),
            )
        return client

    async def _ask_for_missed(self, client: Client, node: ua.NodeId) -> None:
        """Keep what the server has measured since the newest value that was kept. What comes twice counts once."""
        if since := self._store.mark(self._place(node)):
            first, last = datetime.fromisoformat(since), datetime.now(UTC) + DAY  # the server's clock may be ahead
            missed = await client.get_node(node).read_raw_history(first, last, return_bounds=False)
            self._keep([(node, value) for value in missed])

    def _keep(self, found: list[tuple[ua.NodeId, ua.DataValue]]) -> None:
        readings = [(node, self._reading(node, value)) for node, value in found if self._is_good(node, value)]
        if readings:
            self._store.add([reading for _, reading in readings])
            self._store.set_marks({self._place(node): reading.marked_at for node, reading in readings})

    def _is_good(self, node: ua.NodeId, value: ua.DataValue) -> bool:
        """Whether the value is good. If not, it is no reading; the log tells when that begins and ends."""
        name, status = node.to_string(), value.StatusCode
        is_good = status is None or status.is_good()
        if not is_good and name not in self._bad:
            log.warning("%s of %s has no good value: %s", name, self._server.url, status and status.name)
        if is_good and name in self._bad:
            log.info("%s of %s has good values again.", name, self._server.url)
        self._bad = self._bad - {name} if is_good else self._bad | {name}
        return is_good

    def _reading(self, node: ua.NodeId, value: ua.DataValue) -> Reading:
        signal: OpcUaSignal = self._signals[node]
        measured_at = value.SourceTimestamp or value.ServerTimestamp
        return Reading(
            self._server.machine,
            signal.type,
            signal.sensor,
            signal.read(value.Value.Value if value.Value else None),
            datetime.now(UTC),
            written(measured_at) if measured_at else None,
        )

    def _place(self, node: ua.NodeId) -> str:
        return f"{self._server.url} {node.to_string()}"


async def changes(subscription: Subscription) -> list[tuple[ua.NodeId, ua.DataValue]]:
    """The next changes that the server tells together. Raises ConnectionError when the connection has ended."""
    event = await subscription.next_event()
    found: list[tuple[ua.NodeId, ua.DataValue]] = []
    while event and len(found) < MOST_AT_ONCE:
        if not isinstance(event, DataChangeEvent):
            raise ConnectionError("the connection has ended")
        found.append((event.node.nodeid, event.data.monitored_item.Value))
        event = await subscription.next_event(0.01)
    return found
