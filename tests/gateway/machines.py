"""Machines that speak Modbus and OPC UA: real servers, which note what they measured."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncua.ua
from asyncua.common.node import Node
from asyncua.server.server import Server
from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

from infra.emulator.process import free_port
from tests.gateway.looped import Loop

ua: Any = asyncua.ua  # its types do not know plain texts, numbers and datetimes
FIRST = datetime(2026, 1, 5, 10, 0, 0, 250_001, tzinfo=UTC)


@dataclass
class ModbusMachine:
    """A device whose first register counts how often it was read. Some addresses it refuses."""

    port: int = field(default_factory=free_port)
    reads: int = 0
    refuses: tuple[int, ...] = (99,)

    async def act(self, _f: int, _s: int, address: int, _c: int, registers: list[int], _w: object) -> ExcCodes | None:
        if address in self.refuses:
            return ExcCodes.DEVICE_FAILURE
        self.reads += 1
        registers[0] = self.reads
        return None


@contextmanager
def modbus_machine(loop: Loop) -> Iterator[ModbusMachine]:
    """A Modbus device on a free port."""
    machine = ModbusMachine()
    registers = [SimData(0, count=100, values=0, datatype=DataType.UINT16)]
    device = SimDevice(1, registers, action=machine.act)

    async def start() -> ModbusTcpServer:
        server = ModbusTcpServer(device, address=("127.0.0.1", machine.port))
        await server.serve_forever(background=True)
        return server

    server = loop.do(start())
    try:
        yield machine
    finally:
        loop.do(server.shutdown())  # type: ignore[no-untyped-call]


@dataclass
class OpcUaMachine:
    """A server with one variable, of which it keeps the history. `measured` has its values, a minute apart."""

    port: int
    loop: Loop
    variable: Node
    measured: list[float] = field(default_factory=lambda: [20.0])

    def measure(self, count: int) -> None:
        for _ in range(count):
            value, at = 20.0 + len(self.measured), FIRST + timedelta(minutes=len(self.measured))
            self.measured.append(value)
            self.loop.do(self.variable.write_value(ua.DataValue(ua.Variant(value), SourceTimestamp=at)))

    def fail(self) -> None:
        """The sensor fails: there is a value, and it is not good."""
        failed = ua.StatusCode(ua.StatusCodes.BadSensorFailure)
        value = ua.DataValue(ua.Variant(-1.0), StatusCode=failed, SourceTimestamp=datetime.now(UTC))
        self.loop.do(self.variable.write_value(value))


@contextmanager
def opcua_machine(loop: Loop, certificate: Path | None = None, key: Path | None = None) -> Iterator[OpcUaMachine]:
    """An OPC UA server on a free port. With a certificate, it takes encrypted connections only."""
    logging.getLogger("asyncua").setLevel(logging.CRITICAL)

    async def start() -> tuple[Server, Node, int]:
        server = Server()
        await server.init()
        port = free_port()  # only now: what came before takes seconds, in which another program could take the port
        server.set_endpoint(f"opc.tcp://127.0.0.1:{port}")
        if certificate and key:
            await server.load_certificate(certificate)
            await server.load_private_key(key)
            server.set_security_policy([ua.SecurityPolicyType.Basic256Sha256_SignAndEncrypt])
        space = await server.register_namespace("urn:plant")
        variable = await server.nodes.objects.add_variable(ua.NodeId("Temperature", space), "Temperature", 0.0)
        await variable.write_value(ua.DataValue(ua.Variant(20.0), SourceTimestamp=FIRST))
        await server.start()
        await server.historize_node_data_change(variable, period=timedelta(days=3650), count=0)
        return server, variable, port

    server, variable, port = loop.do(start())
    try:
        yield OpcUaMachine(port, loop, variable)
    finally:
        loop.do(server.stop())
