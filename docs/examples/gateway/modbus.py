"""Modbus TCP: registers and coils are read every few seconds. Modbus has no clock, so the gateway's counts."""

import logging
import time
from datetime import UTC, datetime
from typing import Any

from pymodbus.client import ModbusTcpClient

from .config import Modbus, ModbusSignal
from .readings import Reading
from .store import Store

log = logging.getLogger(__name__)


def read(device: Modbus, store: Store) -> None:
    """Read a device for ever. Raises an error if it cannot be reached."""
    client = ModbusTcpClient(device.host, port=device.port, timeout=5)
    if not client.connect():  # type: ignore[no-untyped-call]
        raise ConnectionError("there is no connection")
    with client:
        due = time.monotonic()
        silent: set[str] = set()
        while True:
            store.add(poll(client, device, silent))
            due = max(due + device.every_seconds, time.monotonic())  # what was missed is not read twice at once
            time.sleep(max(0, due - time.monotonic()))


def poll(client: ModbusTcpClient, device: Modbus, silent: set[str]) -> list[Reading]:
    """One reading of each signal. A signal that the device refuses is left out, and told when it begins and ends."""
    readings = []
    for signal in device.signal:
        place = f"{signal.register_type} {signal.address}"
        answer = ask(client, device.device_id, signal)
        received_at = datetime.now(UTC)
        if answer.isError():
            if place not in silent:
                log.error("%s refuses %s: %s", device.host, place, answer)
            silent.add(place)
            continue
        if place in silent:
            log.info("%s answers for %s again.", device.host, place)
        silent.discard(place)
        value = signal.read(decoded(client, answer, signal))
        readings.append(Reading(device.machine, signal.type, signal.sensor, value, received_at))
    return readings


def ask(client: ModbusTcpClient, device_id: int, signal: ModbusSignal) -> Any:
    """The device's answer about a signal. Raises ModbusException if there is none."""
    functions = {
        "holding": client.read_holding_registers,
        "input": client.read_input_registers,
        "coil": client.read_coils,
        "discrete": client.read_discrete_inputs,
    }
    _, registers = client.DATATYPE[signal.format.upper()].value
    count = 1 if signal.is_bit else registers
    return functions[signal.register_type](signal.address, count=count, device_id=device_id)


def decoded(client: ModbusTcpClient, answer: Any, signal: ModbusSignal) -> object:
    """The value in an answer: a number; a coil is 0 or 1."""
    if signal.is_bit:
        return int(answer.bits[0])
    return client.convert_from_registers(answer.registers, client.DATATYPE[signal.format.upper()], signal.word_order)
