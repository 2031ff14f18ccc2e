"""The emulator's state is saved while it runs, and never twice at the same time."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from infra.emulator.snapshots import saving


class Served:
    """An application that starts, runs for some seconds and stops, and what happened in which sequence."""

    def __init__(self, seconds: float) -> None:
        self.happened: list[str] = []
        self._seconds = seconds

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            self.happened.append(scope["type"])
            return
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.happened.append("last save")

    async def save(self) -> None:
        """Save slowly."""
        self.happened.append("begin")
        await asyncio.sleep(0.02)
        self.happened.append("end")

    async def receive(self) -> dict[str, str]:
        """The server's messages: start at once, stop after a while."""
        if self._seconds < 0:
            await asyncio.sleep(-self._seconds)
            return {"type": "lifespan.shutdown"}
        self._seconds = -self._seconds
        return {"type": "lifespan.startup"}


async def nothing(_message: dict[str, Any]) -> None:
    """Take what is said."""


def run(
    app: Callable[[dict[str, Any], Any, Any], Coroutine[Any, Any, None]], served: Served, kind: str = "lifespan"
) -> None:
    asyncio.run(app({"type": kind}, served.receive, nothing))


def test_the_state_is_saved_again_and_again_until_the_stop() -> None:
    served = Served(1.2)
    run(saving(served, served.save, 0.01), served)
    assert served.happened.count("begin") >= 2
    assert served.happened[:2] == ["begin", "end"]


def test_a_save_that_is_under_way_ends_before_the_last_one_begins() -> None:
    served = Served(0.02)
    run(saving(served, served.save, 0.01), served)
    assert served.happened == ["begin", "end", "last save"]


def test_what_takes_long_is_saved_less_often() -> None:
    served = Served(0.3)  # a save of 0.02 s is followed by 0.4 s without
    run(saving(served, served.save, 0.001), served)
    assert served.happened == ["begin", "end", "last save"]


def test_requests_are_none_of_its_business() -> None:
    served = Served(0)
    run(saving(served, served.save, 0.01), served, "http")
    assert served.happened == ["http"]
