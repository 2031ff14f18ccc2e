"""The CPU time of one request, at a named commit and today, without DynamoDB and without the network.

Each version answers in a process of its own (`answering`), on answers of DynamoDB that were recorded before.
"""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.bench.commits import files_of
from infra.places import PROJECT
from infra.problem import Problem

COMMIT = "5793393"
ROUNDS = 9
ORDERS = 50
SECONDS_A_ROUND = 0.2
ANSWERING = Path(__file__).with_name("answering.py")


@dataclass(frozen=True)
class Measured:
    """The CPU seconds of a request, and how much of the earlier ones are left: each the median of all rounds."""

    name: str
    before: float
    today: float
    ratio: float


class Version:
    """The process that answers the requests with one version of Takip."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def names(self) -> list[str]:
        """The names of its requests. Waits until they are recorded. Asked for once."""
        names: list[str] = self._told()
        return names

    def cpu_seconds(self, name: str, times: int) -> float:
        """Answer a request so often. Returns the CPU seconds of one answer."""
        assert self._process.stdin  # noqa: S101  it is a pipe
        self._process.stdin.write(json.dumps([name, times]) + "\n")
        self._process.stdin.flush()
        return float(self._told())

    def _told(self) -> Any:
        assert self._process.stdout  # noqa: S101  it is a pipe
        line = self._process.stdout.readline()
        if not line:
            raise Problem("A version of Takip could not be measured. What it says stands above.")
        return json.loads(line)


def measure(commit: str, rounds: int = ROUNDS, orders: int = ORDERS) -> Iterator[Measured]:
    """Measure each request that both versions have, in a plant with so many orders.

    The versions take turns, so that a busy machine slows both. Raises Problem.
    """
    with files_of(commit) as files, _version(files, orders) as before, _version(PROJECT, orders) as today:
        known = set(before.names())
        for name in (name for name in today.names() if name in known):
            times = max(1, round(SECONDS_A_ROUND / before.cpu_seconds(name, 1)))
            turns = [(before.cpu_seconds(name, times), today.cpu_seconds(name, times)) for _ in range(rounds)]
            was, now = (statistics.median(each) for each in zip(*turns, strict=True))
            yield Measured(name, was, now, statistics.median(after / earlier for earlier, after in turns))


@contextmanager
def _version(files: Path, orders: int) -> Iterator[Version]:
    """The version in a folder. With -P, Python finds nothing beside `answering`, but the version's own files."""
    environment = os.environ | {"PYTHONPATH": str(files)}
    command = [sys.executable, "-P", str(ANSWERING), str(orders)]
    with subprocess.Popen(
        command, cwd=files, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        try:
            yield Version(process)
        finally:
            process.kill()
