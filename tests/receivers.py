"""Real servers on this computer that receive webhooks, and answer as a test wants."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Answer = Callable[[socket.socket], None]
"""Answers a request on a connection from which the request has been read."""


@dataclass(frozen=True)
class Request:
    """A request as it came in."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """A server: its port, the requests that came, and how it answers. Tests may change the answer."""

    port: int
    answer: Answer
    requests: list[Request] = field(default_factory=list)
    names: list[str | None] = field(default_factory=list)  # which each TLS connection asked for

    @property
    def url(self) -> str:
        """Its URL without TLS."""
        return f"http://127.0.0.1:{self.port}/hook?from=takip"


def says(status: str, *headers: str, body: bytes = b"") -> Answer:
    """Answer with a status, headers and a body."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, "", ""]
    return lambda connection: connection.sendall("\r\n".join(lines).encode() + body)


def sends(raw: bytes) -> Answer:
    """Answer with exactly these bytes, then close the connection."""
    return lambda connection: connection.sendall(raw)


def drips(raw: bytes, seconds: float) -> Answer:
    """Answer with a byte after each pause."""

    def answer(connection: socket.socket) -> None:
        for byte in raw:
            connection.sendall(bytes([byte]))
            time.sleep(seconds)

    return answer


def pours(sent: list[int], most: int) -> Answer:
    """Answer with a body of up to so many bytes, and note how many were taken."""

    def answer(connection: socket.socket) -> None:
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while sum(sent) < most:
            sent.append(connection.send(bytes(64 * 1024)))

    return answer


@contextmanager
def receiving(tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    """Run a server as long as the context lasts. It takes everything, until a test changes its answer."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        receiver = Receiver(server.getsockname()[1], says("204 No Content"))
        if tls:
            tls.sni_callback = lambda _socket, name, _context: receiver.names.append(name)
        thread = threading.Thread(target=_serve, args=(server, receiver, tls), daemon=True)
        thread.start()
        try:
            yield receiver
        finally:
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def _serve(server: socket.socket, receiver: Receiver, tls: ssl.SSLContext | None) -> None:
    while True:
        try:
            connection, _ = server.accept()
        except OSError:
            return
        with connection, suppress(OSError):  # whoever asked may be gone
            if tls:
                with tls.wrap_socket(connection, server_side=True) as secure:
                    _take(secure, receiver)
            else:
                _take(connection, receiver)


def _take(connection: socket.socket, receiver: Receiver) -> None:
    with connection.makefile("rb") as lines:
        line = lines.readline().decode().strip()
        headers = {}
        while text := lines.readline().decode().strip():
            name, _, value = text.partition(": ")
            headers[name.lower()] = value
        body = lines.read(int(headers.get("content-length", 0)))
    receiver.requests.append(Request(line, headers, body))
    receiver.answer(connection)
