"""Modbus: registers become readings, with the gateway's clock; a register that is refused does not stop the others."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from pymodbus.client import ModbusTcpClient
from pymodbus.pdu.register_message import ReadHoldingRegistersResponse

from docs.examples.gateway.config import Modbus, ModbusSignal
from docs.examples.gateway.modbus import ask, decoded, poll
from tests.gateway.looped import looped
from tests.gateway.machines import ModbusMachine, modbus_machine


@pytest.fixture
def machine() -> Iterator[ModbusMachine]:
    with looped() as loop, modbus_machine(loop) as standing:
        yield standing


def device(port: int, *signals: dict[str, object]) -> Modbus:
    given = {"host": "127.0.0.1", "port": port, "machine": "M1", "signal": signals}
    return Modbus.model_validate(given)


def test_a_register_that_is_refused_is_told_once_and_the_others_are_read(
    machine: ModbusMachine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "docs.examples.gateway")
    good, bad = {"address": 0, "type": "cycle_count"}, {"address": 99, "type": "temperature"}
    both, silent = device(machine.port, bad, good), set[str]()
    with ModbusTcpClient("127.0.0.1", port=machine.port) as client:
        before = datetime.now(UTC)
        found = [each for _ in range(3) for each in poll(client, both, silent)]
        machine.refuses = ()
        found += poll(client, both, silent)

    assert [each.value for each in found if each.type == "cycle_count"] == [1, 2, 3, 5]  # the fourth was of the other
    assert [each.type for each in found[-2:]] == ["temperature", "cycle_count"]
    assert before < found[0].received_at < found[1].received_at < datetime.now(UTC)
    sent = json.loads(found[0].as_sent())
    assert (sent["type"], datetime.fromisoformat(sent["at"]), "seq" in sent) == (
        "cycle_count",
        found[0].received_at,
        False,
    )
    ours = [record.getMessage() for record in caplog.records if record.name.startswith("docs.")]
    assert [said.partition(":")[0] for said in ours] == [
        "127.0.0.1 refuses holding 99",
        "127.0.0.1 answers for holding 99 again.",
    ]


@pytest.mark.parametrize("kind", ["holding", "input", "coil", "discrete"])
def test_every_type_of_register_can_be_read(machine: ModbusMachine, kind: str) -> None:
    (signal,) = device(machine.port, {"register": kind, "address": 0, "type": "custom"}).signal
    with ModbusTcpClient("127.0.0.1", port=machine.port) as client:
        assert decoded(client, ask(client, 1, signal), signal) == 1


@pytest.mark.parametrize(
    ("shape", "order", "registers", "value"),
    [
        ("uint16", "big", [65535], 65535),
        ("int16", "big", [65535], -1),
        ("uint32", "big", [1, 2], 65538),
        ("uint32", "little", [2, 1], 65538),
        ("float32", "big", [0x42A3, 0], 81.5),
        ("float64", "big", [0x4054, 0x6000, 0, 0], 81.5),
        ("int64", "little", [65534, 65535, 65535, 65535], -2),
    ],
)
def test_registers_are_decoded_by_format_and_order(shape: str, order: str, registers: list[int], value: float) -> None:
    signal = ModbusSignal.model_validate({"address": 0, "type": "custom", "format": shape, "word_order": order})
    answer = ReadHoldingRegistersResponse(registers=registers)
    assert decoded(ModbusTcpClient("127.0.0.1"), answer, signal) == value
