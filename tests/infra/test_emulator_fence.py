"""The fence around the emulator: who may use it, and where it listens."""

import asyncio
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.aws import Aws
from infra.emulator import fence
from infra.emulator.fence import fenced

LISTED, STRANGE = "http://127.0.0.1:5173", "https://evil.example"
API = "/restapis/a1b2/v1/_user_request_/workorders"


async def open_to_all(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """What is fenced: it lets every page read its answers, as MiniStack does."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    headers = [(b"Access-Control-Allow-Origin", b"*"), (b"access-control-allow-headers", b"*")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": b"the signing keys"})


def ask(headers: Mapping[str, str], path: str = "/", kind: str = "http") -> list[dict[str, Any]]:
    """All that is sent as an answer to a request."""
    sent: list[dict[str, Any]] = []
    given = [(name.lower().encode(), value.encode()) for name, value in {"Host": "127.0.0.1:4566", **headers}.items()]

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    scope = {"type": kind, "path": path, "headers": given, "server": ("127.0.0.1", 4566)}
    asyncio.run(fenced(open_to_all, lambda: frozenset([LISTED]))(scope, None, send))
    return sent


def told(sent: list[dict[str, Any]]) -> dict[str, str]:
    """The headers of an answer."""
    return {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": LISTED, "Sec-Fetch-Site": "cross-site"},
        {"Host": "localhost"},
        {"Host": "LOCALHOST:4566"},
        {"Host": "[::1]:4566"},
        {"Host": "bucket.s3.localhost:4566"},
        {"Host": "f7b1-ats.iot.eu-central-1.localhost"},
    ],
    ids=str,
)
def test_programs_of_this_machine_and_pages_on_the_list_come_in(headers: dict[str, str]) -> None:
    assert ask(headers)[0]["status"] == 200
    assert ask(headers, kind="websocket")[0]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": STRANGE},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8080"},
        {"Origin": LISTED + ".evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example:4566"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "localhost.evil.example"},
        {"Host": "evil.example\nlocalhost"},
        {"Host": ""},
    ],
    ids=str,
)
def test_any_other_page_and_any_other_name_stay_outside(headers: dict[str, str]) -> None:
    sent = ask(headers)
    assert sent[0]["status"] == 403
    assert "access-control-allow-origin" not in told(sent)
    assert b"keys" not in sent[1]["body"]
    assert ask(headers, kind="websocket")[0]["type"] == "websocket.close"


def test_a_program_names_the_emulator_as_its_origin_where_it_speaks_mqtt_and_nowhere_else() -> None:
    own = {"Origin": "http://127.0.0.1:4566", "Host": "f7b1-ats.iot.eu-central-1.localhost"}
    assert ask(own, kind="websocket")[0]["type"] == "websocket.accept"
    assert ask(own)[0]["status"] == 403


def test_only_the_page_that_asks_is_told_that_it_may_read() -> None:
    assert told(ask({})) == {}
    assert told(ask({"Origin": LISTED})) == {
        "access-control-allow-headers": "*",
        "access-control-allow-origin": LISTED,
        "vary": "Origin",
    }


@pytest.mark.parametrize(
    ("path", "host"), [(API, "127.0.0.1:4566"), ("/v1/workorders", "a1b2c3d4.execute-api.localhost:4566")]
)
def test_a_deployed_api_answers_pages_itself_but_under_its_own_names_only(path: str, host: str) -> None:
    answer = ask({"Origin": STRANGE, "Host": host}, path)
    assert (answer[0]["status"], told(answer)["access-control-allow-origin"]) == (200, "*")
    assert ask({"Host": "a1b2c3d4.execute-api.evil.example"}, path)[0]["status"] == 403


@pytest.mark.parametrize("path", ["/restapis/a1b2/v1", "/restapis/a1b2", "//restapis/a/b/_user_request_/x"])
def test_what_only_looks_like_an_api_is_fenced(path: str) -> None:
    assert ask({"Origin": STRANGE}, path)[0]["status"] == 403


@pytest.mark.parametrize(
    ("path", "host"),
    [
        ("/", "zzz.execute-api.localhost:4566"),
        ("/", "A1B2C3D4.execute-api.localhost:4566"),
        ("/", "a1b2c3d4.execute-api.eu-central-1.localhost:4566"),
        ("/_aws/execute-api/", "127.0.0.1:4566"),
        ("/_aws/execute-api/x", "127.0.0.1:4566"),
        ("/_aws/execute-api//", "127.0.0.1:4566"),
    ],
)
def test_what_the_emulator_takes_for_no_api_is_fenced(path: str, host: str) -> None:
    assert ask({"Origin": STRANGE, "Host": host}, path)[0]["status"] == 403


def test_a_call_of_aws_under_the_name_of_an_api_is_fenced() -> None:
    headers = {"Origin": STRANGE, "X-Amz-Target": "AmazonSSM.GetParameter"}
    assert ask(headers, API)[0]["status"] == 403


def test_what_is_no_request_passes() -> None:
    passed: list[str] = []

    async def app(scope: dict[str, Any], _receive: Any, _send: Any) -> None:
        passed.append(scope["type"])

    asyncio.run(fenced(app, frozenset)({"type": "lifespan"}, None, None))
    assert passed == ["lifespan"]


def test_whatever_a_process_opens_listens_on_this_machine_only() -> None:
    program = """
import asyncio, fence, socket
fence.keep_listening_here()
async def every_way():
    for host in ("0.0.0.0", "::", "", None):
        server = await asyncio.start_server(lambda *_: None, host, 0)
        yield from_all(server)
        server.close()
def from_all(server):
    return {one.getsockname()[0] for one in server.sockets}
async def main():
    return set().union(*[each async for each in every_way()])
with socket.socket() as here:
    here.bind(("127.0.0.1", 0))
    assert here.getsockname()[0] == "127.0.0.1"
print(*sorted(asyncio.run(main())))
"""
    folder = Path(fence.__file__).parent
    ran = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)
    assert set(ran.stdout.split()) <= {"127.0.0.1", "::1"}
    assert "127.0.0.1" in ran.stdout


def test_a_page_can_neither_ask_nor_order_anything_of_a_running_emulator(emulated: Aws) -> None:
    keys = {"X-Amz-Target": "AmazonSSM.GetParameter", "Content-Type": "application/x-amz-json-1.1"}
    body = '{"Name": "/takip/local/signing-keys", "WithDecryption": true}'
    preflight = {"Origin": STRANGE, "Access-Control-Request-Method": "POST"}
    endpoint = str(emulated.endpoint)
    refused = [
        httpx.options(endpoint, headers=preflight | {"Access-Control-Request-Headers": "x-amz-target"}),
        httpx.post(endpoint, headers=keys | {"Origin": STRANGE}, content=body),
        httpx.post(f"{endpoint}/_takip", headers={"Origin": STRANGE}),
        httpx.post(f"{endpoint}/_ministack/reset", headers={"Origin": "null"}),
        httpx.get(f"{endpoint}/?Action=ListQueues", headers={"Sec-Fetch-Site": "cross-site"}),
    ]
    assert [(answer.status_code, answer.headers.get("access-control-allow-origin")) for answer in refused] == [
        (403, None)
    ] * 5
    assert "access-control-allow-origin" not in httpx.post(endpoint, headers=keys, content=body).headers
    assert httpx.get(f"{endpoint}/_takip").is_success


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="only Linux tells who listens where")
def test_a_running_emulator_listens_nowhere_but_on_this_machine(emulated: Aws) -> None:
    pid = httpx.get(f"{emulated.endpoint}/_takip").json()["pid"]
    own = {str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()}
    listening = [
        fields[1].partition(":")[0]
        for table in ("tcp", "tcp6")
        for fields in map(str.split, Path(f"/proc/net/{table}").read_text().splitlines()[1:])
        if fields[3] == "0A" and f"socket:[{fields[9]}]" in own
    ]
    assert len(listening) >= 2  # HTTP, and MQTT with TLS
    assert set(listening) == {"0100007F"}  # 127.0.0.1


@pytest.mark.parametrize("headers", [{}, {"Host": "a1b2c3d4.execute-api.localhost:4566"}])
def test_an_api_is_given_its_path_as_it_was_sent(headers: dict[str, str]) -> None:
    host = headers.get("Host", "127.0.0.1:4566").encode()
    given = "/v1/routes/KAPAK%2F40" if headers else "/restapis/a1b2/v1/_user_request_/routes/KAPAK%2F40"
    asked: list[str] = []

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        asked.append(scope["path"])

    scope = {
        "type": "http",
        "path": given.replace("%2F", "/"),
        "raw_path": given.encode(),
        "headers": [(b"host", host)],
    }
    asyncio.run(fenced(app, frozenset)(scope, None, None))

    assert asked == [given]


def test_a_path_that_only_looks_like_an_api_when_it_is_decoded_stays_fenced() -> None:
    given = "/restapis/a1b2/v1/%5Fuser_request_/x"
    scope = {
        "type": "http",
        "path": given.replace("%5F", "_"),
        "raw_path": given.encode(),
        "headers": [(b"host", b"127.0.0.1:4566"), (b"origin", STRANGE.encode())],
    }
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    asyncio.run(fenced(open_to_all, lambda: frozenset([LISTED]))(scope, None, send))

    assert sent[0]["status"] == 403
