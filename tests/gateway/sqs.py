"""SQS as far as a sender needs it: an HTTP server that takes messages, and may lose its answers."""

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Queue(ThreadingHTTPServer):
    """The queue. `bodies` has what it has taken; while it is `mute`, it takes and closes the connection instead."""

    daemon_threads = True

    def __init__(self) -> None:
        self.bodies: list[str] = []
        self.mute = False
        super().__init__(("127.0.0.1", 0), _Request)


class _Request(BaseHTTPRequestHandler):
    server: Queue

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["MessageBody"]
        assert self.headers["X-Amz-Target"] == "AmazonSQS.SendMessage"
        self.server.bodies.append(body)
        if self.server.mute:
            self.close_connection = True
            return
        md5 = hashlib.md5(body.encode(), usedforsecurity=False).hexdigest()
        answer = json.dumps({"MessageId": "1", "MD5OfMessageBody": md5}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def queueing() -> Iterator[Queue]:
    """A queue on a free port as long as the context lasts."""
    with Queue() as queue:
        threading.Thread(target=queue.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield queue
        finally:
            queue.shutdown()
