"""The fence around the emulator: only programs of this machine and listed web pages may use it.

An emulator does not check who calls. Without the fence, a web page could read the signing keys through the developer's
browser. So could another computer in the same network.
"""

import re
import socket
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

Asgi = Callable[[dict[str, Any], Any, Any], Coroutine[Any, Any, None]]

# The names of this machine. Another name that leads here belongs to another site (DNS rebinding).
_OWN_NAME = re.compile(r"(?:(?:[a-z0-9_-]+\.)*localhost|127\.0\.0\.1|\[::1\])(?::\d+)?", re.IGNORECASE)
# A deployed API answers browsers itself, according to the same origins. What is taken for an API here must be one for
# MiniStack too (`_parse_execute_api_url`): it gives everything else to the emulated AWS.
_API_PATH = re.compile(r"/restapis/[^/]+/[^/]+/_user_request_(?:/|$)|/_aws/execute-api/[^/]+/[^/]")
_API_NAME = re.compile(r"[a-f0-9]{8}\.execute-api\.localhost(?::\d+)?")
_NO_STRANGER = ("none", "same-origin")
_CORS = b"access-control-"
_EVERYWHERE = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # nosec B104  what is replaced


def keep_listening_here() -> None:
    """Make all servers of this process listen on this machine only. Some of them have no setting for it."""
    bind = socket.socket.bind

    def bind_here(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = "::" if (self.family, address[0]) == (socket.AF_INET6, "") else address[0]
            address = (_EVERYWHERE.get(host, host), *address[1:])
        bind(self, address)

    socket.socket.bind = bind_here  # type: ignore[method-assign,assignment]


def allowed_origins(home: Path) -> frozenset[str]:
    """The web origins whose pages may use the emulated AWS now: those in the file `origins`, separated by commas."""
    listed = home / "origins"
    return frozenset(filter(None, listed.read_text(encoding="utf-8").split(","))) if listed.exists() else frozenset()


def fenced(app: Asgi, origins: Callable[[], frozenset[str]]) -> Asgi:
    """Limit an application to requests to this machine's own names, from programs and from pages of `origins`.

    `origins` is asked at each request, because they may change meanwhile.
    """

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await app(scope, receive, send)
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        # A program that speaks MQTT over WebSocket names the emulator itself as its origin.
        own = _own_origins(scope) if scope["type"] == "websocket" else frozenset()
        sent = _as_sent(scope)
        problem = _problem(sent["path"], headers, origins() | own)
        if problem:
            await _refuse(scope["type"], problem, send)
        elif _is_api(sent["path"], headers):
            await app(sent, receive, send)
        else:
            await app(scope, receive, _telling(send, headers.get("origin")))

    return answer


def _as_sent(scope: dict[str, Any]) -> dict[str, Any]:
    """A request with its path still percent-encoded, as API Gateway leaves it: an encoded slash separates nothing."""
    raw = scope.get("raw_path")
    return scope | {"path": raw.partition(b"?")[0].decode("ascii")} if raw else scope


def _problem(path: str, headers: dict[str, str], allowed: frozenset[str]) -> str | None:
    """Why a request is refused; None if it is not."""
    host = headers.get("host", "")
    if not _OWN_NAME.fullmatch(host):
        return f"The emulator answers to 127.0.0.1 and localhost only, not to {host!r}."
    if _is_api(path, headers):
        return None
    origin = headers.get("origin")
    is_strange = headers.get("sec-fetch-site", "none") not in _NO_STRANGER if origin is None else origin not in allowed
    if is_strange:
        return (
            f"The emulated AWS is for programs; a page of {origin or 'another site'} may not use it. "
            f"To let it: python takip.py up --allow-origin {origin or 'ORIGIN'}"
        )
    return None


def _own_origins(scope: dict[str, Any]) -> frozenset[str]:
    port = scope["server"][1]
    return frozenset(f"http://{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))


def _is_api(path: str, headers: dict[str, str]) -> bool:
    is_for_aws = "x-amz-target" in headers
    return not is_for_aws and bool(_API_PATH.match(path) or _API_NAME.fullmatch(headers.get("host", "")))


def _telling(send: Any, origin: str | None) -> Any:
    """Allow the page's origin, and no other, to read the answer. MiniStack alone would allow every page."""

    async def tell(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            told = [(name, value) for name, value in message.get("headers", []) if not _says_who_may_read(name, origin)]
            if origin:
                told += [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin")]
            message = {**message, "headers": told}
        await send(message)

    return tell


def _says_who_may_read(header: bytes, origin: str | None) -> bool:
    name = header.lower()
    return name == _CORS + b"allow-origin" or (origin is None and name.startswith(_CORS))


async def _refuse(kind: str, problem: str, send: Any) -> None:
    if kind == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": ""})
        return
    body = problem.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": body})
