"""Saving the emulator's state while it runs: a killed process loses only what came after the last save."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

Asgi = Callable[[dict[str, Any], Any, Any], Coroutine[Any, Any, None]]
Save = Callable[[], Coroutine[Any, Any, None]]

_BUSY_SHARE = 0.05  # the highest share of time spent on saving: large state takes longer and is saved less often


def saving(app: Asgi, save: Save, seconds: float) -> Asgi:
    """An application that saves its state every so many seconds, from the end of its start until it stops."""
    stopping = asyncio.Event()
    running: list[asyncio.Task[None]] = []

    async def answer(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "lifespan":
            await app(scope, receive, send)
            return

        async def started(message: dict[str, Any]) -> None:
            if message["type"] == "lifespan.startup.complete":
                running.append(asyncio.create_task(_save_again_and_again(save, seconds, stopping)))
            await send(message)

        async def stopped() -> Any:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                stopping.set()
                await asyncio.gather(*running)  # nothing else may write during the last save
            return message

        await app(scope, stopped, started)

    return answer


async def _save_again_and_again(save: Save, seconds: float, stopping: asyncio.Event) -> None:
    pause = seconds
    while True:
        with suppress(TimeoutError):
            await asyncio.wait_for(stopping.wait(), pause)
            return
        began = time.monotonic()
        await save()
        pause = max(seconds, (time.monotonic() - began) / _BUSY_SHARE)
