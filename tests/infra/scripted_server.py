"""A web server on loopback that gives prepared answers and records its requests."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Answer:
    """What to answer with: JSON, or bytes as they are; `status` 0 hangs up without a word."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """What somebody asked."""

    method: str
    path: str
    headers: dict[str, str]
    body: Any


class ScriptedServer(ThreadingHTTPServer):
    """Gives the answers that `reply` has for what was asked."""

    daemon_threads = True

    def __init__(self, reply: Callable[[Asked], Answer]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.reply = reply
        self.asked: list[Asked] = []

    @property
    def url(self) -> str:
        """The address with a stage, as API Gateway's have one."""
        return f"http://127.0.0.1:{self.server_port}/v1"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body leave apart: each answer would wait for the other's receipt
    server: ScriptedServer

    def _answer(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(size)) if size else None
        asked = Asked(self.command, self.path, dict(self.headers), body)
        self.server.asked.append(asked)
        answer = self.server.reply(asked)
        if answer.status == 0:
            self.close_connection = True
            return
        payload = answer.body if isinstance(answer.body, bytes) else json.dumps(answer.body).encode()
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(payload)))
        self.end_headers()
        self.wfile.write(payload)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        """Keep quiet: the tests say what went wrong."""


def serving(*answers: Answer) -> AbstractContextManager[ScriptedServer]:
    """Serve these answers, one after another, while the block runs."""
    remaining = list(answers)
    return serving_by(lambda _: remaining.pop(0))


@contextmanager
def serving_by(reply: Callable[[Asked], Answer]) -> Iterator[ScriptedServer]:
    """Serve whatever `reply` says while the block runs."""
    server = ScriptedServer(reply)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
