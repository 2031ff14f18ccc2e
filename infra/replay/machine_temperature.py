"""Reads five weeks of a machine's temperature as readings of one sensor."""

import csv
import json
import math
from pathlib import Path

from infra.replay.plan import (
    Machine,
    Question,
    Reading,
    ReadingsPlan,
    Sensor,
    Value,
    read_instant,
    read_lines,
)

FILES = ("machine_temperature.csv", "expected_hourly.json")
MACHINE = "machine-temperature"
SENSOR = "main"
STATISTICS = ("count", "min", "max", "mean")


def read(folder: Path) -> ReadingsPlan:
    """Read the temperatures and their checked hours. Twelve instants have two different values; both count."""
    rows = csv.reader(read_lines(folder / "machine_temperature.csv")[1:])
    readings = tuple(
        Reading("temperature", float(value), read_instant(at, "%Y-%m-%d %H:%M:%S"), SENSOR) for at, value in rows
    )
    checked = json.loads((folder / "expected_hourly.json").read_text(encoding="utf-8"))
    return ReadingsPlan(
        name="machine_temperature",
        machine=Machine(MACHINE, "Machine with a temperature sensor", "machine", "plant", (sensor_of(readings),)),
        readings=readings,
        expected=hourly_answers(SENSOR, checked["hours"]),
    )


def sensor_of(readings: tuple[Reading, ...]) -> Sensor:
    """The sensor of these readings, with a range that contains them all."""
    values = [reading.value for reading in readings]
    return Sensor(readings[0].sensor, readings[0].type, float(math.floor(min(values))), float(math.ceil(max(values))))


def hourly_answers(sensor: str, hours: dict[str, dict[str, float]]) -> dict[Question, Value]:
    """The checked statistics of a sensor's hours as answers to questions."""
    return {
        Question("hour", f"{sensor} {hour}", what): statistics[what]
        for hour, statistics in hours.items()
        for what in STATISTICS
    }
