"""Webhooks: signed requests to servers that admins named, which may be slow, broken or hostile.

The address is checked after the name was resolved, and the connection is made to exactly that address, so that nothing
inside Takip's own network is reached. urllib3 can be pinned too, but a server that sends a byte a second would keep it
busy for ever.
"""

import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BytesIO
from typing import Any

from chalicelib import clock, remembered, settings
from chalicelib.domain.telling.addresses import Target, is_allowed, target
from chalicelib.domain.telling.deliveries import Attempt, DeliveryError

SECONDS_IN_ALL = 10.0
SECONDS_TO_CONNECT = 3.0
MOST_READ = 16 * 1024
"""Bytes that are read of an answer. Its head is all that is looked at."""

_ALWAYS = {"User-Agent": "Takip-Webhooks/1", "Connection": "close"}
_HEAD_ENDS = (b"\r\n\r\n", b"\n\n")


class Failed(Exception):
    """There was no answer, for one of the known reasons."""

    def __init__(self, error: DeliveryError) -> None:
        super().__init__(error)
        self.error = error


class _Received:
    """What was received of an answer, in the form of the socket that `HTTPResponse` reads."""

    def __init__(self, head: bytes) -> None:
        self._head = head

    def makefile(self, _mode: str) -> BytesIO:
        """The bytes to read."""
        return BytesIO(self._head)


def post(url: str, headers: Mapping[str, str], body: bytes) -> Attempt:
    """Send a message, and return what came of it. Redirects are not followed. It never takes more than 10 seconds.

    Resolving the name is not included: the system limits it.
    """
    began = time.monotonic()
    try:
        answer = _answer(url, headers, body)
        status, wait = answer.status, _retry_after(answer.getheader("Retry-After"))
        error = None
    except Failed as failed:
        status, wait, error = None, None, failed.error
    return Attempt(round(1000 * (time.monotonic() - began)), status, error, wait)


def _answer(url: str, headers: Mapping[str, str], body: bytes) -> HTTPResponse:
    local = settings.current().is_local
    try:
        where = target(url, local=local)
    except ValueError:
        raise Failed(DeliveryError.ADDRESS_REFUSED) from None
    addresses = _addresses(where, local=local)
    deadline = time.monotonic() + SECONDS_IN_ALL
    try:
        with _connected(where, addresses, deadline) as connection:
            return _asked(connection, where, headers, body, deadline)
    except TimeoutError:
        raise Failed(DeliveryError.TIMEOUT) from None
    except ssl.SSLCertVerificationError:
        raise Failed(DeliveryError.CERTIFICATE) from None
    except OSError:  # also a connection that was closed without an answer, which is an HTTPException too
        raise Failed(DeliveryError.UNREACHABLE) from None
    except HTTPException:
        raise Failed(DeliveryError.UNREADABLE) from None


def _addresses(where: Target, *, local: bool) -> list[tuple[str, int]]:
    """The addresses of a host, all of them checked: one that may not be reached refuses them all."""
    try:
        found = socket.getaddrinfo(where.host, where.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Failed(DeliveryError.UNKNOWN_HOST) from None
    addresses = [str(sockaddr[0]) for *_, sockaddr in found]
    if not all("%" not in each and is_allowed(ipaddress.ip_address(each), local=local) for each in addresses):
        raise Failed(DeliveryError.ADDRESS_REFUSED)
    return [(each, where.port) for each in addresses]


def _connected(where: Target, addresses: list[tuple[str, int]], deadline: float) -> socket.socket:
    """A connection to the first address that accepts one, by TLS if the target is secure. Raises OSError."""
    refused = OSError("no address")
    for address in addresses:
        try:
            plain = socket.create_connection(address, timeout=min(SECONDS_TO_CONNECT, _left(deadline)))
        except OSError as error:
            refused = error
            continue
        plain.settimeout(_left(deadline))
        return _trust().wrap_socket(plain, server_hostname=where.host) if where.secure else plain
    raise refused


def _asked(
    connection: socket.socket, where: Target, headers: Mapping[str, str], body: bytes, deadline: float
) -> HTTPResponse:
    """Send the request and read the head of the answer. `http.client` refuses headers that would end early."""
    request = HTTPConnection(where.host, where.port)
    request.sock = connection
    connection.settimeout(_left(deadline))
    request.request("POST", where.path, body, {"Host": where.host_header, **_ALWAYS, **headers})
    head = b""
    while len(head) < MOST_READ and not any(end in head for end in _HEAD_ENDS):
        connection.settimeout(_left(deadline))
        received = connection.recv(MOST_READ - len(head))
        if not received:
            break
        head += received
    made: Any = _Received(head)
    answer = HTTPResponse(made, method="POST")
    answer.begin()
    return answer


def _left(deadline: float) -> float:
    """The seconds that are left. Raises TimeoutError if there are none."""
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _retry_after(given: str | None) -> timedelta | None:
    """How long the receiver wants rest: seconds or a date. What is neither is ignored."""
    if given is None:
        return None
    if given.isascii() and given.isdigit():
        return timedelta(seconds=int(given[:9]))  # as much as that is for ever
    try:
        at = parsedate_to_datetime(given)
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)) - clock.now()


@remembered.cached
def _trust() -> ssl.SSLContext:
    """Who is trusted to say whose a certificate is: the system's authorities."""
    return ssl.create_default_context()
