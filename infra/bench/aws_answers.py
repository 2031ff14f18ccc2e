"""An AWS that gives recorded answers, for measuring how a function starts. It answers in the measuring process.

The answers are those of SSM to the signing keys, and of DynamoDB to a worker's open work (`my_work.json`): four stages
of two orders. They were recorded on a table in memory.
"""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SECRET = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="  # noqa: S105  a key of this AWS alone
KEY_ID = "k1"
_RING = json.dumps({KEY_ID: {"secret": SECRET, "signs_from": "2020-01-01T00:00:00.000Z"}})
_ANSWERS = {
    **json.loads(Path(__file__).with_name("my_work.json").read_text(encoding="utf-8")),
    "AmazonSSM.GetParameter": {"Parameter": {"Name": "keys", "Type": "SecureString", "Value": _RING, "Version": 1}},
}


class _Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Answer by the operation that the request names."""
        self.rfile.read(int(self.headers["Content-Length"]))
        content = json.dumps(_ANSWERS[self.headers["X-Amz-Target"]]).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-amz-json-1.0")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Write nothing."""


@contextmanager
def answering() -> Iterator[str]:
    """The endpoint of this AWS, while it answers."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answering) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
