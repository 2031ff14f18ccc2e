"""The process that plays the demonstration's plant on: it is started, known, and ended through files of its home.

It holds the lock of its home while it lives, so it is known to be ours without asking what its process id means now.
It ends by itself within a second when its order is taken away, and within a minute when its emulator is gone.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from infra.emulator.process import DETACHED, Emulator, inherited
from infra.places import PROJECT, write_privately
from infra.problem import Problem
from infra.replay.target import Target

_LOOK_SECONDS = 0.3
_ASK_SECONDS = 5.0
_START_SECONDS = 30.0
_STOP_SECONDS = 20.0
_GONE_AFTER_SECONDS = 60.0


@dataclass(frozen=True)
class Order:
    """What a player was told: where to play, and beside which emulator (its port; None: Takip is elsewhere)."""

    path: Path
    target: Target
    port: int | None

    def await_end(self) -> None:
        """Return when the order was taken away, or when the emulator has been gone for a minute."""
        seen = asked = time.monotonic()
        while self.path.exists() and asked - seen < _GONE_AFTER_SECONDS:
            time.sleep(_LOOK_SECONDS)
            if time.monotonic() - asked < _ASK_SECONDS:
                continue
            asked = time.monotonic()
            if self.port is None or Emulator(self.path.parent, self.port).is_running():
                seen = asked


@dataclass(frozen=True)
class Player:
    """The player of a home: at most one plays at a time."""

    home: Path

    @property
    def log(self) -> Path:
        """The log file of the process."""
        return self.home / "demo.log"

    @property
    def _order(self) -> Path:
        return self.home / "demo-player.json"

    @property
    def _lock(self) -> FileLock:
        return FileLock(self.home / "demo-player.lock")

    def is_running(self) -> bool:
        """Whether somebody plays."""
        lock = self._lock
        try:
            lock.acquire(timeout=0)
        except Timeout:
            return True
        lock.release()
        return False

    def process_id(self) -> int | None:
        """The id of the process that plays; None if nobody does."""
        try:
            found: int = json.loads(self._order.read_text(encoding="utf-8"))["pid"]
        except (OSError, ValueError, KeyError):
            return None
        return found if self.is_running() else None

    def start(self, target: Target, port: int | None) -> None:
        """Start the process, unless it runs. Its password is in a file that only this user can read.

        Raises Problem if it does not start.
        """
        if self.is_running():
            return
        write_privately(self._order, {"target": asdict(target), "port": port})
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "infra.simulate.playing", str(self.home)],
                env=inherited(),
                cwd=PROJECT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C is for the command line, which ends it in order
                creationflags=DETACHED,
            )
        deadline = time.monotonic() + _START_SECONDS
        while self.process_id() is None:
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                raise Problem(f"The small plant does not come to life; see {self.log}.")
            time.sleep(0.05)
        process.returncode = 0  # it outlives this process on purpose, so Python must not warn

    def stop(self) -> None:
        """Take its order away and wait until it has ended. Does nothing if nobody plays. Raises Problem."""
        self._order.unlink(missing_ok=True)
        deadline = time.monotonic() + _STOP_SECONDS
        while self.home.exists() and self.is_running():
            if time.monotonic() > deadline:
                raise Problem(f"The small plant does not stop; see {self.log}.")
            time.sleep(0.05)

    @contextmanager
    def playing(self) -> Iterator[Order]:
        """Hold the lock, in the process that plays, and note who holds it. Raises Timeout if another one does."""
        with self._lock.acquire(timeout=_LOOK_SECONDS):
            told = json.loads(self._order.read_text(encoding="utf-8"))
            write_privately(self._order, told | {"pid": os.getpid()})
            yield Order(self._order, Target(**told["target"]), told["port"])
