"""The emulator's own process: MiniStack, with what `chalice deploy` and Takip's tools also need.

It runs on the interpreter of `.takip/emulator` and imports nothing of the project. `process.py` sets its settings as
environment variables:

- `TAKIP_EMULATOR_HOME`: the home folder of the emulator. `/_takip` answers with it, and it holds `running.json` while
  the process runs.
- `TAKIP_LAMBDA_PYTHON`: the interpreter of the Lambda workers. It has no packages, so that a package
  missing from the deployed zip is missing here as well.

The file `origins` in the home folder names the origins of web pages that may use the emulated AWS (`fence.py`).
"""

import asyncio
import hashlib
import json
import logging
import os
import signal
import sys
import tempfile
import zipfile
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Lock
from types import SimpleNamespace
from typing import Any

import ministack.app
from fence import allowed_origins, fenced, keep_listening_here  # both lie beside this file
from ministack.core import lambda_runtime, persistence
from ministack.services import apigateway_v1, lambda_svc
from snapshots import saving

Response = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, list[str]]], Awaitable[Response]]
Asgi = Callable[[dict[str, Any], Any, Any], Coroutine[Any, Any, None]]

OWN_PATH = "/_takip"
LIVE_PATH = "/_takip/mqtt"
SECONDS_BETWEEN_SAVES = 60
_one_save_at_a_time = asyncio.Lock()


def with_api_import(handle: Handler) -> Handler:
    """Add ImportRestApi and PutRestApi, which `chalice deploy` calls, to MiniStack's API Gateway."""

    async def handle_request(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]]
    ) -> Response:
        match method, path.strip("/").split("/"):
            case "POST", ["restapis"] if query.get("mode") == ["import"]:
                return _described(_import_api(json.loads(body)), 201)
            case "PUT", ["restapis", api_id] if api_id in apigateway_v1._rest_apis:
                _replace_api(api_id, json.loads(body))
                return _described(api_id, 200)
        return await handle(method, path, headers, body, query)

    return handle_request


def _import_api(definition: dict[str, Any]) -> str:
    settings = {
        "binaryMediaTypes": definition.get("x-amazon-apigateway-binary-media-types", []),
        "minimumCompressionSize": definition.get("x-amazon-apigateway-minimum-compression-size"),
    }
    api_id: str = apigateway_v1._import_rest_api(definition, settings)
    return api_id


def _replace_api(api_id: str, definition: dict[str, Any]) -> None:
    """Replace the API's routes by those of a new import, and delete the import. Stages and deployments stay."""
    donor = _import_api(definition)
    for kind in (apigateway_v1._resources, apigateway_v1._authorizers_v1):
        kind[api_id] = kind.pop(donor)
    for setting in ("binaryMediaTypes", "minimumCompressionSize"):
        apigateway_v1._rest_apis[api_id][setting] = apigateway_v1._rest_apis[donor][setting]
    apigateway_v1._delete_rest_api(donor)


def _described(api_id: str, status: int) -> Response:
    _, headers, body = apigateway_v1._get_rest_api(api_id)
    return status, headers, body


def with_own_path(app: Asgi, identity: dict[str, Any]) -> Asgi:
    """Answer `/_takip`: GET names the emulator's home, PUT saves the state, POST saves it and stops.

    Stopping by HTTP works on every system. On Windows one process cannot send SIGTERM to another.
    """
    body = json.dumps(identity).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != OWN_PATH:
            await app(scope, receive, send)
            return
        if scope["method"] == "PUT":
            await save()
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if scope["method"] == "POST":
            signal.raise_signal(signal.SIGTERM)

    return answer


def with_live_path(app: Asgi) -> Asgi:
    """Take MQTT over WebSocket at `/_takip/mqtt`. MiniStack knows it by a name that browsers need not find."""
    name = f"live.iot.{os.environ['MINISTACK_REGION']}.localhost".encode()

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "websocket" and scope["path"] == LIVE_PATH:
            others = [(key, value) for key, value in scope["headers"] if key.lower() != b"host"]
            scope = scope | {"headers": [*others, (b"host", name)]}
        await app(scope, receive, send)

    return answer


async def save() -> None:
    """Write the state of all services. It is read between two requests, and written while others are answered."""
    async with _one_save_at_a_time:
        taken = _taken(ministack.app._build_persistence_save_dict())
        await asyncio.to_thread(persistence.save_all, {name: partial(dict, state) for name, state in taken.items()})


def _taken(services: Mapping[str, Callable[[], dict[str, Any] | None]]) -> dict[str, dict[str, Any]]:
    """The state of each service. A service that one of its threads is changing now is left out; its last file stays."""
    taken = {}
    for name, get_state in services.items():
        with suppress(RuntimeError):
            if state := get_state():
                taken[name] = state
    return taken


class SharedZip(zipfile.ZipFile):
    """The zip of a function, unpacked once for all its workers, which also share its compiled files.

    Otherwise each worker would unpack and compile on its own, which takes longer than to start. On Lambda nobody writes
    to the folder of the code, so it can be shared.
    """

    _unpacking = Lock()

    def extractall(self, path: Any = None, members: Any = None, pwd: bytes | None = None) -> None:
        """Make the empty folder `path` a link to the unpacked files."""
        digest = hashlib.sha256(Path(str(self.filename)).read_bytes()).hexdigest()
        shared = Path(tempfile.gettempdir(), digest)
        with self._unpacking:
            if not shared.exists():
                super().extractall(unfinished := shared.with_suffix(".part"), members, pwd)
                unfinished.rename(shared)
        Path(path).rmdir()
        Path(path).symlink_to(shared, target_is_directory=True)


def main() -> None:
    """Serve until told to stop. MiniStack writes its state at the end."""
    home = Path(os.environ["TAKIP_EMULATOR_HOME"])
    identity = {"home": str(home), "pid": os.getpid(), "port": int(os.environ["GATEWAY_PORT"])}
    apigateway_v1.handle_request = with_api_import(apigateway_v1.handle_request)
    app = saving(with_own_path(with_live_path(ministack.app.app), identity), save, SECONDS_BETWEEN_SAVES)
    ministack.app.app = fenced(app, partial(allowed_origins, home))
    keep_listening_here()
    logging.getLogger("persistence").setLevel(logging.WARNING)  # a dozen such lines a minute would hide the others
    # Chalice waits for a new function to be active, and sleeps 5 seconds whenever it finds one that is not yet.
    lambda_svc._LAMBDA_STATE_TRANSITION_DELAY = 0
    if sys.platform != "win32":  # on Windows, making links needs administrator rights
        lambda_runtime.zipfile = SimpleNamespace(**(vars(zipfile) | {"ZipFile": SharedZip}))  # for workers alone
    sys.executable = os.environ["TAKIP_LAMBDA_PYTHON"]
    running = home / "running.json"
    running.write_text(json.dumps(identity))
    try:
        ministack.app.main()
    finally:
        running.unlink(missing_ok=True)


if __name__ == "__main__":
    main()
