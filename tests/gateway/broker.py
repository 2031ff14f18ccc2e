"""An MQTT 3.1.1 broker: QoS 0 and 1, TLS, and sessions that keep what a client has not confirmed.

It is written here because a broker that forgets unconfirmed messages, as small ones do, cannot show what is lost.
"""

import asyncio
import ssl
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from paho.mqtt.client import topic_matches_sub

from tests.gateway.looped import Loop

CONNECT, CONNACK, PUBLISH, PUBACK, SUBSCRIBE, SUBACK, PINGREQ, PINGRESP, DISCONNECT = 1, 2, 3, 4, 8, 9, 12, 13, 14


@dataclass
class Session:
    """A client: what it wants, what it has not confirmed, and its connection if it has one."""

    filters: set[str] = field(default_factory=set)
    unconfirmed: dict[int, bytes] = field(default_factory=dict)
    last_id: int = 0
    writer: asyncio.StreamWriter | None = None

    def deliver(self, topic: bytes, payload: bytes) -> None:
        self.last_id += 1
        self.unconfirmed[self.last_id] = _text(topic) + struct.pack("!H", self.last_id) + payload
        self._send(self.last_id, is_again=False)

    def resume(self) -> None:
        """Deliver again what was not confirmed."""
        for message_id in self.unconfirmed:
            self._send(message_id, is_again=True)

    def _send(self, message_id: int, *, is_again: bool) -> None:
        if self.writer:
            self.writer.write(_packet(PUBLISH, self.unconfirmed[message_id], 0b1010 if is_again else 0b0010))


@dataclass
class Broker:
    """The broker. `published` has everything that it has taken.

    While it is not `confirming`, nobody hears so. While it is `hanging_up`, it ends the connection instead. Some topics
    are `refused`.
    """

    port: int = 0
    published: list[tuple[str, bytes]] = field(default_factory=list)
    confirming: bool = True
    hanging_up: bool = False
    refused: set[str] = field(default_factory=set)
    sessions: dict[str, Session] = field(default_factory=dict)

    @property
    def unconfirmed(self) -> int:
        """How many messages clients have not confirmed."""
        return sum(len(session.unconfirmed) for session in self.sessions.values())

    @property
    def is_subscribed(self) -> bool:
        """Whether a client wants messages."""
        return any(session.filters for session in self.sessions.values())

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        session = Session()
        try:
            while True:
                kind, flags, body = await _read(reader)
                if kind == CONNECT:
                    session = self._open(body, writer)
                elif kind == SUBSCRIBE:
                    self._subscribe(session, body, writer)
                elif kind == PUBLISH:
                    self._take(flags, body, writer)
                elif kind == PUBACK:
                    session.unconfirmed.pop(struct.unpack("!H", body)[0], None)
                elif kind == PINGREQ:
                    writer.write(_packet(PINGRESP, b""))
                elif kind == DISCONNECT:
                    break
        except (OSError, EOFError):
            pass  # the client is gone
        finally:
            if session.writer is writer:
                session.writer = None
            writer.transport.abort()

    async def end(self) -> None:
        """End all connections."""
        for session in self.sessions.values():
            if session.writer:
                session.writer.close()

    def _open(self, body: bytes, writer: asyncio.StreamWriter) -> Session:
        client_id, is_clean = _at(body, 10)[0].decode(), bool(body[7] & 2)
        is_known = client_id in self.sessions and not is_clean
        session = self.sessions[client_id] = self.sessions[client_id] if is_known else Session()
        session.writer = writer
        writer.write(_packet(CONNACK, bytes([is_known, 0])))
        session.resume()
        return session

    def _subscribe(self, session: Session, body: bytes, writer: asyncio.StreamWriter) -> None:
        place, granted = 2, bytearray()
        while place < len(body):
            wanted, place = _at(body, place)
            is_refused = wanted.decode() in self.refused
            session.filters |= set() if is_refused else {wanted.decode()}
            place += 1
            granted.append(128 if is_refused else 1)
        writer.write(_packet(SUBACK, body[:2] + granted))

    def _take(self, flags: int, body: bytes, writer: asyncio.StreamWriter) -> None:
        topic, place = _at(body, 0)
        has_id = bool(flags & 0b0110)
        payload = body[place + 2 :] if has_id else body[place:]
        self.published.append((topic.decode(), payload))
        for session in self.sessions.values():
            if any(topic_matches_sub(wanted, topic.decode()) for wanted in session.filters):
                session.deliver(topic, payload)
        if self.hanging_up:
            raise ConnectionError
        if has_id and self.confirming:
            writer.write(_packet(PUBACK, body[place : place + 2]))


@contextmanager
def brokering(loop: Loop, tls: ssl.SSLContext | None = None) -> Iterator[Broker]:
    """A broker on a free port as long as the context lasts."""
    broker = Broker()
    server = loop.do(asyncio.start_server(broker.serve, "127.0.0.1", 0, ssl=tls))
    broker.port = server.sockets[0].getsockname()[1]
    try:
        yield broker
    finally:
        server.close()


async def _read(reader: asyncio.StreamReader) -> tuple[int, int, bytes]:
    (first,) = await reader.readexactly(1)
    size, shift = 0, 0
    while True:
        (byte,) = await reader.readexactly(1)
        size |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            return first >> 4, first & 15, await reader.readexactly(size)


def _packet(kind: int, body: bytes, flags: int = 0) -> bytes:
    size, left = bytearray(), len(body)
    while True:
        left, byte = divmod(left, 128)
        size.append(byte | (128 if left else 0))
        if not left:
            return bytes([kind << 4 | flags, *size]) + body


def _text(text: bytes) -> bytes:
    return struct.pack("!H", len(text)) + text


def _at(body: bytes, place: int) -> tuple[bytes, int]:
    """The text at a place, and where it ends."""
    (length,) = struct.unpack_from("!H", body, place)
    return body[place + 2 : place + 2 + length], place + 2 + length
