"""What readings cost, at a named commit and today: CPU time of the door, and DynamoDB units of a machine's hour.

Each version is measured in a process of its own (`machine_hours`).
"""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.bench.commits import files_of
from infra.places import PROJECT
from infra.programs import run

COMMIT = "5793393"
MEASURING = Path(__file__).with_name("machine_hours.py")
READINGS = 8 * 720
"""The readings of the machine's hour: eight sensors, a message every five seconds."""
HOURS = 730
"""The hours of a month."""
# On demand, in us-east-1: https://aws.amazon.com/dynamodb/pricing/on-demand/ and https://aws.amazon.com/lambda/pricing/
DOLLARS_A_WRITE, DOLLARS_A_READ = 0.625e-6, 0.125e-6
KINDS = {"chunks": "chunks", "markers": "markers", "rollups": "rollups", "latests": "latest values"}
"""The kinds of items that a machine's hour writes, and what they are called."""


@dataclass(frozen=True)
class Measured:
    """One version's figures: seconds of the batch window, units of the hour by kind, and CPU of batches by their name.

    `by_json`: the door without storage, as a multiple of `json.loads`. `readings_a_second`: readings for each CPU
    second of the door, with storage's client and without the network. `hour_seconds`: CPU seconds to make a full hour
    again.
    """

    window: int
    units: dict[str, float]
    by_json: dict[str, float]
    readings_a_second: dict[str, float]
    hour_seconds: float

    @property
    def writes(self) -> float:
        """All write units of the hour."""
        return sum(map(self.of, KINDS))

    def of(self, kind: str) -> float:
        """The write units of a kind; 0 in a version that does not have it."""
        return self.units.get(kind, 0)

    @property
    def writes_a_thousand(self) -> float:
        """All write units for 1,000 readings."""
        return 1_000 * self.writes / READINGS

    @property
    def dollars_a_month(self) -> float:
        """The DynamoDB units of a machine in a month."""
        return HOURS * (self.writes * DOLLARS_A_WRITE + self.units["reads"] * DOLLARS_A_READ)


def measure(commit: str) -> tuple[Measured, Measured]:
    """The figures of a commit and of today. Raises Problem."""
    with files_of(commit) as files:
        return measured(files), measured(PROJECT)


def measured(files: Path, minutes: int = 60, rounds: int = 21) -> Measured:
    """The figures of the version in a folder; its machine sends for so long, and CPU times are measured so often.

    With -P, Python finds nothing beside `machine_hours` but the version's own files. Raises Problem.
    """
    said = run(
        [sys.executable, "-P", str(MEASURING), str(minutes), str(rounds)],
        "A version of Takip could not be measured:",
        cwd=files,
        env={**os.environ, "PYTHONPATH": str(files)},
    )
    figures: dict[str, Any] = json.loads(said)
    return Measured(**figures)
