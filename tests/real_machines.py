"""Readings of real machines from outside the project, as messages and as checked answers."""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.domain.machines.rollups import Rollup
from chalicelib.domain.machines.sensors import Sensor

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
READINGS_A_MESSAGE = 60

RIG = {
    "Accelerometer1RMS": "vibration",
    "Accelerometer2RMS": "vibration",
    "Current": "current",
    "Pressure": "pressure",
    "Temperature": "temperature",
    "Thermocouple": "temperature",
    "Voltage": "voltage",
    "Volume Flow RateRMS": "flow_rate",
}
RIG_SENSORS = (Sensor("Pressure", "pressure", min=-2.0),)

Answers = dict[tuple[str, datetime], dict[str, float]]
"""Statistics by sensor and hour."""


def temperatures() -> list[dict[str, Any]]:
    """Five weeks of a machine's temperature, as readings."""
    found = _rows(folder("machine_temperature") / "machine_temperature.csv", ",")
    return [{"type": "temperature", "value": float(row["value"]), "at": _instant(row["timestamp"])} for row in found]


def temperature_answers() -> Answers:
    """What its hours must come to."""
    return _answers("main", json.loads((folder("machine_temperature") / "expected_hourly.json").read_text())["hours"])


def rig() -> list[dict[str, Any]]:
    """A valve rig's eight sensors, as readings; two files share 120 rows."""
    return [
        {"sensor": _slug(channel), "type": kind, "value": float(row[channel]), "at": _instant(row["datetime"])}
        for path in sorted(folder("valve_rig").glob("*/*.csv"))
        for row in _rows(path, ";")
        for channel, kind in RIG.items()
    ]


def rig_answers() -> Answers:
    """What its hours must come to."""
    channels = json.loads((folder("valve_rig") / "expected_hourly.json").read_text())["channels"]
    by_channel = (_answers(_slug(channel), hours) for channel, hours in channels.items())
    return {place: answer for answers in by_channel for place, answer in answers.items()}


def bodies(machine_id: str, readings: Sequence[dict[str, Any]]) -> Iterator[str]:
    """The messages that carry readings, sixty in each."""
    for start in range(0, len(readings), READINGS_A_MESSAGE):
        yield json.dumps({"machine_id": machine_id, "readings": readings[start : start + READINGS_A_MESSAGE]})


def assert_equal(rollup: Rollup, answer: dict[str, float]) -> None:
    """Hold a rollup against its answer, to 1e-9."""
    assert rollup.numbers is not None
    assert rollup.count == answer["count"]
    for statistic in ("min", "max", "mean"):
        assert getattr(rollup.numbers, statistic) == pytest.approx(answer[statistic], abs=1e-9, rel=0)


def folder(name: str) -> Path:
    """The folder of real data, or the test is skipped."""
    if not (DATA / name).is_dir():
        pytest.skip(f"the real data of {name} is not beside the project")
    return DATA / name


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter=delimiter))


def _answers(sensor: str, hours: dict[str, dict[str, float]]) -> Answers:
    return {(sensor, datetime.fromisoformat(hour)): answer for hour, answer in hours.items()}


def _instant(naive: str) -> str:
    return naive.replace(" ", "T") + "Z"


def _slug(channel: str) -> str:
    return channel.replace(" ", "_")
