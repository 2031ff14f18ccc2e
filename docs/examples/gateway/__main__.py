"""Starts the gateway: `python -m gateway gateway.toml`. It runs until it is ended, at any moment and in any way."""

import logging
import sqlite3
import sys
import time
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from threading import Thread
from typing import NoReturn

from .config import Config, load
from .outgoing import forward
from .store import Store

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1, 30
LIBRARIES = ("asyncua", "pymodbus", "pymodbus.logging")
"""What their logs tell of lost connections is told here, in one line."""


def main(arguments: list[str]) -> NoReturn:
    """Run for ever. Ends with 1 and a sentence if the file of settings, or the store, cannot be used."""
    if len(arguments) != 1:
        sys.exit("Name the file of settings: python -m gateway gateway.toml")
    try:
        settings = load(Path(arguments[0]))
        store = Store(settings.store, settings.store_megabytes)
    except (OSError, ValueError, sqlite3.Error) as error:
        sys.exit(f"The gateway cannot start: {error}")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    for library in LIBRARIES:
        logging.getLogger(library).setLevel(logging.CRITICAL)
    for name, read in sources(settings, store):
        Thread(target=keep_on, args=(name, read), daemon=True).start()
    keep_on("Takip", partial(forward, store, settings))


def sources(settings: Config, store: Store) -> Iterator[tuple[str, Callable[[], None]]]:
    """Whatever is read: its name in the log, and what reads it. Only libraries that are needed are loaded."""
    if settings.opcua:
        from . import opcua  # noqa: PLC0415

        yield from ((server.url, partial(opcua.read, server, store)) for server in settings.opcua)
    if settings.modbus:
        from . import modbus  # noqa: PLC0415

        yield from ((f"Modbus {device.host}", partial(modbus.read, device, store)) for device in settings.modbus)
    if settings.mqtt:
        from . import mqtt  # noqa: PLC0415

        yield from ((f"MQTT {broker.host}", partial(mqtt.read, broker, store)) for broker in settings.mqtt)


def keep_on(name: str, run: Callable[[], None]) -> NoReturn:
    """Run something again whenever it fails, after a pause of 1 to 30 seconds. The log says why."""
    pause = FIRST_PAUSE
    while True:
        began = time.monotonic()
        try:
            run()
        except (Exception, CancelledError) as error:  # noqa: BLE001  whatever it is: the gateway goes on
            if time.monotonic() - began > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            log.warning("%s: %s: %s. Again in %s s.", name, type(error).__name__, error, pause)
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        main(sys.argv[1:])
