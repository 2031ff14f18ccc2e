"""The gateway as a process of its own, which can be killed at any moment."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from infra.places import PROJECT

PATIENCE_SECONDS = 60


@dataclass
class Gateway:
    """The gateway, with a folder for its settings, its store and its log."""

    folder: Path
    settings: str
    sqs_port: int = 0
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")

    def start(self) -> None:
        (self.folder / "gateway.toml").write_text(self.settings, encoding="utf-8")
        credentials = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "docs.examples.gateway", str(self.folder / "gateway.toml")],
                cwd=self.folder,
                env={
                    **os.environ,
                    **credentials,
                    "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.sqs_port}",
                    "PYTHONPATH": str(PROJECT),
                },
                stderr=log,
            )
        self._processes.append(process)

    def kill(self) -> None:
        """End the process at once, as a power cut does."""
        for process in self._processes:
            process.kill()
            process.wait()
        self._processes.clear()


@contextmanager
def running(folder: Path, settings: str, sqs_port: int = 0) -> Iterator[Gateway]:
    """The gateway as long as the context lasts."""
    gateway = Gateway(folder, settings, sqs_port)
    gateway.start()
    try:
        yield gateway
    finally:
        gateway.kill()


def until(is_so: Callable[[], object], gateway: Gateway) -> None:
    """Wait until something is so. If it never is, the gateway's log says why."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, gateway.log
        time.sleep(0.05)
