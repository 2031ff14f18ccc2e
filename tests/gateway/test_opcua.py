"""OPC UA with certificates: signed, encrypted, and with the server that is meant."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from docs.examples.gateway.config import OpcUa
from docs.examples.gateway.opcua import Reader
from docs.examples.gateway.store import Store
from tests.gateway.looped import looped
from tests.gateway.machines import opcua_machine
from tests.sampling import IS_FULL

SUBJECT = ("-subj", "/CN=takip-gateway", "-addext", "subjectAltName=URI:urn:takip:gateway,DNS:127.0.0.1")


def certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate and its key, as the guide makes them."""
    made, key = folder / f"{name}.pem", folder / f"{name}.key.pem"
    command = ("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", *SUBJECT)
    subprocess.run([*command, "-out", made, "-keyout", key], check=True, capture_output=True)
    return made, key


async def until_something_is_kept(reader: Reader, store: Store) -> None:
    """Read until a reading is kept, or the connection fails."""
    reading = asyncio.create_task(reader.read())
    while not (store.waiting() or reading.done()):
        await asyncio.wait({reading}, timeout=0.05)
    reading.cancel()
    await asyncio.gather(reading, return_exceptions=True)


@pytest.mark.skipif(not IS_FULL, reason="starts a server more; --full runs it")
@pytest.mark.parametrize("meant", ["server", "another"])
def test_an_encrypted_connection_reads_from_the_server_that_is_meant(tmp_path: Path, meant: str) -> None:
    server, own, _ = (certificate(tmp_path, name) for name in ("server", "gateway", "another"))
    store = Store(tmp_path / "store.db", megabytes=1)
    with looped() as loop, opcua_machine(loop, *server) as machine:
        security = {"certificate": own[0], "key": own[1], "server_certificate": tmp_path / f"{meant}.pem"}
        settings = {"url": f"opc.tcp://127.0.0.1:{machine.port}", "machine": "M1", "security": security}
        signal = {"node": "ns=2;s=Temperature", "type": "temperature"}
        reader = Reader(OpcUa.model_validate(settings | {"signal": [signal]}), store)
        loop.do(until_something_is_kept(reader, store))
    assert store.waiting() == (1 if meant == "server" else 0)
    store.close()
