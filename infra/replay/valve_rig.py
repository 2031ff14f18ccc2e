"""Reads a pump and valve test bed: eight sensors, about one row a second, in files that partly overlap."""

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

from infra.replay.machine_temperature import hourly_answers, sensor_of
from infra.replay.plan import Machine, Question, Reading, ReadingsPlan, Value, read_instant, read_lines

FILES = ("valve1", "other", "expected_hourly.json")
MACHINE = "valve-rig"
TYPES = {
    "Accelerometer1RMS": "vibration",
    "Accelerometer2RMS": "vibration",
    "Current": "current",
    "Pressure": "pressure",
    "Temperature": "temperature",
    "Thermocouple": "temperature",
    "Voltage": "voltage",
    "Volume Flow RateRMS": "flow_rate",
}


def read(folder: Path) -> ReadingsPlan:
    """Read the rows of all files and the checked hours of every channel. Takip drops the rows that repeat."""
    readings = tuple(reading for path in sorted(folder.glob("*/*.csv")) for reading in _readings(path))
    sensors = tuple(
        sensor_of(tuple(reading for reading in readings if reading.sensor == sensor_id(channel))) for channel in TYPES
    )
    checked = json.loads((folder / "expected_hourly.json").read_text(encoding="utf-8"))
    expected: dict[Question, Value] = {}
    for channel, hours in checked["channels"].items():
        expected |= hourly_answers(sensor_id(channel), hours)
    return ReadingsPlan(
        "valve_rig", Machine(MACHINE, "Valve rig", "test bed", "laboratory", sensors), readings, expected
    )


def sensor_id(channel: str) -> str:
    """The id of a sensor, made from a channel's name, which may contain spaces."""
    return re.sub(r"[^A-Za-z0-9]+", "_", channel)


def _readings(path: Path) -> Iterator[Reading]:
    for row in csv.DictReader(read_lines(path), delimiter=";"):
        at = read_instant(row["datetime"], "%Y-%m-%d %H:%M:%S")
        for channel, kind in TYPES.items():
            yield Reading(kind, float(row[channel]), at, sensor_id(channel))
