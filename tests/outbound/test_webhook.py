"""Requests to receivers of webhooks: real servers that are slow, broken or hostile."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
import trustme

from chalicelib import clock
from chalicelib.domain.telling.deliveries import Attempt, DeliveryError
from chalicelib.outbound import webhook
from tests.receivers import Answer, Receiver, drips, pours, receiving, says, sends

NAME = "hooks.example.com"
METADATA = "http://169.254.169.254/latest/meta-data/"
HEADERS = {"content-type": "application/json", "webhook-id": "e1"}

Resolve = Callable[..., list[str]]


@pytest.fixture
def receiver(environment: None) -> Iterator[Receiver]:
    with receiving() as running:
        yield running


@pytest.fixture
def resolved(monkeypatch: pytest.MonkeyPatch) -> Resolve:
    """Lets every name resolve to addresses, to one more set of them each time; returns the names that were asked."""
    real = socket.getaddrinfo

    def resolve(*answers: list[str]) -> list[str]:
        asked: list[str] = []

        def getaddrinfo(host: str, port: int, *_: Any, **__: Any) -> list[Any]:
            if host in {address for answer in answers for address in answer}:  # the socket's own look at it
                return real(host, port, type=socket.SOCK_STREAM)
            asked.append(host)
            return [found for each in answers[len(asked) - 1] for found in address_of(each, port)]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
        return asked

    def address_of(address: str, port: int) -> list[Any]:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port))]

    return resolve


def post(url: str) -> Attempt:
    return webhook.post(url, HEADERS, b'{"a": 1}')


def outcome(url: str) -> tuple[int | None, DeliveryError | None]:
    attempt = post(url)
    return attempt.status_code, attempt.error


def test_a_request_has_the_path_the_host_the_headers_and_the_body(receiver: Receiver) -> None:
    attempt = post(receiver.url)

    (request,) = receiver.requests
    assert (attempt.status_code, attempt.error, attempt.is_delivered) == (204, None, True)
    assert request.line == "POST /hook?from=takip HTTP/1.1"
    assert request.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert request.headers.items() >= HEADERS.items()
    assert request.body == b'{"a": 1}'


@pytest.mark.parametrize("status", ["302 Found", "500 Oops", "404 Not Found", "410 Gone", "199 Odd"])
def test_what_is_no_success_is_told_by_its_status(receiver: Receiver, status: str) -> None:
    receiver.answer = says(status)
    attempt = post(receiver.url)
    assert (attempt.status_code, attempt.is_delivered) == (int(status[:3]), False)


def test_a_redirect_is_not_followed(receiver: Receiver) -> None:
    receiver.answer = says("307 Temporary Redirect", f"Location: {METADATA}")
    assert outcome(receiver.url) == (307, None)
    assert len(receiver.requests) == 1


@pytest.mark.parametrize(
    "answer",
    [
        drips(b"HTTP/1.1 200 OK\r\n\r\n", 0.1),
        drips(b"HTTP/1.1 100 Continue\r\n\r\n" * 9, 0.1),
        lambda _: time.sleep(1),
    ],
    ids=["a byte at a time", "always continue", "never"],
)
def test_a_slow_receiver_is_left_when_the_time_is_over(
    receiver: Receiver, answer: Answer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "SECONDS_IN_ALL", 0.4)
    receiver.answer = answer
    attempt = post(receiver.url)
    assert (attempt.status_code, attempt.error) == (None, DeliveryError.TIMEOUT)
    assert 300 < attempt.duration_ms < 900


def test_nothing_is_begun_when_the_time_is_over(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS_IN_ALL", 0)
    assert outcome(receiver.url) == (None, DeliveryError.TIMEOUT)
    assert receiver.requests == []


@pytest.mark.usefixtures("environment")
def test_a_receiver_that_never_answers_to_tls_is_left_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(webhook, "SECONDS_IN_ALL", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert outcome(f"https://127.0.0.1:{silent.getsockname()[1]}/") == (None, DeliveryError.TIMEOUT)


def test_of_a_huge_answer_only_the_head_is_read(receiver: Receiver) -> None:
    taken: list[int] = []
    receiver.answer = pours(taken, most=2**30)
    assert outcome(receiver.url) == (200, None)
    time.sleep(0.1)
    assert sum(taken) < 2**24  # what the buffers of the system hold


def test_of_a_huge_head_only_some_kilobytes_are_read(receiver: Receiver) -> None:
    receiver.answer = sends(b"HTTP/1.1 500 Oops\r\nX: " + b"x" * 2**20)
    assert outcome(receiver.url) == (500, None)


@pytest.mark.parametrize(
    ("raw", "error"),
    [
        (b"", DeliveryError.UNREACHABLE),
        (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", DeliveryError.UNREADABLE),
        (b"HTTP/1.1 2", DeliveryError.UNREADABLE),
        (b"\x00\xff" * 20_000, DeliveryError.UNREADABLE),
    ],
    ids=["nothing", "another protocol", "half a line", "noise"],
)
def test_what_is_no_answer_is_an_error(receiver: Receiver, raw: bytes, error: DeliveryError) -> None:
    receiver.answer = sends(raw)
    assert outcome(receiver.url) == (None, error)


@pytest.mark.usefixtures("environment")
def test_where_nobody_listens_nothing_is_reached() -> None:
    with receiving() as gone:
        url = gone.url
    assert outcome(url) == (None, DeliveryError.UNREACHABLE)


@pytest.mark.parametrize(
    "found",
    [
        ["127.0.0.1"],
        ["169.254.169.254"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::a9fe:a9fe"],
        ["fe80::1%eth0"],
        ["93.184.216.34", "10.0.0.1"],
        ["2606:2800:220:1:248:1893:25c8:1946", "::1"],
    ],
    ids=str,
)
def test_a_name_that_leads_inside_is_refused_whatever_else_it_leads_to(
    receiver: Receiver, resolved: Resolve, monkeypatch: pytest.MonkeyPatch, found: list[str]
) -> None:
    monkeypatch.setenv("TAKIP_ENVIRONMENT", "prod")
    asked = resolved(found)
    assert outcome(f"https://{NAME}:{receiver.port}/") == (None, DeliveryError.ADDRESS_REFUSED)
    assert (asked, receiver.requests, receiver.names) == ([NAME], [], [])


@pytest.mark.usefixtures("environment")
def test_only_the_local_environment_reaches_the_computer_itself(
    receiver: Receiver, resolved: Resolve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TAKIP_ENVIRONMENT", "dev")
    asked = resolved()
    assert outcome(receiver.url) == (None, DeliveryError.ADDRESS_REFUSED)
    assert (asked, receiver.requests) == ([], [])


def test_a_name_that_leads_elsewhere_a_moment_later_is_asked_for_once(receiver: Receiver, resolved: Resolve) -> None:
    asked = resolved(["127.0.0.1"], ["169.254.169.254"])
    assert outcome(f"http://{NAME}:{receiver.port}/") == (204, None)
    assert asked == [NAME]
    assert [request.headers["host"] for request in receiver.requests] == [f"{NAME}:{receiver.port}"]


def test_the_next_address_is_tried_if_one_does_not_accept(receiver: Receiver, resolved: Resolve) -> None:
    resolved(["::1", "127.0.0.1"])  # nobody listens at the first
    assert outcome(f"http://{NAME}:{receiver.port}/") == (204, None)


@pytest.mark.usefixtures("environment")
def test_a_name_that_nobody_knows_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: Any, **__: Any) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "unknown")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert outcome(f"https://{NAME}/") == (None, DeliveryError.UNKNOWN_HOST)


@pytest.mark.parametrize("whose", [NAME, "other.example.com", None], ids=["its own", "another's", "from nobody known"])
def test_a_certificate_is_checked_for_the_name(
    environment: None, resolved: Resolve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, whose: str | None
) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    (authority if whose else trustme.CA()).issue_cert(whose or NAME).configure_cert(tls)
    resolved(["127.0.0.1"])

    with receiving(tls=tls) as receiver:
        expected = (204, None) if whose == NAME else (None, DeliveryError.CERTIFICATE)
        assert outcome(f"https://{NAME}:{receiver.port}/") == expected
    assert receiver.names == [NAME]


@pytest.mark.parametrize(
    ("given", "expected"),
    [("120", 120), ("9" * 50, 999_999_999), ("soon", None), ("-5", None), ("٣", None)],
)
def test_a_receiver_says_how_long_it_wants_rest(receiver: Receiver, given: str, expected: int | None) -> None:
    receiver.answer = sends(f"HTTP/1.1 503 Busy\r\nRetry-After: {given}\r\n\r\n".encode())
    rest = post(receiver.url).retry_after
    assert rest == (None if expected is None else timedelta(seconds=expected))


@pytest.mark.parametrize("zone", [" GMT", " -0000"])
def test_a_receiver_says_until_when_it_wants_rest(receiver: Receiver, zone: str) -> None:
    at = format_datetime(clock.now() + timedelta(minutes=10)).replace(" +0000", zone)
    receiver.answer = says("429 Too Many", f"Retry-After: {at}")
    rest = post(receiver.url).retry_after
    assert rest is not None
    assert timedelta(minutes=9) < rest <= timedelta(minutes=10)
