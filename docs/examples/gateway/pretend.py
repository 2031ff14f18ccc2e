"""A device that speaks Modbus, to try the gateway without a machine: `python -m gateway.pretend`.

Its input register 0 holds tenths of a degree, which rise and fall. Holding register 10 counts how often it was asked.
"""

import asyncio
import math
import time
from itertools import count

from pymodbus.constants import ExcCodes
from pymodbus.server import ModbusTcpServer
from pymodbus.simulator import DataType, SimData, SimDevice

PORT, TEMPERATURE, CYCLES = 5020, 0, 10
asked = count(1)


async def measure(
    _f: int, start: int, address: int, _c: int, registers: list[int], _written: object
) -> ExcCodes | None:
    """Put what is measured now into the register that is asked for."""
    values = {TEMPERATURE: lambda: round(800 + 50 * math.sin(time.time() / 30)), CYCLES: lambda: next(asked)}
    if address in values:
        registers[address - start] = values[address]()
    return None


async def main() -> None:
    """Answer until the program is ended."""
    device = SimDevice(1, [SimData(0, count=CYCLES + 1, values=0, datatype=DataType.UINT16)], action=measure)
    await ModbusTcpServer(device, address=("127.0.0.1", PORT)).serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
